// What holds of every document, however it is damaged; and of every scenario of
// the project.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/test_knowledge.h"

namespace cmb::conformance::scenario {
namespace {

const std::string kTop = std::string(CMB_SOURCE_DIR);

const std::vector<std::string>& Documents() {
  static const std::vector<std::string> documents = [] {
    const std::string text =
        ReadWholeFile(kTop + "/conformance/scenario/testdata/examples.yaml").value_or("");
    const std::string separator = "\n---\n";
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(separator, at), text.size());
      all.push_back(text.substr(at, end - at));
      at = end + separator.size();
    }
    return all;
  }();
  return documents;
}

const Knowledge& AnyKnowledge() {
  static const Knowledge knowledge = [] {
    std::string text;
    for (const std::string& document : Documents()) {
      text += document;
    }
    return KnowledgeOf(text);
  }();
  return knowledge;
}

std::string Damaged() {
  const std::vector<std::string> pieces = {"[",
                                           "]",
                                           "{",
                                           "}",
                                           ":",
                                           ",",
                                           "- ",
                                           "~",
                                           "$x",
                                           "$m1.message_id",
                                           "\"",
                                           "\n",
                                           "<<",
                                           "&a ",
                                           "*a",
                                           "!t ",
                                           "nothing",
                                           "m1..m9999",
                                           "99999999999999999999",
                                           "5s",
                                           "A -> B",
                                           "m1"};
  std::string text = *rc::gen::elementOf(Documents());
  const int damages = *rc::gen::inRange(1, 4);
  for (int i = 0; i < damages && !text.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto length = *rc::gen::inRange<std::size_t>(0, 12);
    text.replace(at, std::min(length, text.size() - at), *rc::gen::elementOf(pieces));
  }
  return text;
}

// A case next to an error of its own document would run although it is wrong.
RC_GTEST_PROP(LoaderProperties, DamagedDocumentsAreRefusedOrLoadWhole, ()) {
  const LoadResult result = LoadText(Damaged(), "x.yaml", AnyKnowledge());
  RC_ASSERT(result.cases.empty() || result.errors.empty() || result.documents.size() > 1);
  for (const Diagnostic& error : result.errors) {
    RC_ASSERT(error.number >= 1 && error.number <= 11);
    RC_ASSERT(error.where.line >= 1 && error.where.column >= 1 && !error.sentence.empty());
  }
}

TEST(ProjectScenarios, LoadAndPrintAsDocumentsThatLoadToTheSameCase) {
  LoadRequest request;
  request.paths = {kTop + "/scenarios"};
  std::vector<Diagnostic> unread;
  request.knowledge =
      ReadKnowledge(kTop + "/spec/requirements.json", kTop + "/spec/choices.yaml", &unread);
  EXPECT_TRUE(unread.empty());
  const LoadResult result = Load(request);
  for (const Diagnostic& error : result.errors) {
    ADD_FAILURE() << ToString(error);
  }
  EXPECT_FALSE(result.cases.empty());
  const auto texts = AllEffective(request);
  for (const Case& one : result.cases) {
    const LoadResult again = LoadText(texts.at(one.id), "x.yaml", request.knowledge);
    ASSERT_EQ(again.cases.size(), 1U) << texts.at(one.id);
    if (texts.at(one.id).find("factor: nan") ==
        std::string::npos) {  // Which is not equal to itself.
      EXPECT_TRUE(again.cases[0] == one) << texts.at(one.id);
    }
  }
}

}  // namespace
}  // namespace cmb::conformance::scenario
