#include "conformance/report/json_reading.h"

#include <gtest/gtest.h>

#include <fstream>

#include "conformance/report/json_report.h"
#include "conformance/report/report_testing.h"

namespace cmb::conformance::report {
namespace {

std::string FileWith(const std::string& text) {
  const std::string path = testing::TempDir() + "json_reading_test.json";
  std::ofstream(path) << text;
  return path;
}

TEST(JsonReading, GivesBackWhatWasWritten) {
  RunReport report = AReport();
  report.selection = "--run x";
  report.cases[2].was_run = false;
  const std::string text = JsonText(report, 2);
  auto read = ReadJson(FileWith(text));
  ASSERT_EQ(read.index(), 0U) << std::get<1>(read);
  std::get<0>(read).requirements = report.requirements;
  EXPECT_EQ(JsonText(std::get<0>(read), 2), text);
}

TEST(JsonReading, NamesTheFileAndWhatIsWrong) {
  const std::string good = JsonText(AReport(), 2);
  const auto with = [&good](const std::string& old, const std::string& fresh) {
    std::string text = good;
    text.replace(text.find(old), old.size(), fresh);
    return text;
  };
  for (const auto& [text, word] : std::vector<std::pair<std::string, std::string>>{
           {"", "json_reading_test.json: is no report that `run --json` wrote: parse error"},
           {"[1]", "it is JSON, but no object"},
           {R"({"format": "cmb-report-9"})", "its format is cmb-report-9, not cmb-report-1"},
           {R"({"format": "other"})", "its format is not cmb-report-1"},
           {with("\"pass\"", "\"passt\""), "pass"},
           {with("\"verdict\": \"fail\",\n      \"reason\"",
                 "\"verdict\": \"maybe\",\n      \"reason\""),
            "'maybe' is no verdict"},
           {with("\"scenario\": \"router/plain\"", "\"scenario\": 7"), "type must be string"},
           {with("\"oracle\"", "\"seer\""), "'seer' is no kind of cause"}}) {
    const auto read = ReadJson(FileWith(text));
    if (word == "pass") {  // Counts are worked out anew.
      EXPECT_EQ(read.index(), 0U);
      continue;
    }
    ASSERT_EQ(read.index(), 1U) << word;
    EXPECT_NE(std::get<1>(read).find(word), std::string::npos) << std::get<1>(read);
  }
  EXPECT_NE(std::get<1>(ReadJson("/no/such.json")).find("No such file"), std::string::npos);
  EXPECT_NE(std::get<1>(ReadJson(testing::TempDir())).find("Is a directory; name a file"),
            std::string::npos);
}

}  // namespace
}  // namespace cmb::conformance::report
