#include "conformance/report/roll_up.h"

#include <gtest/gtest.h>

#include <sstream>

#include "conformance/report/markdown.h"
#include "conformance/report/report_testing.h"

namespace cmb::conformance::report {
namespace {

// A router up to TRACKED, with a case of CORE and one of TRACKED.
RunReport ARouter(Verdict core, Verdict tracked) {
  RunReport report;
  report.pics.set_name("mine");
  control::v1::RoleClaim& claim = *report.pics.add_roles();
  claim.set_role(ack::v1::ROLE_ROUTER);
  claim.set_profile(ack::v1::PROFILE_TRACKED);
  report.cases = {ACase("router/a", core), ACase("router/b", tracked)};
  report.cases[0].profile = "CORE";
  report.cases[1].profile = "TRACKED";
  return report;
}

std::vector<std::string> VerdictsOf(const RunReport& report) {
  std::vector<std::string> verdicts;
  for (const ProfileResult& one : ProfileResults(report)) {
    verdicts.push_back(one.role + " " + one.profile + " " + one.verdict);
  }
  return verdicts;
}

std::string BadgeText(const RunReport& report) {
  std::ostringstream out;
  WriteBadge(report, out);
  return out.str();
}

std::string MarkdownText(const RunReport& report) {
  std::ostringstream out;
  WriteMarkdown(report, out);
  return out.str();
}

TEST(RollUp, AProfilePassesWhereEveryCaseOfItAndBelowPassed) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(VerdictsOf(ARouter(Verdict::kPass, Verdict::kFail)),
            (Words{"router CORE pass", "router BASIC pass", "router TRACKED fail"}));
  EXPECT_EQ(VerdictsOf(ARouter(Verdict::kPass, Verdict::kInconclusive)),
            (Words{"router CORE pass", "router BASIC pass", "router TRACKED no verdict"}));
  EXPECT_EQ(VerdictsOf(ARouter(Verdict::kUnsupported, Verdict::kPass)),
            (Words{"router CORE no verdict", "router BASIC no verdict", "router TRACKED pass"}));
}

TEST(RollUp, WhoClaimsCoreIsJudgedByItAlone) {
  RunReport report = ARouter(Verdict::kPass, Verdict::kUnsupported);
  report.pics.mutable_roles(0)->set_profile(ack::v1::PROFILE_CORE);
  EXPECT_EQ(VerdictsOf(report), std::vector<std::string>{"router CORE pass"});
  report.cases[0].result.verdict = Verdict::kFail;
  EXPECT_EQ(VerdictsOf(report), std::vector<std::string>{"router CORE fail"});
}

TEST(RollUp, APartOrAKnownFailureIsNoPass) {
  RunReport report = ARouter(Verdict::kPass, Verdict::kPass);
  EXPECT_NE(BadgeText(report).find("\"router TRACKED\""), std::string::npos);
  EXPECT_NE(BadgeText(report).find("brightgreen"), std::string::npos);
  report.shard = "1/2";
  EXPECT_EQ(VerdictsOf(report)[2], "router TRACKED partial");
  EXPECT_NE(BadgeText(report).find("yellow"), std::string::npos);
  report.shard = "";
  report.cases[1].result.verdict = Verdict::kFail;
  report.cases[1].expected = "known";
  EXPECT_EQ(VerdictsOf(report)[2], "router TRACKED fail");
  EXPECT_NE(BadgeText(report).find("1 of 2 failed"), std::string::npos);
  EXPECT_NE(BadgeText(RunReport()).find("no verdict"), std::string::npos);
}

TEST(RollUp, ARequirementFailsWhereACaseBlamesIt) {
  RunReport report = AReport();
  const auto all = RequirementResults(report);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id + " " + all[0].verdict, "CMB-OBS-008 fail");
  EXPECT_EQ(all[1].id + " " + all[1].verdict, "CMB-RTR-009 fail");
  EXPECT_EQ(all[1].passed, 2U);
  EXPECT_EQ(all[1].blamed, 1U);
}

TEST(Markdown, ShowsProfilesCausesAndTheCommand) {
  RunReport report = AReport();
  report.pics = ARouter(Verdict::kPass, Verdict::kPass).pics;
  report.cases[1].profile = "BASIC";
  const std::string text = MarkdownText(report);
  for (const char* part : {"| router | BASIC | **fail** | 1 failed |", "CMB-RTR-009",
                           "`router/no-receipt`", "Again: `cmb-conformance run --run"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is missing in\n" << text;
  }
}

TEST(Markdown, KeepsTextFromOutsideInert) {
  RunReport report = AReport();
  report.pics.set_name("<img src=x> @team [a](http://b) | `c`\n# d");
  report.stopped_because = "<script>";
  const std::string text = MarkdownText(report);
  for (const char* part : {" <img", "@team", "[a](", "\n# d", " <script>"}) {
    EXPECT_EQ(text.find(part), std::string::npos) << part << " stands in\n" << text;
  }
}

}  // namespace
}  // namespace cmb::conformance::report
