// The counts, the kinds, and what is free, over a recording of the oracle's own tests.
#include "conformance/alter/alter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "conformance/alter/alter_text.h"
#include "conformance/alter/free_list.h"

namespace cmb::conformance::alter {
namespace {

namespace fs = std::filesystem;

const std::string kPlain = CMB_SOURCE_DIR "/conformance/oracle/testdata/sender-plain.jsonl";
const std::string kTarget = CMB_SOURCE_DIR "/conformance/oracle/testdata/target-plain.jsonl";
const std::atomic<bool> kGoOn{false};

class AlterTest : public testing::Test {
 protected:
  AlterTest() { fs::create_directories(home_); }
  ~AlterTest() override { fs::remove_all(home_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(home_ / name) << text;
    return home_ / name;
  }

  std::variant<std::vector<FreeKind>, Complaints> FreeList(const std::string& text) {
    scenario::Knowledge knowledge;
    knowledge.requirements["CMB-OBS-001"];
    knowledge.choices["CHO-001"];
    return ReadFreeList(Write("free.yaml", text), knowledge);
  }

  const fs::path home_ = fs::path(testing::TempDir()) / ("cmb-alter-" + std::to_string(getpid()));
};

Count& At(Tally& tally, const std::string& done, const std::string& field) {
  return tally[{"sender", "event transition IDLE -> SEND_PENDING", done, field}];
}

TEST_F(AlterTest, AMissingTransitionIsCaughtWhereItIsMissing) {
  Altered altered = AlterFiles({kPlain}, {}, kGoOn);
  EXPECT_EQ(altered.recordings, 1U);
  const Count& deleted = At(altered.tally, "deleted", "");
  EXPECT_EQ(deleted.all, 1U);
  EXPECT_EQ(deleted.caught, 1U);
}

TEST_F(AlterTest, WhatAThreadThrowsNamesTheFileThatItHadInHand) {
  AlterSettings settings;
  settings.progress = [](std::size_t, std::size_t, const Count&) {
    throw std::runtime_error("no room");
  };
  const Altered altered = AlterFiles({kPlain}, settings, kGoOn);
  EXPECT_EQ(altered.broken,
            std::vector<std::string>{kPlain + ": the suite itself failed: no room"});
}

TEST_F(AlterTest, WhatNobodyCanObjectToIsMissedAtItsLine) {
  Altered altered = AlterFiles({kPlain}, {}, kGoOn);
  const Count& note = At(altered.tally, "set", "transition.details.note");
  ASSERT_EQ(note.not_caught(), 1U);
  EXPECT_EQ(note.missed.file, kPlain);
  std::ifstream in(kPlain);
  std::string line;
  for (std::size_t i = 0; i < note.missed.line; ++i) {
    std::getline(in, line);
  }
  EXPECT_NE(line.find("STATE_SEND_PENDING"), std::string::npos) << line;
}

TEST_F(AlterTest, TheNumberOfThreadsChangesNothing) {
  AlterSettings one, three;
  one.jobs = 1;
  three.jobs = 3;
  EXPECT_EQ(ReportJson(AlterFiles({kPlain, kTarget}, one, kGoOn), {}),
            ReportJson(AlterFiles({kPlain, kTarget}, three, kGoOn), {}));
}

TEST_F(AlterTest, ASampleHasItsSizeAndTheSameSeedDrawsTheSame) {
  AlterSettings settings;
  settings.sample = 100;
  const Altered first = AlterFiles({kPlain, kTarget}, settings, kGoOn);
  EXPECT_EQ(Total(first.tally).all, 100U);
  EXPECT_EQ(ReportJson(first, {}), ReportJson(AlterFiles({kPlain, kTarget}, settings, kGoOn), {}));
  settings.seed = 2;
  EXPECT_NE(ReportJson(first, {}), ReportJson(AlterFiles({kPlain, kTarget}, settings, kGoOn), {}));
}

TEST_F(AlterTest, OfALongRecordingEveryNthIsTried) {
  AlterSettings whole, some;
  whole.longest = 0;
  some.longest = 10;
  const std::uint64_t all = Total(AlterFiles({kPlain}, whole, kGoOn).tally).all;
  const Altered altered = AlterFiles({kPlain}, some, kGoOn);
  EXPECT_LT(Total(altered.tally).all, all / 2);
  EXPECT_EQ(Total(altered.tally).all + altered.passed_over, all);
}

TEST_F(AlterTest, RecordingsWithABreachOrBrokenAreLeftOut) {
  std::ifstream in(kPlain);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("REASON_SEND"), 11, "REASON_CANCEL");
  const Altered altered = AlterFiles({Write("a", text), Write("b", "{"), kPlain}, {}, kGoOn);
  EXPECT_EQ(altered.recordings, 1U);
  EXPECT_EQ(altered.not_clean, 1U);
  EXPECT_EQ(altered.broken.size(), 1U);
}

TEST_F(AlterTest, WhatIsFreeIsSubtractedAndCounted) {
  auto list =
      std::get<0>(FreeList("- kind: '* | event * | *.note'\n  by: CHO-001\n  why: words\n"
                           "- kind: '* | nothing | *'\n  by: CMB-OBS-001\n  why: x\n"));
  Altered altered = AlterFiles({kPlain}, {}, kGoOn);
  const Count before = Total(altered.tally);
  Subtract(list, altered.tally);
  EXPECT_GT(list[0].subtracted, 0U);
  EXPECT_EQ(list[1].subtracted, 0U);
  EXPECT_EQ(Total(altered.tally).all, before.all - list[0].subtracted);
  EXPECT_EQ(Total(altered.tally).caught, before.caught);
  EXPECT_EQ(ReportText(altered, list).find(".note\n"), std::string::npos);
}

TEST_F(AlterTest, AFreeListThatSaysTooLittleOrCitesNothingIsRefused) {
  const auto complaint = [this](const std::string& text) {
    const auto list = FreeList(text);
    const auto* complaints = std::get_if<Complaints>(&list);
    return complaints == nullptr || complaints->size() != 1 ? "" : complaints->front();
  };
  EXPECT_NE(complaint("- kind: a\n  by: CHO-001\n").find("free.yaml:1: an entry has the keys"),
            std::string::npos);
  EXPECT_NE(
      complaint("- {kind: a, by: CHO-999, why: b}\n").find("no requirement or choice CHO-999"),
      std::string::npos);
  EXPECT_NE(complaint("kind: a\n").find("a list of entries is expected"), std::string::npos);
  EXPECT_NE(complaint("- [\n"), "");
}

TEST_F(AlterTest, TheReportSortsTheKindsByWhatWasMissed) {
  Altered altered;
  altered.tally[{"sender", "event alert RAISED", "set", "alert.text"}] = {9, 7, 7, {"f", "c", 3}};
  altered.tally[{"target", "frame PONG", "deleted", ""}] = {8, 1, 0, {"g", "d", 4}};
  altered.tally[{"target", "frame PONG", "doubled", ""}] = {4, 4, 4, {}};
  const std::string text = ReportText(altered, {});
  const std::size_t pong = text.find("7 of 8       target | frame PONG | deleted\n");
  const std::size_t alert =
      text.find("2 of 9       sender | event alert RAISED | set | alert.text");
  EXPECT_LT(pong, alert) << text;
  EXPECT_LT(alert, text.size()) << text;
  EXPECT_EQ(text.find("doubled"), std::string::npos);
  EXPECT_NE(text.find("all            21 alterations,  57.14 % caught,  52.38 % by then, 9 missed"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace cmb::conformance::alter
