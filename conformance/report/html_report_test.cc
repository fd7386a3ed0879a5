#include "conformance/report/html_report.h"

#include <gtest/gtest.h>

#include <sstream>

namespace cmb::conformance::report {
namespace {

std::string Html(const RunReport& report, const std::map<std::string, std::string>& recordings) {
  std::ostringstream out;
  WriteHtml(report, recordings, out);
  return out.str();
}

std::size_t Times(const std::string& text, const std::string& word) {
  std::size_t times = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++times;
  }
  return times;
}

TEST(HtmlReport, HoldsTheReportAndItsRecordings) {
  RunReport report;
  report.pics.set_name("mine");
  report.cases.emplace_back().result.case_id = "target/plain-path";
  const std::string packed = Packed("{\"case_id\":\"target/plain-path\"}\n");
  const std::string html = Html(report, {{"target/plain-path", packed}});
  EXPECT_TRUE(html.starts_with("<!doctype html>"));
  EXPECT_NE(html.find("\"name\":\"mine\""), std::string::npos);
  EXPECT_NE(html.find(packed), std::string::npos);
  EXPECT_EQ(html.find("{{"), std::string::npos);
  EXPECT_EQ(html.find("http://www.w3.org/2000/svg") == std::string::npos, false);
}

TEST(HtmlReport, HostileWordsEndNoScript) {
  RunReport report;
  const auto before = Times(Html(report, {}), "<script");
  report.pics.set_name("</script><script>alert(1)</script><!--");
  report.cases.emplace_back().result.reason = "</SCRIPT ><script>";
  const std::string html = Html(report, {{"<script>", "AA=="}});
  EXPECT_EQ(Times(html, "<script"), before);
  EXPECT_EQ(html.find("alert(1)</script>"), std::string::npos);
}

}  // namespace
}  // namespace cmb::conformance::report
