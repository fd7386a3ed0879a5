#include "conformance/report/junit.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <sstream>

#include "conformance/report/report_testing.h"

namespace cmb::conformance::report {
namespace {

std::string JUnit(const RunReport& report) {
  std::ostringstream out;
  WriteJUnit(report, out);
  return out.str();
}

TEST(JUnit, CountsAndExplainsEachVerdict) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(JUnit(AReport()).c_str()));
  const pugi::xml_node root = document.child("testsuites");
  EXPECT_EQ(root.attribute("tests").as_int(), 6);
  EXPECT_EQ(root.attribute("failures").as_int(), 2);
  EXPECT_EQ(root.attribute("errors").as_int(), 1);
  EXPECT_EQ(document.select_node("//testsuite[@name='target']/@skipped").attribute().as_int(), 1);
  const auto failed = document.select_node("//testcase[@name='router/no-receipt']/failure").node();
  EXPECT_EQ(failed.attribute("message").value(),
            std::string("CMB-RTR-009 (spec/05-router.md:44) MUST NOT: ") + kSentence);
  EXPECT_NE(std::string(failed.text().get()).find("want  nothing"), std::string::npos);
  EXPECT_TRUE(document.select_node("//testcase[@name='target/tracked']/skipped"));
  EXPECT_TRUE(document.select_node("//testcase[@name='target/crash']/error"));
  EXPECT_TRUE(document.select_node("//system-out[contains(., 'choice CHO-003=queues')]"));
  EXPECT_TRUE(document.select_node("//system-out[contains(., 'advice CMB-RTR-009: expect')]"));
}

TEST(JUnit, IsWellFormedWhateverTheIutSays) {
  RunReport report = AReport();
  const std::string wild = "\xff\x1b[2J\xef\xbf\xbe ]]> <a> \" \x01";
  report.pics.set_name(wild);
  report.cases[1].result.iut_stderr = wild;
  report.cases[1].causes[0].got = wild + std::string(100'000, 'x');
  report.cases[1].last_entries = {wild};
  report.cases[4].result.reason = wild;
  report.cases[5].result.reason = wild;
  const std::string text = JUnit(report);
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  for (const char* forbidden : {"\xff", "\x1b", "\xef\xbf\xbe", "\x01"}) {
    EXPECT_EQ(text.find(forbidden), std::string::npos);
  }
  EXPECT_LT(text.size(), 60'000U);
}

// Nothing observed is never green.
TEST(JUnit, HasAnErrorForWhatStoppedTheRun) {
  for (const bool interrupted : {true, false}) {
    RunReport report = AReport();
    report.cases = {ACase("sender/x", Verdict::kPass)};
    report.cases[0].was_run = false;
    report.interrupted = interrupted;
    report.stopped_because = interrupted ? "" : "the IUT exited before it said Hello";
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(JUnit(report).c_str()));
    EXPECT_EQ(document.child("testsuites").attribute("errors").as_int(), 1);
    const auto error = document.select_node("//testsuite[@name='run']/testcase/error").node();
    EXPECT_NE(std::string(error.attribute("message").value())
                  .find(interrupted ? "interrupted" : "before it said Hello"),
              std::string::npos);
  }
}

TEST(JUnit, IsTheSameWhateverTheTime) {
  RunReport slow = AReport();
  slow.wall_ms = 99999;
  slow.jobs = 7;
  slow.cases[0].wall_ms = 4;
  EXPECT_EQ(JUnit(slow), JUnit(AReport()));
}

}  // namespace
}  // namespace cmb::conformance::report
