#include "conformance/runner/options/options.h"

#include <gtest/gtest.h>

#include "conformance/runner/exit_code.h"

namespace cmb::conformance::runner {
namespace {

std::variant<Options, Ending> Parse(std::vector<std::string> words) {
  words.insert(words.begin(), "cmb-conformance");
  return ParseOptions(words);
}

Options Good(std::vector<std::string> words) {
  const auto parsed = Parse(std::move(words));
  if (const auto* ending = std::get_if<Ending>(&parsed)) {
    ADD_FAILURE() << ending->text;
    return {};
  }
  return std::get<Options>(parsed);
}

std::string Complaint(std::vector<std::string> words) {
  const auto parsed = Parse(std::move(words));
  const auto* ending = std::get_if<Ending>(&parsed);
  if (ending == nullptr || ending->code != kWrongUse) {
    ADD_FAILURE() << "was taken";
    return "";
  }
  EXPECT_EQ(ending->text.find('\n'), std::string::npos) << "one line: " << ending->text;
  return ending->text;
}

TEST(Options, RunTakesEverythingAndLeavesTheCommandAlone) {
  const Options options = Good({"run",  "--run",       "a*", "--run",  "b", "--skip",
                                "c",    "--junit",     "j",  "--json", "k", "--transcript",
                                "t",    "--seed",      "7",  "--jobs", "2", "--scenarios",
                                "s",    "--scenarios", "u",  "--spec", "p", "--",
                                "prog", "--run",       "--", "x"});
  EXPECT_EQ(options.command, Command::kRun);
  EXPECT_EQ(options.run, (std::vector<std::string>{"a*", "b"}));
  EXPECT_EQ(options.skip, std::vector<std::string>{"c"});
  EXPECT_EQ(options.junit, "j");
  EXPECT_EQ(options.json, "k");
  EXPECT_EQ(options.transcripts, "t");
  EXPECT_EQ(options.seed, 7U);
  EXPECT_EQ(options.jobs, 2U);
  EXPECT_EQ(options.scenarios, (std::vector<std::string>{"s", "u"}));
  EXPECT_EQ(options.spec, "p");
  EXPECT_EQ(options.iut, (std::vector<std::string>{"prog", "--run", "--", "x"}));
}

constexpr char kRouter[] = "messages=tcp://h:1,ack-ingress=tcp://h:2,ack-egress=tcp://h:3";

TEST(Options, ARouterWithoutAHarness) {
  const Options options =
      Good({"run", "--router", kRouter, "--features", "ORDERED,batch_ack", "--profile", "TRACKED"});
  ASSERT_TRUE(options.router);
  EXPECT_EQ(options.router->ack_egress, "tcp://h:3");
  EXPECT_EQ(options.features, (std::vector<std::string>{"ordered", "batch_ack"}));
  EXPECT_EQ(options.roles, std::vector<std::string>{"router"});
  EXPECT_EQ(options.longest_s, 40U);
  EXPECT_EQ(Good({"run", "--router", kRouter, "--longest", "7"}).longest_s, 7U);
}

TEST(Options, ARouterWronglyNamedIsToldWhatIsExpected) {
  const std::string expected =
      "; expected is messages=tcp://HOST:PORT,ack-ingress=tcp://HOST:PORT,"
      "ack-egress=tcp://HOST:PORT; another channel is messages.NAME=tcp://HOST:PORT";
  const auto complaint = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"run", "--router"});
    return Complaint(std::move(words));
  };
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(complaint({}), "--router: no address is named" + expected);
  has(complaint({"tcp://h:1"}), "--router: 'tcp://h:1' is none of its parts" + expected);
  has(complaint({"messages=tcp://h:1"}), "--router: ack-ingress is missing" + expected);
  has(complaint({kRouter, "--", "x"}), "--router starts no COMMAND");
  has(complaint({kRouter, "--stdio"}), "--router does not go with --stdio");
  has(complaint({kRouter, "--attach"}), "--router does not go with --attach");
  has(complaint({kRouter, "--binding", "frames"}), "--router does not go with --binding");
  has(complaint({kRouter, "--mutants", "*"}), "--router does not go with --mutants");
  has(complaint({kRouter, "--role", "sender"}), "--router plays cases of routers alone");
  has(complaint({kRouter, "--features", "batch"}), "--features: there is no feature 'batch'");
  has(complaint({kRouter, "--features", "curve"}), "--features: curve needs a harness");
  has(Complaint({"run", "--features", "ordered", "--", "x"}), "--features goes with --router");
}

TEST(Options, OtherCommandsAreKnown) {
  EXPECT_EQ(Good({"list", "--effective", "a/b"}).effective, "a/b");
  EXPECT_EQ(Good({"lint", "--scenarios", "x"}).command, Command::kLint);
  EXPECT_EQ(Good({"explain", "CMB-A-1", "CMB-A-2"}).explain.size(), 2U);
  EXPECT_TRUE(Good({"check", "--quiet", "a"}).quiet);
  EXPECT_TRUE(Good({"check", "a"}).scenarios.empty());
}

TEST(Options, ListAndLintTakePathsByThemselves) {
  EXPECT_EQ(Good({"lint", "a.yaml", "b"}).scenarios, (std::vector<std::string>{"a.yaml", "b"}));
  EXPECT_EQ(Good({"list", "a", "--scenarios", "b"}).scenarios,
            (std::vector<std::string>{"b", "a"}));
}

TEST(Options, AnUnknownCommandIsNamedWithTheNearest) {
  EXPECT_NE(Complaint({"runn"}).find("'runn', did you mean run?"), std::string::npos);
  EXPECT_NE(Complaint({"fetch"}).find(
                "known: run, smoke, scaffold, explore, interop, check, alter, merge, diff, list"),
            std::string::npos);
}

TEST(Options, AnUnknownOptionIsNamedWithTheNearest) {
  EXPECT_NE(Complaint({"run", "--jnit", "x", "--", "y"}).find("'--jnit', did you mean --junit?"),
            std::string::npos);
  EXPECT_NE(Complaint({"list", "--efective=x"}).find("did you mean --effective?"),
            std::string::npos);
}

std::string Help(const std::vector<std::string>& words) {
  const auto parsed = Parse(words);
  const auto* ending = std::get_if<Ending>(&parsed);
  return ending == nullptr ? "" : ending->text;
}

TEST(Options, HelpSaysDefaultsAndExitCodes) {
  const std::string run = Help({"run", "--help"});
  for (const char* part : {"scenarios)", "spec)", "--jobs N ", "--seed N ", "130 interrupted"}) {
    EXPECT_NE(run.find(part), std::string::npos) << part << " in\n" << run;
  }
  EXPECT_NE(Help({"--help"}).find("130 interrupted"), std::string::npos);
  EXPECT_NE(Help({"lint", "--help"}).find("1 something found"), std::string::npos);
}

TEST(Options, WrongUseIsOneLine) {
  EXPECT_NE(Complaint({}).find("no command"), std::string::npos);
  EXPECT_NE(Complaint({"runn"}).find("'runn'"), std::string::npos);
  EXPECT_NE(Complaint({"run", "--nope", "--", "x"}).find("--nope"), std::string::npos);
  EXPECT_NE(Complaint({"run"}).find("no COMMAND"), std::string::npos);
  EXPECT_NE(Complaint({"run", "--"}).find("no COMMAND"), std::string::npos);
  EXPECT_NE(Complaint({"run", "--seed", "x", "--", "y"}).find("--seed"), std::string::npos);
  EXPECT_NE(Complaint({"run", "--seed", "x", "--", "y"}).find("'x' is no whole number from 0 up"),
            std::string::npos);
  EXPECT_NE(Complaint({"run", "--seed", "-1", "--", "y"}).find("--seed"), std::string::npos);
  EXPECT_NE(Complaint({"run", "--jobs", "0", "--", "y"}).find("--jobs"), std::string::npos);
  EXPECT_NE(Complaint({"explore", "--cases", "0", "--", "y"}).find("'0' is no whole number from 1"),
            std::string::npos);
  EXPECT_NE(Complaint({"run", "stray", "--", "y"}).find("stray"), std::string::npos);
  EXPECT_NE(Complaint({"list", "--", "y"}).find("only run"), std::string::npos);
  EXPECT_NE(Complaint({"explain"}).find("id"), std::string::npos);
  EXPECT_NE(Complaint({"check"}).find("path"), std::string::npos);
}

TEST(Options, HelpIsNoFault) {
  const auto parsed = Parse({"run", "--help"});
  const auto* ending = std::get_if<Ending>(&parsed);
  ASSERT_NE(ending, nullptr);
  EXPECT_EQ(ending->code, 0);
  EXPECT_NE(ending->text.find("--transcript"), std::string::npos);
}

TEST(Options, WordsMayBeWrittenInAnyCase) {
  EXPECT_EQ(Good({"list", "--profile", "basic"}).profile, "BASIC");
  EXPECT_EQ(Good({"explore", "--role", "Router", "--", "y"}).roles,
            (std::vector<std::string>{"router"}));
  EXPECT_NE(Complaint({"list", "--profile", "base"}).find("--profile"), std::string::npos);
}

TEST(ShellQuoted, ReadsBackAsTheSameWords) {
  EXPECT_EQ(ShellQuoted({"a", "b-c/d@e=f,g", ""}), "a b-c/d@e=f,g ''");
  EXPECT_EQ(ShellQuoted({"two words", "it's", "*"}), "'two words' 'it'\\''s' '*'");
}

}  // namespace
}  // namespace cmb::conformance::runner
