#include "reference/lifecycle/words.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>

namespace cmb::lifecycle {
namespace {

// Numbers and words of one enum of the registry, read from its source.
std::map<int, std::string> Registry(const std::string& enum_name, const std::string& prefix,
                                    const std::string& file = "vocabulary") {
  std::ifstream in(std::string(CMB_SOURCE_DIR) + "/proto/cmb/ack/v1/" + file + ".proto");
  std::map<int, std::string> words;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("enum ")) {
      inside = line == "enum " + enum_name + " {";
    } else if (line.starts_with("}")) {
      inside = false;
    }
    std::istringstream fields(line);
    std::string word, equals;
    int number = 0;
    if (inside && fields >> word >> equals >> number && word.starts_with(prefix)) {
      words[number] = word.substr(prefix.size());
    }
  }
  return words;
}

// Every word of the registry is known under its number, and no other number is.
template <typename Enum>
void ExpectSame(const std::map<int, std::string>& registry) {
  ASSERT_FALSE(registry.empty());
  for (int number = 0; number <= 120; ++number) {
    const auto found = registry.find(number);
    const std::string want = found == registry.end() ? std::to_string(number) : found->second;
    EXPECT_EQ(Word(static_cast<Enum>(number)), want);
  }
}

TEST(WordsTest, AreThoseOfTheSchema) {
  ExpectSame<MsgType>(Registry("MsgType", "MSG_TYPE_"));
  ExpectSame<AckType>(Registry("AckType", "ACK_TYPE_"));
  ExpectSame<Status>(Registry("Status", "STATUS_"));
  ExpectSame<ErrorCode>(Registry("ErrorCode", "ERROR_CODE_"));
  ExpectSame<Profile>(Registry("Profile", "PROFILE_"));
  ExpectSame<Role>(Registry("Role", "ROLE_"));
  ExpectSame<State>(Registry("State", "STATE_"));
  ExpectSame<Reason>(Registry("Reason", "REASON_"));
  ExpectSame<Certainty>(Registry("Certainty", "CERTAINTY_"));
  ExpectSame<AnomalyKind>(Registry("AnomalyKind", "ANOMALY_KIND_"));
  ExpectSame<TimerKind>(Registry("TimerKind", "TIMER_KIND_"));
  ExpectSame<AlertState>(Registry("AlertState", "ALERT_STATE_", "record"));
}

TEST(WordsTest, OnlyTheSpecsPairsAreLegal) {
  std::set<std::string> legal;
  for (int type = 0; type <= 99; ++type) {
    for (int status = 0; status <= 99; ++status) {
      if (IsLegalPair(static_cast<AckType>(type), static_cast<Status>(status))) {
        legal.insert(Word(static_cast<AckType>(type)) + "/" + Word(static_cast<Status>(status)));
      }
    }
  }
  const std::set<std::string> want = {
      "ROUTER_ACK/SUCCESS",        "ROUTER_ACK/REJECTED",      "RECEIPT/SUCCESS",
      "RECEIPT/REJECTED",          "DELIVERY_ACK/SUCCESS",     "DELIVERY_ACK/FAILURE",
      "EXECUTION_ACK/SUCCESS",     "EXECUTION_ACK/FAILURE",    "EXECUTION_ACK/REJECTED",
      "EXECUTION_ACK/IN_PROGRESS", "PROGRESS_ACK/IN_PROGRESS", "TIMEOUT/FAILURE",
      "CANCEL/UNSPECIFIED"};
  EXPECT_EQ(legal, want);
}

// CMB-VER-014, CMB-VER-015, CMB-VER-016: also of a type that is not known.
TEST(Words, TheNumberOfAnAckSaysWhoSaysIt) {
  const auto row = [](int number) {
    const auto type = static_cast<AckType>(number);
    return std::string(IsOfSender(type)   ? "s"
                       : IsOfRouter(type) ? "r"
                                          : "t") +
           (IsOnlyPassedOn(type) ? "-" : "");
  };
  const std::pair<int, const char*> rows[] = {{1, "r"},    {2, "r"},    {3, "t"},    {4, "t"},
                                              {5, "s"},    {6, "s"},    {7, "t"},    {8, "t"},
                                              {99, "t"},   {100, "t-"}, {119, "t-"}, {120, "s-"},
                                              {139, "s-"}, {140, "r"},  {1000, "r"}};
  for (const auto& [number, word] : rows) {
    EXPECT_EQ(row(number), word) << number;
  }
}

}  // namespace
}  // namespace cmb::lifecycle
