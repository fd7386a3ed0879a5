// Every error of the scenario language, with its exact place and sentence. The
// documents and what is wanted of them are in testdata/errors_*.txt:
//
//   === name of the example
//   the document; a line @sender stands for the four keys every one needs
//   === want
//   NUMBER LINE:COLUMN sentence     (one line for each diagnostic, in order)
//
// CMB_REWRITE_TESTDATA=1 writes down what the loader says now: only for
// somebody who then reads the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/test_knowledge.h"

namespace cmb::conformance::scenario {
namespace {

struct Example {
  std::string name;
  std::string document;
  std::string want;
};

std::vector<Example> ReadExamples(const std::string& path) {
  std::vector<Example> examples;
  std::istringstream lines(ReadWholeFile(path).value_or(""));
  bool in_want = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "=== want") {
      in_want = true;
    } else if (line.starts_with("=== ")) {
      examples.push_back({line.substr(4), "", ""});
      in_want = false;
    } else if (!examples.empty()) {
      (in_want ? examples.back().want : examples.back().document) += line + "\n";
    }
  }
  return examples;
}

std::string WithHead(const std::string& document) {
  if (!document.starts_with('@')) {
    return document;
  }
  const std::size_t end = document.find('\n');
  return "id: t/x\ntitle: T\nrole: " + document.substr(1, end - 1) +
         "\nrequirements: [CMB-TST-001]\n" + document.substr(end + 1);
}

std::string Lines(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics) {
    out += std::to_string(d.number) + " " + std::to_string(d.where.line) + ":" +
           std::to_string(d.where.column) + " " + d.sentence + "\n";
  }
  return out;
}

std::string SaidOf(const Example& example) {
  const LoadResult result = LoadText(WithHead(example.document), "t/x.yaml", TestKnowledge());
  EXPECT_TRUE(result.cases.empty() || example.name.starts_with("the same id") ||
              example.name.starts_with("a case of one"))
      << example.name << " loads";
  return Lines(result.errors) + Lines(result.refusals);
}

void Rewrite(const std::string& path, const std::vector<Example>& examples) {
  std::ofstream out(path);
  for (const Example& example : examples) {
    out << "=== " << example.name << "\n" << example.document << "=== want\n" << SaidOf(example);
  }
}

class LoaderErrors : public testing::TestWithParam<std::string> {};

TEST_P(LoaderErrors, AreSaidWithPlaceAndSentence) {
  const std::string path =
      std::string(CMB_SOURCE_DIR) + "/conformance/scenario/testdata/" + GetParam();
  const auto examples = ReadExamples(path);
  ASSERT_FALSE(examples.empty()) << path;
  if (std::getenv("CMB_REWRITE_TESTDATA") != nullptr) {
    Rewrite(path, examples);
    return;
  }
  for (const Example& example : examples) {
    EXPECT_FALSE(example.want.empty()) << example.name;
    EXPECT_EQ(SaidOf(example), example.want) << example.name;
  }
}

// Every document of a file breaks the rule the file is named after.
TEST_P(LoaderErrors, HaveTheNumberOfTheirFile) {
  const std::string& name = GetParam();
  const std::size_t digit = name.find_first_of("0123456789");
  const std::string number =
      digit == std::string::npos ? "0" : name.substr(digit, name.find('_', digit) - digit);
  for (const Example& example :
       ReadExamples(std::string(CMB_SOURCE_DIR) + "/conformance/scenario/testdata/" + name)) {
    const bool has = example.want.starts_with(number + " ") ||
                     example.want.find("\n" + number + " ") != std::string::npos ||
                     name == "refusals.txt";
    EXPECT_TRUE(has) << name << ": " << example.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, LoaderErrors,
                         testing::Values("errors_1_yaml.txt", "errors_2_shape.txt",
                                         "errors_3_scalars.txt", "errors_4_words.txt",
                                         "errors_5_names.txt", "errors_6_modules.txt",
                                         "errors_7_requirements.txt", "errors_8_sense.txt",
                                         "errors_9_roles.txt", "errors_10_matrix.txt",
                                         "errors_11_ids.txt", "refusals.txt"));

}  // namespace
}  // namespace cmb::conformance::scenario
