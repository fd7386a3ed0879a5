// Loading from files: defaults, places of ids, lint, knowledge; and what single
// documents come to.
#include "conformance/scenario/loader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cmb/ack/v1/vocabulary.pb.h"
#include "conformance/scenario/authoring_tables.h"
#include "conformance/scenario/references.h"
#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/test_knowledge.h"

namespace cmb::conformance::scenario {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHead = "title: T\nrole: sender\nrequirements: [CMB-TST-001]\n";

// A folder called scenarios that is gone after the test.
class LoaderFiles : public testing::Test {
 protected:
  void SetUp() override {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    top_ = fs::temp_directory_path() / ("cmb_loader_test_" + name);
    fs::remove_all(top_);
    fs::create_directories(top_ / "scenarios" / "sender");
  }
  void TearDown() override { fs::remove_all(top_); }

  std::string Write(const std::string& name, const std::string& text) {
    const fs::path path = top_ / "scenarios" / name;
    std::ofstream(path) << text;
    return path.string();
  }

  LoadResult LoadFrom(const std::string& path) {
    LoadRequest request;
    request.paths = {path};
    request.knowledge = TestKnowledge();
    return Load(request);
  }

  fs::path top_;
};

TEST_F(LoaderFiles, InnerDefaultsWinAndMappingsMerge) {
  Write("defaults.yaml", "policy: {ttl: 50s, backoff: {first: 5s}}\nprofile: TRACKED\n");
  Write("sender/defaults.yaml", "policy: {ttl: 60s}\n");
  const std::string file = Write("sender/a.yaml", "id: sender/a\n" + std::string(kHead) +
                                                      "policy: {backoff: {max: 9s}}\n"
                                                      "outcome: {m1: COMPLETED_SUCCESS}\n");
  const LoadResult result = LoadFrom(file);
  ASSERT_EQ(result.cases.size(), 1U);
  const Policy& policy = result.cases[0].messages.at("m1").policy;
  EXPECT_EQ(policy.ttl, Milliseconds(60'000));
  EXPECT_EQ(policy.backoff_first, Milliseconds(5'000));
  EXPECT_EQ(policy.backoff_max, Milliseconds(9'000));
  EXPECT_EQ(policy.execution, Milliseconds(60'000));
  EXPECT_EQ(result.cases[0].profile, words::PROFILE_TRACKED);
}

TEST_F(LoaderFiles, WrongDefaultsAreReportedWhereTheyStand) {
  const std::string defaults = Write("defaults.yaml", "id: x\npolcy: {}\n");
  Write("sender/a.yaml", "id: sender/a\n" + std::string(kHead) + "outcome: {m1: ROUTED}\n");
  const LoadResult result = LoadFrom((top_ / "scenarios").string());
  ASSERT_EQ(result.errors.size(), 2U);
  EXPECT_EQ(ToString(result.errors[1]),
            defaults + ":2:1: unknown key 'polcy', did you mean policy?");
}

TEST_F(LoaderFiles, AFileMeansTheSameHoweverItIsNamed) {
  Write("defaults.yaml", "policy: {ttl: 50s}\n");
  const std::string file =
      Write("sender/a.yaml", "id: sender/a\n" + std::string(kHead) + "outcome: {m1: ROUTED}\n");
  const LoadResult alone = LoadFrom(file);
  const LoadResult all = LoadFrom((top_ / "scenarios").string());
  EXPECT_TRUE(alone.findings.empty());
  ASSERT_EQ(alone.cases.size(), 1U);
  EXPECT_TRUE(alone.cases == all.cases);
}

TEST_F(LoaderFiles, LintNamesIdsTitlesAndAdvances) {
  Write("sender/a.yaml", "id: sender/b\n" + std::string(kHead) + "outcome: {m1: ROUTED}\n");
  Write("sender/c.yaml", "id: sender/c\n" + std::string(kHead) +
                             "steps:\n  - send: m1\n  - expect: MESSAGE\n  - advance: 2s\n"
                             "  - expect: MESSAGE\n  - ack: ROUTER_ACK/SUCCESS\n"
                             "  - {never: MESSAGE, for: 1s}\n");
  const LoadResult result = LoadFrom((top_ / "scenarios").string());
  ASSERT_EQ(result.findings.size(), 4U);
  EXPECT_EQ(result.findings[0].sentence, "the id sender/b is not the file's path, sender/a");
  EXPECT_NE(result.findings[1].sentence.find("the title is also that of sender/b"),
            std::string::npos);
  EXPECT_EQ(result.findings[2].sentence,
            "advance directly before an expect: write in: 2s there to claim the time");
  EXPECT_EQ(
      result.findings[3].sentence,
      "a never directly after ack does not see what that brought about: expect that before it");
  EXPECT_TRUE(result.errors.empty());
}

TEST_F(LoaderFiles, ABrokenFileSpoilsNoOther) {
  Write("sender/a.yaml", "id: [a\n");
  Write("sender/b.yaml", "id: sender/b\n" + std::string(kHead) + "outcome: {m1: ROUTED}\n");
  const LoadResult result = LoadFrom((top_ / "scenarios").string());
  EXPECT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(result.cases.size(), 1U);
}

TEST_F(LoaderFiles, WhatIsNotThereIsSaid) {
  const LoadResult result = LoadFrom((top_ / "nowhere").string());
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(result.errors[0].sentence, "no such file or directory");
  Write("sender/empty.yaml", "# nothing\n");
  EXPECT_EQ(LoadFrom((top_ / "scenarios").string()).errors.size(), 1U);
}

TEST_F(LoaderFiles, KnowledgeComesFromTheSpec) {
  const std::string json = Write("r.json", R"([{"id": "CMB-A-991", "level": "MUST NOT"},
      {"id": "CMB-A-992", "level": "SHOULD"}, {"id": "CMB-A-993", "level": "MAY"}])");
  Write("machines.json", R"([{"machine": "sender", "state": "IDLE", "kind": "go",
      "new_state": "SEND_PENDING", "reason": "SEND"}, {"machine": "router", "state": "FORWARDING",
      "kind": "go", "new_state": "DELIVERED", "reason": "type"}, {"machine": "sender",
      "state": "ROUTED", "kind": "impossible", "new_state": "ROUTED", "reason": ""}])");
  const std::string yaml = Write("c.yaml", "- id: CHO-001\n  branches: [a, b]\n");
  std::vector<Diagnostic> errors;
  const Knowledge knowledge = ReadKnowledge(json, yaml, &errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(knowledge.requirements.at("CMB-A-991"), Level::kMust);
  EXPECT_EQ(knowledge.requirements.at("CMB-A-992"), Level::kShould);
  EXPECT_EQ(knowledge.requirements.at("CMB-A-993"), Level::kMay);
  EXPECT_EQ(knowledge.choices.at("CHO-001"), (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(knowledge.moves.size(), 4U);  // "type" is three.
  EXPECT_EQ(knowledge.moves[0], (Move{words::ROLE_SENDER, words::STATE_IDLE,
                                      words::STATE_SEND_PENDING, words::REASON_SEND}));
  ReadKnowledge(json + "x", yaml, &errors);
  EXPECT_EQ(errors.size(), 1U);
}

// ---------------------------------------------------------------- single documents

Case CaseOf(const std::string& role, const std::string& rest) {
  const LoadResult result =
      LoadText("id: t/x\ntitle: T\nrole: " + role + "\nrequirements: [CMB-TST-001]\n" + rest,
               "t/x.yaml", TestKnowledge());
  for (const Diagnostic& error : result.errors) {
    ADD_FAILURE() << ToString(error);
  }
  return result.cases.empty() ? Case{} : result.cases[0];
}

TEST(Loader, AGivenStateBringsItsWork) {
  const Case one =
      CaseOf("target", "given: {m1: EXECUTING, m2: FAILED}\nsteps: [expect: nothing]\n");
  EXPECT_EQ(one.messages.at("m1").work.ends, Work::End::kNever);
  EXPECT_EQ(one.messages.at("m1").work.starts, Milliseconds(0));
  EXPECT_EQ(one.messages.at("m2").work.ends, Work::End::kFailure);
}

TEST(Loader, AGivenUnsentMessageIsSentWithItsFields) {
  const Case one = CaseOf("router",
                          "given: {m1: {state: UNSENT, ttl: 7s, key: job}}\n"
                          "steps:\n  - {send: m1, key: other}\n  - expect: MESSAGE\n");
  EXPECT_EQ(one.messages.at("m1").policy.ttl, Milliseconds(7'000));
  EXPECT_EQ(one.messages.at("m1").key, "other");
  EXPECT_FALSE(one.given[0].state.has_value());
}

TEST(Loader, AnAbsentPolicySaysOnlyWhatStandsBesideIt) {
  const Case one = CaseOf("sender",
                          "policy: {router_ack: 7s}\nsteps:\n"
                          "  - {send: m1, policy: absent, max_retries: 5, ttl: 9s}\n  - send: m2\n"
                          "  - {expect: MESSAGE, of: m1}\n");
  const Message& partly = one.messages.at("m1");
  EXPECT_EQ(partly.policy_said, (std::vector<std::string>{"max_retries"}));
  EXPECT_EQ(partly.policy.router_ack, Milliseconds(1'000));
  EXPECT_EQ(partly.policy.ttl, Milliseconds(9'000));
  EXPECT_EQ(one.messages.at("m2").policy_said, std::nullopt);
}

TEST(Loader, AnAckWithoutACodeGetsOne) {
  const Case one = CaseOf("sender",
                          "given: {m1: ROUTED}\nsteps:\n  - ack: TIMEOUT\n"
                          "  - ack: DELIVERY_ACK/FAILURE\n  - expect: nothing\n");
  EXPECT_EQ(std::get<AckAct>(one.steps[0].action).term.code, words::ERROR_CODE_ACK_TIMEOUT);
  EXPECT_EQ(std::get<AckAct>(one.steps[1].action).term.code, words::ERROR_CODE_INTERNAL_ERROR);
}

TEST(Loader, BareTypesMeanAnyStatusInNeverAndFaults) {
  const Case one = CaseOf("sender",
                          "faults: [{drop: ROUTER_ACK}]\n"
                          "steps: [{send: m1}, {never: TIMEOUT, for: 1s}]\n");
  EXPECT_FALSE(one.faults[0].frames[0].status.has_value());
  EXPECT_FALSE(std::get<Never>(one.steps[1].action).what.term.status.has_value());
}

TEST(Loader, TimersMakeTheClockVirtual) {
  const Case one = CaseOf("sender", "steps: [{send: m1}, {check: m1, timers: {router_ack: 1s}}]\n");
  EXPECT_EQ(one.clock, Clock::kVirtual);
  EXPECT_EQ(CaseOf("sender", "outcome: {m1: ROUTED}\n").clock, Clock::kBoth);
}

TEST(Loader, TypesComeFromTheLanguageNotFromYaml) {
  const Case one = CaseOf("router",
                          "steps:\n  - {send: m1, payload: NO}\n"
                          "  - {expect: TIMEOUT, text: 1e3, payload: {is: present}}\n");
  EXPECT_EQ(one.messages.at("m1").payload.text, "NO");
  const auto& what = std::get<Expect>(one.steps[1].action).what;
  EXPECT_EQ(what.text->text, "1e3");
  EXPECT_EQ(what.payload->matcher.kind, Matcher::Kind::kEqual);
}

TEST(Loader, StepsKnowWhereTheyStandAndWhomTheyBlame) {
  const Case one = CaseOf("sender",
                          "steps:\n  - send: m1\n"
                          "  - {expect: MESSAGE, attempt: 1, req: CMB-TST-002}\n");
  EXPECT_EQ(ToString(one.steps[1].where), "t/x.yaml:7:5");
  EXPECT_EQ(one.steps[1].source_text, "{expect: MESSAGE, attempt: 1, req: CMB-TST-002}");
  EXPECT_EQ(one.steps[0].requirement, "CMB-TST-001");
  EXPECT_EQ(one.steps[1].requirement, "CMB-TST-002");
}

TEST(References, AreReplacedInsideATextAndAtASentencesEnd) {
  const Lookup lookup = [](const std::string& name, const std::string& path) {
    return name == "m1" ? std::optional<std::string>("<" + path + ">") : std::nullopt;
  };
  EXPECT_EQ(ExpandReferences("message $m1.message_id.", lookup), "message <message_id>.");
  EXPECT_EQ(ExpandReferences("costs $5", lookup), "costs $5");
  EXPECT_EQ(ExpandReferences("$m2.x", lookup), std::nullopt);
}

// The tables of the authoring page are those of the loader. To write them anew:
// CMB_REWRITE_TESTDATA=1.
TEST(AuthoringPage, HoldsTheTablesOfTheLanguage) {
  const std::string path = std::string(CMB_SOURCE_DIR) + "/scenarios/README.md";
  const std::string page = ReadWholeFile(path).value_or("");
  const std::string want = ReplaceBetweenMarkers(page, AuthoringTables());
  ASSERT_FALSE(want.empty()) << "markers are missing in " << path;
  if (std::getenv("CMB_REWRITE_TESTDATA") != nullptr) {
    std::ofstream(path) << want;
    return;
  }
  EXPECT_TRUE(page == want) << path << " does not hold the tables of the language; run "
                            << "CMB_REWRITE_TESTDATA=1 cmb_scenario_test";
}

}  // namespace
}  // namespace cmb::conformance::scenario
