// testdata/examples.yaml: one document for each part of the language. All load
// but that of wall time, which is refused by that name.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/test_knowledge.h"

namespace cmb::conformance::scenario {
namespace {

const std::string kFile =
    std::string(CMB_SOURCE_DIR) + "/conformance/scenario/testdata/examples.yaml";

class LoaderExamples : public testing::Test {
 protected:
  static const LoadResult& Result() {
    static const LoadResult result = [] {
      LoadRequest request;
      request.paths = {kFile};
      request.knowledge = KnowledgeOf(ReadWholeFile(kFile).value_or(""));
      return Load(request);
    }();
    return result;
  }

  static const Case& CaseNamed(const std::string& id) {
    for (const Case& one : Result().cases) {
      if (one.id == id) {
        return one;
      }
    }
    ADD_FAILURE() << "no case " << id;
    static const Case none;
    return none;
  }
};

TEST_F(LoaderExamples, HaveNoErrors) {
  for (const Diagnostic& error : Result().errors) {
    ADD_FAILURE() << ToString(error);
  }
  EXPECT_EQ(Result().documents.size(), 77U);
}

TEST_F(LoaderExamples, OutOfScopeAreRefusedByName) {
  std::map<std::string, int> refused;
  for (const Diagnostic& refusal : Result().refusals) {
    ++refused[refusal.sentence];
  }
  const std::map<std::string, int> want = {{"not yet supported: clock wall", 1}};
  EXPECT_EQ(refused, want);
}

// 77 documents, of which one asks for wall time.
TEST_F(LoaderExamples, InScopeLoad) {
  std::set<std::string> loaded;
  for (const Case& one : Result().cases) {
    loaded.insert(one.document_id);
  }
  EXPECT_EQ(loaded.size(), 76U);
}

TEST_F(LoaderExamples, MatrixNamesItsCasesInTheOrderWritten) {
  std::vector<std::string> ids;
  for (const Case& one : Result().cases) {
    if (one.document_id == "sender/earlier-stage-changes-nothing") {
      ids.push_back(one.id);
    }
  }
  ASSERT_EQ(ids.size(), 15U);  // 6 x 3, less three excluded.
  EXPECT_EQ(ids[0], "sender/earlier-stage-changes-nothing@state=ROUTED,late=ROUTER_ACK-SUCCESS");
  EXPECT_EQ(ids[1], "sender/earlier-stage-changes-nothing@state=DELIVERED,late=ROUTER_ACK-SUCCESS");
}

TEST_F(LoaderExamples, WhenTakesStepsAway) {
  EXPECT_EQ(
      CaseNamed("target/cancel-meets-completion-at-one-millisecond@first=cancel").steps.size(), 6U);
  EXPECT_EQ(CaseNamed("target/cancel-meets-completion-at-one-millisecond@first=work").steps.size(),
            7U);
}

TEST_F(LoaderExamples, OutcomeIsSentRunAndChecked) {
  const Case& one = CaseNamed("sender/two-hundred-interleaved");
  ASSERT_EQ(one.steps.size(), 202U);
  EXPECT_EQ(std::get<Send>(one.steps[0].action).aliases.size(), 200U);
  EXPECT_TRUE(std::get<Advance>(one.steps[1].action).until_quiet);
  EXPECT_EQ(std::get<CheckMessage>(one.steps[201].action).aliases,
            std::vector<std::string>{"m200"});
}

TEST_F(LoaderExamples, StreamsCountTheirMessages) {
  const Case& one = CaseNamed("router/fifo-per-stream");
  EXPECT_EQ(one.messages.at("m20").sequence, 20U);
  EXPECT_EQ(one.messages.at("n1").sequence, 1U);
}

TEST_F(LoaderExamples, WithSpreadsIntoTheStep) {
  EXPECT_EQ(CaseNamed("router/refusals@case=oversize").messages.at("m1").payload.size, 65'537U);
  EXPECT_EQ(CaseNamed("router/refusals@case=ttl_zero").messages.at("m1").policy.ttl.count(), 0);
}

TEST_F(LoaderExamples, EveryCasePrintsAsADocumentThatLoadsToIt) {
  LoadRequest request;
  request.paths = {kFile};
  request.knowledge = KnowledgeOf(ReadWholeFile(kFile).value_or(""));
  const auto texts = AllEffective(request);
  ASSERT_EQ(texts.size(), Result().cases.size());
  for (const Case& one : Result().cases) {
    const LoadResult again = LoadText(texts.at(one.id), "x.yaml", request.knowledge);
    ASSERT_EQ(again.cases.size(), 1U) << texts.at(one.id);
    EXPECT_TRUE(again.cases[0] == one) << texts.at(one.id);
  }
}

}  // namespace
}  // namespace cmb::conformance::scenario
