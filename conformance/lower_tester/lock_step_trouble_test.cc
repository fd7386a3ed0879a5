// The bench with IUTs that break the control contract, each in one way: the kind of trouble, its
// sentence, and that nothing is left behind and the next case runs.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

#include "conformance/lower_tester/stub/bench_fixture.h"

namespace cmb::conformance {
namespace {

using control::v1::FIRE_AFTER_FRAMES;
using stub::Mood;
using stub::Named;
using stub::RouterCase;
using stub::SenderCase;
using stub::SendRequest;

bool HasNoChild() { return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

// Short guards where one of them must end the wait; a busy machine breaks no others.
LockStepOptions Hasty(const std::string& mood) {
  constexpr std::chrono::milliseconds kShort(500);
  LockStepOptions options = Mood(mood);
  if (mood == "silent") {
    options.guards.hello = kShort;
  }
  for (const char* waiting : {"hang_on_advance", "no_pong", "pong_astray", "wrong_routing_id",
                              "overcounts", "ignores_shutdown", "ignores_stdin"}) {
    if (mood == waiting) {
      options.guards.reply = kShort;
    }
  }
  return options;
}

// One whole case: the first trouble that it brings.
std::optional<Trouble> Play(LockStepBench& bench) {
  if (auto done = bench.StartCase(SenderCase()); !done) {
    return done.trouble();
  }
  if (auto step = bench.Request(SendRequest()); !step) {
    return step.trouble();
  }
  if (auto done = bench.Inject({2, kRouterId, Named("ack")}); !done) {
    return done.trouble();
  }
  if (auto step = bench.Advance(FromMs(1000), FIRE_AFTER_FRAMES); !step) {
    return step.trouble();
  }
  if (auto done = bench.EndCase(); !done) {
    return done.trouble();
  }
  return std::nullopt;
}

struct Breach {
  std::string mood;
  TroubleKind kind;
  std::string sentence;
};

void PrintTo(const Breach& breach, std::ostream* out) { *out << breach.mood; }

class LockStepTrouble : public testing::TestWithParam<Breach> {};

TEST_P(LockStepTrouble, IsNamedAndLeavesNothingBehind) {
  LockStepBench bench(Hasty(GetParam().mood));
  const auto trouble = Play(bench);
  ASSERT_TRUE(trouble.has_value());
  EXPECT_STREQ(TroubleName(trouble->kind), TroubleName(GetParam().kind));
  EXPECT_EQ(trouble->sentence, GetParam().sentence);
  EXPECT_TRUE(HasNoChild());
}

TEST_P(LockStepTrouble, ComesAgainWithANewProcess) {
  LockStepBench bench(Hasty(GetParam().mood));
  const auto first = Play(bench);
  const auto second = Play(bench);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->sentence, second->sentence);
}

const Breach kBreaches[] = {
    {"silent", TroubleKind::kCannotStart,
     "the IUT did not say Hello within 500 ms; one that speaks by its standard input and output is "
     "run with --stdio"},
    {"garbage_hello", TroubleKind::kGarbage,
     "the IUT sent 3 bytes on the control channel that are no FromHarness before its Hello"},
    {"crash_on_configure", TroubleKind::kIutCrashed,
     "the IUT was killed by signal 6 (Aborted) during Configure"},
    {"crash_on_advance", TroubleKind::kIutCrashed,
     "the IUT was killed by signal 11 (Segmentation fault) during Advance"},
    {"exit_on_advance", TroubleKind::kIutCrashed, "the IUT exited with status 3 during Advance"},
    {"hang_on_advance", TroubleKind::kUnresponsive, "the IUT did not answer Advance within 500 ms"},
    {"garbage_reply", TroubleKind::kGarbage,
     "the IUT answered Advance with 3 bytes on the control channel that are no FromHarness"},
    {"no_pong", TroubleKind::kHarnessError,
     "the open phase did not end within 500 ms: no PONG by main to a PING on main of @router, "
     "no PONG by ack_ingress to a PING on ack_egress of @router"},
    {"pong_astray", TroubleKind::kHarnessError,
     "the open phase did not end within 500 ms: no PONG by main to a PING on main of @router; "
     "but a PONG that answers no open PING of that path came by ack_ingress"},
    {"wrong_routing_id", TroubleKind::kHarnessError,
     "the open phase did not end within 500 ms: no connection of sender on main of @router, "
     "no connection of sender on ack_egress of @router"},
    {"does_not_count", TroubleKind::kHarnessError,
     "at the closing check MESSAGE a-1 came by main, which the IUT had not counted in `sent`"},
    {"no_closing_pong", TroubleKind::kHarnessError,
     "at the closing check no PONG came by main to the PING on main of @router"},
    {"overcounts", TroubleKind::kHarnessError,
     "the IUT says that it has sent 3 messages on main, 2 came within 500 ms after Advance"},
    {"wrong_sum", TroubleKind::kHarnessError,
     "in the reply to Begin: sent is 1, but the entries of sent_by_socket add up to 0"},
    {"wrong_now", TroubleKind::kHarnessError, "in the reply to Begin: now_ms is 1 instead of 0"},
    {"frames_in_reply", TroubleKind::kHarnessError,
     "in the reply to Advance: there are frames, although there are data sockets"},
    {"own_ids", TroubleKind::kHarnessError,
     "in the reply to Send: the message_id '1' is made without id_prefix"},
    {"no_deadline", TroubleKind::kHarnessError,
     "next_deadline says no timer of the protocol, but Timers lists one at 1000 ms"},
    {"skips_numbers", TroubleKind::kHarnessError,
     "in the reply to Advance: an event has number 2 instead of 1"},
};

std::string NameOf(const testing::TestParamInfo<Breach>& info) { return info.param.mood; }

INSTANTIATE_TEST_SUITE_P(All, LockStepTrouble, testing::ValuesIn(kBreaches), NameOf);

struct BadEnd {
  std::string mood;
  bool by_shutdown;
  std::string sentence;
  std::string requirement;
};

void PrintTo(const BadEnd& end, std::ostream* out) { *out << end.mood; }

class LockStepFarewell : public testing::TestWithParam<BadEnd> {};

TEST_P(LockStepFarewell, IsJudged) {
  LockStepBench bench(Hasty(GetParam().mood));
  ASSERT_EQ(Play(bench), std::nullopt);
  const auto left = GetParam().by_shutdown ? bench.Leave() : bench.StartCase(RouterCase());
  EXPECT_EQ(left.ok(), GetParam().requirement.empty());
  if (!left.ok()) {
    EXPECT_EQ(left.trouble().kind, TroubleKind::kHarnessError);
    EXPECT_EQ(left.trouble().sentence, GetParam().sentence);
    EXPECT_EQ(left.trouble().requirement, GetParam().requirement);
  }
  bench.Discard();
  EXPECT_TRUE(HasNoChild());
}

constexpr bool kShutdown = true;
constexpr bool kEndOfInput = false;

const BadEnd kEnds[] = {
    {"honest", kShutdown, "", ""},
    {"well_meaning", kEndOfInput, "", ""},
    {"ignores_shutdown", kShutdown, "the IUT did not exit after its reply to Shutdown",
     "CMB-CTL-023"},
    {"ignores_stdin", kEndOfInput, "the IUT did not exit after its standard input closed",
     "CMB-CTL-004"},
    {"exits_badly", kEndOfInput, "the IUT exited with status 4 after its standard input closed",
     "CMB-CTL-004"},
    {"keeps_its_time", kShutdown, "in the reply to Timers: now_ms is 0 instead of 86400001",
     "CMB-CTL-027"},
};

INSTANTIATE_TEST_SUITE_P(All, LockStepFarewell, testing::ValuesIn(kEnds),
                         [](const auto& info) { return info.param.mood; });

TEST(LockStepTrouble, ACommandThatDoesNotExistCannotStart) {
  LockStepBench bench({.command = {"/no/such/iut"}, .guards = {}});
  const auto claims = bench.Claims();
  ASSERT_FALSE(claims.ok());
  EXPECT_EQ(claims.trouble().kind, TroubleKind::kCannotStart);
  EXPECT_EQ(claims.trouble().sentence, "cannot start '/no/such/iut': No such file or directory");
}

TEST(LockStepTrouble, AfterATroubleOnlyStartCaseHelps) {
  LockStepBench bench(Hasty("exit_on_advance"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_FALSE(bench.Advance(FromMs(0), FIRE_AFTER_FRAMES).ok());
  const auto again = bench.Advance(FromMs(0), FIRE_AFTER_FRAMES);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.trouble().kind, TroubleKind::kMisuse);
  EXPECT_EQ(bench.IutStderr(), "I give up\n");
  EXPECT_TRUE(bench.StartCase(SenderCase()).ok());
}

TEST(LockStepTrouble, StderrOfOneCaseIsNotThatOfTheNext) {
  LockStepBench bench(Mood("noisy"));
  ASSERT_EQ(Play(bench), std::nullopt);
  EXPECT_NE(bench.IutStderr().find("the end"), std::string::npos);
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  EXPECT_EQ(bench.IutStderr(), "");
}

}  // namespace
}  // namespace cmb::conformance
