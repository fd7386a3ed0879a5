#include "conformance/report/comparison.h"

#include <gtest/gtest.h>

#include "conformance/report/merged.h"
#include "conformance/report/report_testing.h"

namespace cmb::conformance::report {
namespace {

RunReport With(std::vector<CaseRecord> cases) {
  RunReport report;
  report.pics.set_name("mine");
  report.cases = std::move(cases);
  return report;
}

CaseRecord Blaming(const std::string& id, const std::string& requirement) {
  CaseRecord record = ACase(id, Verdict::kFail);
  record.causes.resize(1);
  record.causes[0].requirement = requirement;
  return record;
}

std::string TextOf(std::vector<CaseRecord> before, std::vector<CaseRecord> after) {
  return ComparisonText(Compare(With(std::move(before)), With(std::move(after))));
}

TEST(Comparison, TellsWorseFromBetter) {
  const CaseRecord pass = ACase("r/x", Verdict::kPass), fail = Blaming("r/x", "CMB-RTR-001");
  EXPECT_EQ(TextOf({pass}, {fail}),
            "worse:\n  r/x: pass -> fail (CMB-RTR-001)\n"
            "1 worse, 0 better, 0 otherwise, 0 new, 0 the same\n");
  EXPECT_EQ(TextOf({fail}, {pass}),
            "better:\n  r/x: fail (CMB-RTR-001) -> pass\n"
            "0 worse, 1 better, 0 otherwise, 0 new, 0 the same\n");
  EXPECT_EQ(TextOf({fail}, {fail}), "0 worse, 0 better, 0 otherwise, 0 new, 1 the same\n");
}

TEST(Comparison, ACaseThatIsGoneOrNewAndFailsIsWorse) {
  const CaseRecord pass = ACase("r/x", Verdict::kPass), fail = Blaming("r/x", "CMB-RTR-001");
  EXPECT_EQ(Compare(With({pass}), With({})).worse.size(), 1U);
  EXPECT_EQ(Compare(With({}), With({fail})).worse.size(), 1U);
  EXPECT_EQ(Compare(With({}), With({pass})).fresh.size(), 1U);
  CaseRecord left = pass;
  left.was_run = false;
  EXPECT_EQ(Compare(With({pass}), With({left})).worse.size(), 1U);
  EXPECT_EQ(Compare(With({pass}), With({ACase("r/x", Verdict::kUnsupported)})).worse.size(), 1U);
}

TEST(Comparison, AnotherCauseIsADifference) {
  const Comparison comparison =
      Compare(With({Blaming("r/x", "CMB-RTR-001")}), With({Blaming("r/x", "CMB-RTR-002")}));
  EXPECT_EQ(comparison.other.size(), 1U);
}

TEST(Merged, IsOneRunOfAllCases) {
  RunReport one = With({ACase("r/x", Verdict::kPass)}), two = With({Blaming("r/y", "CMB-RTR-001")});
  one.shard = "1/2";
  two.shard = "2/2";
  two.stopped_because = "--fail-fast";
  const auto merged = Merged({two, one}, {"two", "one"});
  ASSERT_EQ(merged.index(), 0U) << std::get<1>(merged);
  EXPECT_EQ(std::get<0>(merged).cases.size(), 2U);
  EXPECT_EQ(std::get<0>(merged).shard, "");
  EXPECT_EQ(std::get<0>(merged).stopped_because, "--fail-fast");
}

TEST(Merged, StaysAPartWhereAShardIsMissing) {
  RunReport one = With({ACase("r/x", Verdict::kPass)}), three = With({});
  one.shard = "1/3";
  three.shard = "3/3";
  EXPECT_EQ(std::get<0>(Merged({one, three}, {"one", "three"})).shard, "1/3; 3/3");
  RunReport chosen = With({});
  chosen.selection = "--run a";
  EXPECT_EQ(std::get<0>(Merged({With({}), chosen}, {"all", "chosen"})).selection, "--run a");
}

TEST(Merged, RefusesWhatIsNotOfOneRun) {
  const RunReport one = With({ACase("r/x", Verdict::kPass)});
  EXPECT_EQ(std::get<1>(Merged({one, one}, {"a.json", "b.json"})),
            "a.json and b.json: both have the case r/x");
  RunReport other = With({});
  other.pics.set_version("2");
  EXPECT_EQ(std::get<1>(Merged({one, other}, {"a.json", "b.json"})),
            "a.json and b.json: not of one run, the implementation or its claims differs");
  other = With({});
  other.seed = 9;
  EXPECT_NE(std::get<1>(Merged({one, other}, {"a", "b"})).find("the seed differs"),
            std::string::npos);
}

}  // namespace
}  // namespace cmb::conformance::report
