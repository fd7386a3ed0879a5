// Each rule of the oracle accepts every recorded transcript, and rejects one of them once it has
// been altered a little, in a way that no other rule objects to.
#include "conformance/oracle/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "conformance/oracle/alterations.h"
#include "conformance/oracle/altering.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::oracle {
namespace {

constexpr char kRecordings[] = CMB_SOURCE_DIR "/conformance/oracle/testdata";

Transcript Recorded(const std::string& name) {
  std::ifstream in(std::string(kRecordings) + "/" + name + ".jsonl");
  auto read = ReadTranscript(in);
  if (auto* error = std::get_if<TranscriptError>(&read)) {
    ADD_FAILURE() << name << ", line " << error->line << ": " << error->sentence;
    return {};
  }
  return std::get<Transcript>(std::move(read));
}

std::string Text(const std::vector<Finding>& findings) {
  std::ostringstream out;
  for (const Finding& finding : findings) {
    out << finding.rule << " (" << finding.requirement << "), entry " << finding.entry << ": "
        << finding.sentence << '\n';
  }
  return out.str();
}

// What the hand-written rules say: the tables see most alterations too.
std::vector<Finding> ByRules(std::vector<Finding> findings) {
  std::erase_if(findings, [](const Finding& finding) { return finding.rule == "tables"; });
  return findings;
}

std::set<std::string> RulesIn(const std::vector<Finding>& findings) {
  std::set<std::string> rules;
  for (const Finding& finding : findings) {
    rules.insert(finding.rule);
  }
  return rules;
}

TEST(Oracle, AcceptsEveryRecording) {
  int recordings = 0;
  for (const auto& file : std::filesystem::directory_iterator(kRecordings)) {
    if (file.path().extension() == ".jsonl") {
      ++recordings;
      EXPECT_EQ(Text(Judge(Recorded(file.path().stem()))), "") << file.path();
    }
  }
  EXPECT_GE(recordings, 10);
}

TEST(Oracle, EveryRuleHasAnAlterationThatShowsItBite) {
  std::set<std::string> shown;
  for (const Alteration& alteration : Alterations()) {
    shown.insert(alteration.rule);
  }
  EXPECT_EQ(shown.erase("tables"), 1U);
  for (const Rule& rule : AllRules()) {
    EXPECT_EQ(shown.count(std::string(rule.name)), 1U) << rule.name;
  }
  EXPECT_EQ(shown.size(), AllRules().size());
}

// `explain` finds the rule by the requirements that it lists.
bool Names(const std::string& rule, const std::string& requirement) {
  return std::any_of(AllRules().begin(), AllRules().end(), [&](const Rule& candidate) {
    const auto& ids = candidate.requirements;
    return candidate.name == rule && std::find(ids.begin(), ids.end(), requirement) != ids.end();
  });
}

class Altered : public testing::TestWithParam<Alteration> {};

TEST_P(Altered, IsRejectedByItsRuleAndByNoOther) {
  Transcript transcript = Recorded(GetParam().recording);
  GetParam().alter(transcript);
  if (GetParam().rule == "tables") {
    const std::vector<Finding> all = Judge(transcript);
    const auto by_tables = std::find_if(
        all.begin(), all.end(), [](const Finding& finding) { return finding.rule == "tables"; });
    ASSERT_NE(by_tables, all.end()) << Text(all);
    EXPECT_EQ(by_tables->requirement, GetParam().requirement) << Text(all);
    return;
  }
  const std::vector<Finding> findings = ByRules(Judge(transcript));
  EXPECT_EQ(RulesIn(findings), std::set<std::string>{GetParam().rule}) << Text(findings);
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.requirement, GetParam().requirement) << Text(findings);
    EXPECT_TRUE(Names(finding.rule, finding.requirement)) << Text(findings);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Altered, testing::ValuesIn(Alterations()),
                         [](const testing::TestParamInfo<Alteration>& info) {
                           return info.param.TestName();
                         });

TEST(Oracle, NamesAreUniqueAndEveryRuleNamesWhatItChecks) {
  std::set<std::string_view> names;
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_FALSE(rule.requirements.empty()) << rule.name;
    EXPECT_FALSE(rule.roles.empty()) << rule.name;
    EXPECT_FALSE(rule.holds.empty()) << rule.name;
  }
}

TEST(Oracle, BlamesOnlyRequirementsThatTheSpecHas) {
  std::ifstream in(CMB_SOURCE_DIR "/spec/requirements.json");
  const nlohmann::json listed = nlohmann::json::parse(in);
  std::set<std::string> known;
  for (const auto& requirement : listed) {
    known.insert(requirement.at("id").get<std::string>());
  }
  for (const Rule& rule : AllRules()) {
    for (const std::string_view id : rule.requirements) {
      EXPECT_EQ(known.count(std::string(id)), 1U) << rule.name << " names " << id;
    }
  }
}

TEST(Oracle, AFindingNamesTheStepAndItsLine) {
  Transcript transcript = Recorded("sender-plain");
  Drop(transcript, AckFrame(Direction::kToIut, ack::v1::ACK_TYPE_ROUTER_ACK));
  const std::vector<Finding> findings = Judge(transcript);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].step, 3);  // The act `ack: ROUTER_ACK/SUCCESS` and its line.
  EXPECT_EQ(findings[0].line, 9);
}

TEST(Oracle, SaysOfOneRuleNotMoreThanItsShare) {
  Transcript transcript = Recorded("sender-plain");
  ack::v1::Event event;
  event.mutable_alert()->set_message_id("m");
  event.mutable_alert()->set_state(ack::v1::ALERT_STATE_RAISED);
  for (int i = 0; i < 50; ++i) {
    AddTo(transcript, Entry{0, 0, 0, IutEvent{event}}, LastExchange(transcript) + 1);
  }
  Tidy(transcript);
  EXPECT_EQ(ByRules(Judge(transcript)).size(), kFindingsOfOneRule);
}

}  // namespace
}  // namespace cmb::conformance::oracle
