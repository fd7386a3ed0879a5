// The program as its users meet it: exit codes, and one clear line for each error.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/control/child_process.h"
#include "conformance/control/wait.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;
using std::chrono_literals::operator""s;

constexpr char kProgram[] = CMB_BIN_DIR "/cmb-conformance";

constexpr char kScenario[] =
    "id: plain\n"
    "title: A message is sent\n"
    "role: sender\n"
    "requirements: [CMB-SND-001]\n"
    "steps:\n"
    "  - send: m1\n"
    "  - {expect: MESSAGE, attempt: 1}\n";

struct Outcome {
  int code = -1;
  std::string out, err;
};

class Cli : public testing::Test {
 protected:
  Cli() {
    fs::remove_all(home_);
    Write("spec/requirements.json",
          R"([{"id":"CMB-SND-001","level":"MUST","roles":["sender"],"profile":"BASIC",)"
          R"("verification":"wire","sentence":"The sender MUST send.","chapter":"spec/04.md",)"
          R"("line":9},{"id":"CMB-CTL-001","level":"MUST","roles":["harness"],)"
          R"("verification":"smoke","sentence":"A harness MUST say Hello."},)"
          R"({"id":"CMB-CTL-019","level":"MUST","roles":["harness"],"profile":"DURABLE",)"
          R"("verification":"upper tester","sentence":"A harness MUST recover."}])");
    Write("spec/machines.json",
          R"([{"machine":"sender","state":"IDLE","event":"SEND","req":["CMB-SND-001"],"kind":"go",)"
          R"("new_state":"SEND_PENDING","reason":"SEND","effects":["send MESSAGE",)"
          R"("disarm cancel"],"only":{"disarm cancel":"TRACKED"}},)"
          R"({"machine":"sender","state":"ROUTED","event":"CANCEL","req":["CMB-SND-001"],)"
          R"("kind":"stay","why":"it goes on","only":{"row":"without TRACKED"}},)"
          R"({"machine":"sender","state":"ROUTED","event":"SEND","req":["CMB-SND-001"],)"
          R"("kind":"impossible","why":"never"},)"
          R"({"machine":"sender","state":"IDLE","event":"CANCEL","req":["CMB-SND-001"],)"
          R"("kind":"anomaly","anomaly":"UNKNOWN_MESSAGE"}])");
    Write("spec/choices.yaml",
          "- id: CHO-001\n  text: It does this, or that.\n  branches: [this, that]\n");
    Write("scenarios/plain.yaml", kScenario);
  }
  ~Cli() override { fs::remove_all(home_); }

  void Write(const std::string& name, const std::string& text) {
    fs::create_directories((home_ / name).parent_path());
    std::ofstream(home_ / name) << text;
  }

  std::vector<std::string> Words(std::vector<std::string> words) const {
    words.insert(words.begin() + 1, {"--scenarios", home_ / "scenarios", "--spec", home_ / "spec"});
    words.insert(words.begin(), kProgram);
    return words;
  }

  static std::unique_ptr<ChildProcess> Start(const std::vector<std::string>& words) {
    auto spawned = ChildProcess::Spawn({words, {}});
    if (auto* error = std::get_if<SpawnError>(&spawned)) {
      ADD_FAILURE() << error->sentence;
      return nullptr;
    }
    return std::get<std::unique_ptr<ChildProcess>>(std::move(spawned));
  }

  static Outcome Await(ChildProcess& child) {
    EXPECT_EQ(WaitReadable({}, child, Deadline::In(30s)), Wake::kChildEnded);
    child.DrainOutput();
    const auto ended = child.Ended();
    return {ended && !ended->by_signal ? ended->number : -1, child.StdoutTail(),
            child.StderrTail()};
  }

  // The options of the test's own scenarios come after the command.
  Outcome Run(std::vector<std::string> words) const {
    const auto child = Start(Words(std::move(words)));
    return child == nullptr ? Outcome{} : Await(*child);
  }

  // One line on stderr that says `part`, and this code.
  void ExpectComplaint(std::vector<std::string> words, int code, const std::string& part) const {
    const Outcome outcome = Run(std::move(words));
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }

  const fs::path home_ = fs::path(testing::TempDir()) / ("cmb-cli-" + std::to_string(getpid()));
};

TEST_F(Cli, WrongUseIs64) {
  ExpectComplaint({"run"}, 64, "no COMMAND");
  ExpectComplaint({"run", "--what", "--", "true"}, 64, "--what");
  ExpectComplaint({"run", "--run", "plian*", "--", "true"}, 64, "'plian*' matches no case");
  ExpectComplaint({"run", "--skip", "x", "--", "true"}, 64, "'x' matches no case");
  ExpectComplaint({"run", "--skip", "*", "--", "true"}, 64, "leave no case");
}

TEST_F(Cli, ABadPlaceForAReportIsKnownBeforeAnythingRuns) {
  ExpectComplaint({"run", "--json", "/no/such/dir/x", "--", "true"}, 64, "/no/such/dir/x");
  ExpectComplaint({"run", "--json", "/tmp", "--", "true"}, 64, "--json /tmp: Is a directory; name");
  ExpectComplaint({"run", "--transcript", "/proc/no", "--", "true"}, 64, "/proc/no");
}

TEST_F(Cli, AReportThatCannotBeWrittenInFullIsSaid) {
  const Outcome outcome = Run({"run", "--json", "/dev/full", "--", "false"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("/dev/full: could not be written"), std::string::npos) << outcome.err;
}

TEST_F(Cli, ABrokenScenarioIs64AndItsPlaceIsNamed) {
  Write("scenarios/plain.yaml", std::string(kScenario) + "stepss: []\n");
  ExpectComplaint({"run", "--", "true"}, 64, "plain.yaml:8:1: ");
  EXPECT_EQ(Run({"list"}).code, 64);
  const Outcome lint = Run({"lint"});
  EXPECT_EQ(lint.code, 1);
  EXPECT_NE(lint.out.find("plain.yaml:8:1: "), std::string::npos) << lint.out;
}

TEST_F(Cli, AnUnknownRequirementIsABrokenScenario) {
  std::string text = kScenario;
  text.replace(text.find("SND-001"), 7, "SND-999");
  Write("scenarios/plain.yaml", text);
  ExpectComplaint({"run", "--", "true"}, 64, "CMB-SND-999");
}

TEST_F(Cli, WhatIsNotYetSupportedIsRefusedByName) {
  Write("scenarios/plain.yaml", std::string(kScenario) + "clock: wall\n");
  ExpectComplaint({"run", "--", "true"}, 64, "not yet supported: clock wall");
}

TEST_F(Cli, AScenarioOfRoleSystemIsRunByInteropAlone) {
  std::string text = kScenario;
  text.replace(text.find("role: sender"), 12, "role: system");
  Write("scenarios/plain.yaml", text + "faults: none\n");
  ExpectComplaint({"run", "--", "true"}, 64, "role system is run by interop");
  ExpectComplaint({"interop", "/no/such/iut"}, 2, "/no/such/iut");
  Write("scenarios/plain.yaml", kScenario);
  ExpectComplaint({"interop", "/no/such/iut"}, 64, "role system is run by interop");
}

TEST_F(Cli, AnIutThatCannotBeStartedIsTwo) {
  ExpectComplaint({"run", "--", "/no/such/iut"}, 2, "/no/such/iut");
  ExpectComplaint({"run", "--", "false"}, 2, "before it said Hello");
}

TEST_F(Cli, TheLastWordsOfAnIutThatDiesBeforeHelloAreShown) {
  const Outcome outcome =
      Run({"run", "--", "sh", "-c", "echo 'Traceback' >&2; echo 'no module zmq' >&2; exit 1"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("the IUT exited with status 1 before it said Hello\n"
                             "  the IUT wrote to stderr:\n    Traceback\n    no module zmq\n"),
            std::string::npos)
      << outcome.err;
}

TEST_F(Cli, ReportsAreWrittenEvenThen) {
  const fs::path json = home_ / "report.json";
  const fs::path junit = home_ / "junit.xml";
  Run({"run", "--json", json, "--junit", junit, "--", "false"});
  EXPECT_GT(fs::file_size(json), 0U);
  EXPECT_GT(fs::file_size(junit), 0U);
}

TEST_F(Cli, ListsAndExplains) {
  EXPECT_EQ(Run({"list"}).out, "plain\tA message is sent\n");
  EXPECT_NE(Run({"list", "--effective", "plain"}).out.find("id: plain"), std::string::npos);
  ExpectComplaint({"list", "--effective", "other"}, 64, "'other'");
  const Outcome explained = Run({"explain", "CMB-SND-001"});
  EXPECT_EQ(explained.code, 0);
  for (const char* part : {"CMB-SND-001  MUST  (sender", "The sender MUST send.", "spec/04.md:9",
                           "plain  (A message is sent)  1 case",
                           "row of the tables: sender, SEND, in IDLE: -> SEND_PENDING (SEND); "
                           "send MESSAGE; disarm cancel (TRACKED)\n",
                           "sender, CANCEL (without TRACKED), in ROUTED: stay: it goes on\n"}) {
    EXPECT_NE(explained.out.find(part), std::string::npos) << explained.out;
  }
  EXPECT_EQ(explained.out.find("UNKNOWN_MESSAGE"), std::string::npos) << explained.out;
}

TEST_F(Cli, ExplainTakesShortIdsAndNamesTheNearestOfAnUnknownOne) {
  EXPECT_EQ(Run({"explain", "snd-001"}).out, Run({"explain", "CMB-SND-001"}).out);
  ExpectComplaint({"explain", "CMB-SND-007"}, 64, "CMB-SND-007, did you mean CMB-SND-001?");
  for (const char* form : {"CMB", "foo"}) {
    ExpectComplaint({"explain", form}, 64, "ids have the form CMB-SND-001");
  }
}

TEST_F(Cli, ExplainKnowsChoicesAndWhatNeedsNoScenario) {
  const std::string choice = Run({"explain", "cho-001"}).out;
  EXPECT_NE(choice.find("branches: this, that"), std::string::npos) << choice;
  EXPECT_NE(choice.find("It does this, or that."), std::string::npos) << choice;
  const std::string smoke = Run({"explain", "CTL-001"}).out;
  EXPECT_NE(smoke.find("no scenario of its own"), std::string::npos) << smoke;
  const std::string restart = Run({"explain", "CTL-019"}).out;
  EXPECT_NE(restart.find("in every case that starts a DURABLE implementation again"),
            std::string::npos)
      << restart;
}

TEST_F(Cli, LintOfGoodScenariosFindsNothing) {
  const Outcome outcome = Run({"lint"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "1 scenario, 1 case, 0 findings\n");
}

TEST_F(Cli, CheckJudgesRecordingsWithoutAnImplementation) {
  const fs::path recording = CMB_SOURCE_DIR "/conformance/oracle/testdata/sender-plain.jsonl";
  const auto check = [this](const std::string& path) {
    const auto child = Start({kProgram, "check", "--quiet", "--spec", home_ / "spec", path});
    return child == nullptr ? Outcome{} : Await(*child);
  };
  EXPECT_EQ(check(recording).code, 0);
  EXPECT_EQ(check(recording).out, "1 recording: 1 clean\n");
  EXPECT_EQ(check("/no/such").code, 64);
  Write("torn.jsonl", "{");
  EXPECT_EQ(check(home_ / "torn.jsonl").code, 2);
  std::ifstream in(recording);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("REASON_SEND"), 11, "REASON_CANCEL");
  Write("broken.jsonl", text);
  EXPECT_EQ(check(home_ / "broken.jsonl").code, 1);
}

// The process id that the IUT writes into the pipe.
pid_t AwaitIut(int pipe) {
  pollfd waiting{pipe, POLLIN, 0};
  char text[32] = {};
  if (poll(&waiting, 1, 20'000) != 1 || read(pipe, text, sizeof text - 1) <= 0) {
    return -1;
  }
  return static_cast<pid_t>(std::atol(text));
}

TEST_F(Cli, NothingObservedIsNeverGreenForCi) {
  const fs::path junit = home_ / "junit.xml";
  Run({"run", "--junit", junit, "--", "true"});
  std::stringstream text;
  text << std::ifstream(junit).rdbuf();
  EXPECT_NE(text.str().find("errors=\"1\""), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("before it said Hello"), std::string::npos) << text.str();
}

TEST_F(Cli, AnInterruptKillsTheIutKeepsTheReportAndIs130) {
  const fs::path pipe = home_ / "started";
  const fs::path json = home_ / "report.json";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  const auto child = Start(Words({"run", "--json", json, "--", "sh", "-c",
                                  "echo $$ > " + pipe.string() + "; exec sleep 1000"}));
  ASSERT_NE(child, nullptr);
  const pid_t iut = AwaitIut(reader);
  close(reader);
  ASSERT_GT(iut, 0);
  kill(child->pid(), SIGINT);
  EXPECT_EQ(Await(*child).code, 130);
  EXPECT_EQ(kill(iut, 0), -1);
  EXPECT_EQ(errno, ESRCH);
  EXPECT_GT(fs::file_size(json), 0U);
}

}  // namespace
}  // namespace cmb::conformance::runner
