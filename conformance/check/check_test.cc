// Recordings of the oracle's own tests, judged again; whole, with one field changed, and torn.
#include "conformance/check/check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/check/check_text.h"
#include "conformance/check/recordings.h"

namespace cmb::conformance::check {
namespace {

namespace fs = std::filesystem;

constexpr char kRecordings[] = CMB_SOURCE_DIR "/conformance/oracle/testdata";

class Check : public testing::Test {
 protected:
  Check() { fs::create_directories(home_); }
  ~Check() override { fs::remove_all(home_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(home_ / name) << text;
    return home_ / name;
  }

  static std::string Recording(const std::string& name) {
    std::ifstream in(fs::path(kRecordings) / name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  static std::string Altered(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  static Checked Only(const std::string& file) {
    auto all = CheckFiles({file}, 1, kGoOn);
    EXPECT_EQ(all.size(), 1U);
    return std::move(all.front());
  }

  // What is complained of, without the file's name.
  std::string Complaint(const std::string& text) {
    const std::string file = Write("x.jsonl", text);
    const std::string broken = Only(file).broken;
    EXPECT_TRUE(broken.starts_with(file)) << broken;
    return broken.substr(std::min(broken.size(), file.size()));
  }

  inline static const std::atomic<bool> kGoOn{false};
  const fs::path home_ = fs::path(testing::TempDir()) / ("cmb-check-" + std::to_string(getpid()));
};

TEST_F(Check, EveryRecordingOfADirectoryIsJudgedInTheOrderOfItsNames) {
  const Recordings found = FindRecordings({kRecordings});
  EXPECT_TRUE(found.complaints.empty());
  EXPECT_TRUE(std::is_sorted(found.files.begin(), found.files.end()));
  const auto all = CheckFiles(found.files, 3, kGoOn);
  ASSERT_EQ(all.size(), found.files.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].file, found.files[i]);
    EXPECT_EQ(all[i].broken, "");
    EXPECT_TRUE(all[i].findings.empty()) << all[i].file;
  }
  EXPECT_EQ(Summary(all, {}),
            std::to_string(all.size()) + " recordings: " + std::to_string(all.size()) + " clean\n");
}

TEST_F(Check, APathThatNamesNothingIsAComplaint) {
  const Recordings found = FindRecordings({home_, "/no/such", kRecordings});
  ASSERT_EQ(found.complaints.size(), 2U);
  EXPECT_NE(found.complaints[0].find("holds no file that ends in .jsonl"), std::string::npos);
  EXPECT_NE(found.complaints[1].find("/no/such: no such file"), std::string::npos);
}

TEST_F(Check, ABreachIsShownAtItsLineWithTheSentenceItBreaks) {
  const std::string file = Write(
      "plain.jsonl", Altered(Recording("sender-plain.jsonl"), "REASON_SEND", "REASON_CANCEL"));
  const Checked checked = Only(file);
  ASSERT_FALSE(checked.findings.empty());
  std::string line;
  std::ifstream in(file);
  for (std::size_t i = 0; i < LineOf(checked, checked.findings.front()); ++i) {
    std::getline(in, line);
  }
  EXPECT_NE(line.find("REASON_CANCEL"), std::string::npos) << line;
  const std::string text = BreachText(checked, {});
  for (const std::string& part :
       {checked.findings.front().requirement, checked.findings.front().rule, file + ":",
        std::string("IDLE -> SEND_PENDING (CANCEL)")}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

TEST_F(Check, TheSummaryCountsRecordingsByTheirFirstCause) {
  const std::string bad = Altered(Recording("sender-plain.jsonl"), "REASON_SEND", "REASON_CANCEL");
  const std::vector<std::string> files{Write("a", bad), Write("b", bad), Write("c", "{"),
                                       Write("d", Recording("sender-plain.jsonl"))};
  const auto all = CheckFiles(files, 2, kGoOn);
  const std::string text = Summary(all, {});
  EXPECT_NE(
      text.find(all[0].findings.front().requirement + "\n  2 cases, first in " + files[0] + ":"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("4 recordings: 1 clean, 2 with a breach, 1 that cannot be read\n"),
            std::string::npos)
      << text;
}

TEST_F(Check, ALogWithoutTimesIsToldWithoutThem) {
  const std::string before = R"({"number":"1","transition":{"message_id":"m","source":"s",)"
                             R"("old_state":"STATE_IDLE","new_state":"STATE_ROUTED",)"
                             R"("reason":"REASON_SEND","role":"ROLE_SENDER")";
  const Checked timeless = Only(Write("timeless", before + "}}\n"));
  EXPECT_EQ((Summary({timeless}, {}) + BreachText(timeless, {})).find("0 ms"), std::string::npos);
  const Checked timed = Only(Write("timed", before + R"(,"monotonic_ms":"70"}})"
                                                     "\n"));
  EXPECT_NE(Summary({timed}, {}).find("timed:1, at 70 ms: rule"), std::string::npos);
  EXPECT_NE(BreachText(timed, {}).find("70 ms  event"), std::string::npos);
}

TEST_F(Check, WhatCannotBeReadSaysWhereWhyAndWhatToDo) {
  EXPECT_EQ(Complaint(""),
            ":1: no header line; this is no recording: `run --transcript DIR` writes transcripts, "
            "and `cmb-router --events FILE` an event log");
  EXPECT_NE(Complaint("{}\n").find(":1: key 'format' not found; this is no"), std::string::npos);
  const std::string whole = Recording("sender-plain.jsonl");
  const std::string torn = whole.substr(0, whole.find('\n') + 20);
  EXPECT_EQ(Complaint(torn),
            ":2: not JSON from column 20 on; the file is broken here: record it again, or cut this "
            "line and what follows");
  EXPECT_EQ(Complaint(whole.substr(0, whole.find('\n') + 1)),
            ": has a header alone, so nothing was observed; record the case again");
  EXPECT_NE(Only(home_ / "absent").broken.find("absent: No such file or directory; name"),
            std::string::npos);
  EXPECT_NE(Only(home_).broken, "");  // A directory.
}

TEST_F(Check, JsonThatIsNestedWithoutEndIsRefused) {
  const std::string whole = Recording("sender-plain.jsonl");
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  EXPECT_NE(Complaint(whole.substr(0, whole.find('\n') + 1) + deep).find("nested deeper than 100"),
            std::string::npos);
}

TEST_F(Check, NothingMoreBeginsAfterAStop) {
  const std::atomic<bool> stop{true};
  EXPECT_TRUE(CheckFiles(FindRecordings({kRecordings}).files, 2, stop).empty());
}

}  // namespace
}  // namespace cmb::conformance::check
