// The bench with an IUT that keeps the control contract.
#include "conformance/lower_tester/lock_step_bench.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <string>
#include <vector>

#include "conformance/lower_tester/stub/bench_fixture.h"

namespace cmb::conformance::stub {
namespace {

using control::v1::FIRE_AFTER_FRAMES;
using control::v1::FIRE_BEFORE_FRAMES;
using control::v1::FIRE_NONE;

bool HasNoChild() { return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

TEST(LockStepBench, TellsWhatTheIutClaims) {
  LockStepBench bench(Mood("honest"));
  const auto claims = bench.Claims();
  ASSERT_TRUE(claims.ok());
  EXPECT_EQ(claims->name(), "stub");
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  EXPECT_EQ(bench.counts().processes, 1u);
}

TEST(LockStepBench, ASendBringsItsMessageAndItsDeadline) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  auto step = bench.Request(SendRequest());
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(step->message_id, "a-1");
  ASSERT_EQ(step->exchanges.size(), 1u);
  ASSERT_EQ(step->exchanges[0].received.size(), 1u);
  const WireMessage& message = step->exchanges[0].received[0];
  EXPECT_EQ(message.peer, kRouterId);
  EXPECT_EQ(HeaderOf(message).message_id(), "a-1");
  ASSERT_TRUE(step->next_deadline.has_value());
  EXPECT_EQ(step->next_deadline->at, FromMs(1000));
}

TEST(LockStepBench, TimeMovesToTheDeadlineAndTheTimerFires) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Request(SendRequest()).ok());
  const auto early = bench.Advance(FromMs(999), FIRE_AFTER_FRAMES);
  ASSERT_TRUE(early.ok());
  EXPECT_TRUE(early->exchanges[0].received.empty());
  const auto due = bench.Advance(FromMs(1000), FIRE_AFTER_FRAMES);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->exchanges[0].received.size(), 1u);
  EXPECT_EQ(HeaderOf(due->exchanges[0].received[0]).attempt(), 2u);
  EXPECT_EQ(bench.now(), FromMs(1000));
  EXPECT_EQ(bench.next_deadline(), std::nullopt);
}

TEST(LockStepBench, NeverStepsOverADeadlineNorBackAndTheCaseGoesOn) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Request(SendRequest()).ok());
  const auto beyond = bench.Advance(FromMs(1001), FIRE_NONE);
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.trouble().kind, TroubleKind::kMisuse);
  ASSERT_TRUE(bench.Advance(FromMs(500), FIRE_NONE).ok());
  const auto back = bench.Advance(FromMs(499), FIRE_NONE);
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.trouble().kind, TroubleKind::kMisuse);
  EXPECT_TRUE(bench.Advance(FromMs(1000), FIRE_NONE).ok());
}

TEST(LockStepBench, FramesOfOneAdvanceAreHandledBySocketThenInOrder) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Inject({2, kRouterId, Named("egress")}).ok());
  ASSERT_TRUE(bench.Inject({0, kRouterId, Named("first")}).ok());
  ASSERT_TRUE(bench.Inject({0, kRouterId, Named("second")}).ok());
  const auto step = bench.Advance(FromMs(0), FIRE_NONE);
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(NotesOf(*step), (std::vector<std::string>{"0  first", "0  second", "2  egress"}));
  EXPECT_EQ(step->exchanges[0].injected.size(), 3u);
}

TEST(LockStepBench, BothOrdersOfARaceCanBeHad) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Request(SendRequest()).ok());
  ASSERT_TRUE(bench.Inject({2, kRouterId, Named("ack")}).ok());
  const auto frames_only = bench.Advance(FromMs(1000), FIRE_NONE);
  ASSERT_TRUE(frames_only.ok());
  EXPECT_EQ(NotesOf(*frames_only).size(), 1u);
  EXPECT_TRUE(frames_only->exchanges[0].received.empty());
  const auto timer = bench.Advance(FromMs(1000), FIRE_BEFORE_FRAMES);
  ASSERT_TRUE(timer.ok());
  EXPECT_EQ(timer->exchanges[0].received.size(), 1u);
}

TEST(LockStepBench, AMessageThatIsNoMessageIsCountedAndHandled) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Inject({2, kRouterId, {"\xff"}}).ok());
  ASSERT_TRUE(bench.Inject({2, kRouterId, {"", "", ""}}).ok());
  const auto step = bench.Advance(FromMs(0), FIRE_NONE);
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(NotesOf(*step).size(), 2u);
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(LockStepBench, ProbesOfTheIutAreAnsweredInTheSameCall) {
  LockStepBench bench(Mood("pings"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  const auto step = bench.Request(SendRequest());
  ASSERT_TRUE(step.ok());
  ASSERT_EQ(step->exchanges.size(), 2u);
  EXPECT_EQ(step->exchanges[0].received.size(), 3u);  // PING, MESSAGE on main; PING on ingress.
  EXPECT_EQ(step->exchanges[1].injected.size(), 2u);
  EXPECT_EQ(NotesOf(*step), (std::vector<std::string>{"0  @a-ping-0", "2  @a-ping-1"}));
  EXPECT_EQ(step->message_id, "a-1");
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(LockStepBench, AProcessServesManyCasesAndBeginsEachAnew) {
  LockStepBench bench(Mood("honest"));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(bench.StartCase(SenderCase("p" + std::to_string(i) + "-")).ok());
    EXPECT_EQ(bench.now(), FromMs(0));
    const auto step = bench.Request(SendRequest());
    ASSERT_TRUE(step.ok());
    EXPECT_EQ(step->message_id, "p" + std::to_string(i) + "-1");
    ASSERT_TRUE(bench.Advance(FromMs(1000), FIRE_AFTER_FRAMES).ok());
    ASSERT_TRUE(bench.EndCase().ok());
  }
  EXPECT_EQ(bench.counts().processes, 1u);
  EXPECT_EQ(bench.counts().resets, 19u);
}

TEST(LockStepBench, ACaseBeginsAtItsInstant) {
  LockStepBench bench(Mood("honest"));
  CaseSettings settings = SenderCase();
  settings.settings.set_now_ms(5000);
  ASSERT_TRUE(bench.StartCase(settings).ok());
  EXPECT_EQ(bench.now(), FromMs(5000));
  ASSERT_TRUE(bench.EndCase().ok());
  settings.settings.set_now_ms(70);
  ASSERT_TRUE(bench.StartCase(settings).ok());
  EXPECT_EQ(bench.now(), FromMs(70));
}

TEST(LockStepBench, ACaseThatWasNotClosedCostsTheProcess) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  EXPECT_EQ(bench.counts().processes, 2u);
}

TEST(LockStepBench, ARouterForwardsAndAcknowledgesToTheRightPeers) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  ASSERT_TRUE(bench.Inject({0, "target", Named("m1", "sender")}).ok());
  const auto step = bench.Advance(FromMs(0), FIRE_AFTER_FRAMES);
  ASSERT_TRUE(step.ok());
  const auto& received = step->exchanges[0].received;
  ASSERT_EQ(received.size(), 2u);
  EXPECT_EQ(received[0].peer, "sender");
  EXPECT_EQ(received[0].socket, 0u);
  EXPECT_EQ(received[1].peer, "target");
  EXPECT_EQ(received[1].socket, 2u);
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(LockStepBench, WhatARouterHearsInOneAdvanceIsOrderedByPeer) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  ASSERT_TRUE(bench.Inject({0, "target", Named("t1", "nobody")}).ok());
  ASSERT_TRUE(bench.Inject({0, "sender", Named("s1", "nobody")}).ok());
  ASSERT_TRUE(bench.Inject({0, "target", Named("t2", "nobody")}).ok());
  const auto step = bench.Advance(FromMs(0), FIRE_AFTER_FRAMES);
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(NotesOf(*step),
            (std::vector<std::string>{"0 sender s1", "0 target t1", "0 target t2"}));
  EXPECT_EQ(step->exchanges[0].reply.undeliverable(), 3u);
}

TEST(LockStepBench, APeerThatMustBeAbsentNeedsAnotherProcess) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase({"sender", "target", "other"})).ok());
  ASSERT_TRUE(bench.EndCase().ok());
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());  // Fewer peers are no hindrance.
  ASSERT_TRUE(bench.EndCase().ok());
  EXPECT_EQ(bench.counts().processes, 1u);
  CaseSettings settings = RouterCase();
  settings.absent = {"other"};
  ASSERT_TRUE(bench.StartCase(settings).ok());
  EXPECT_EQ(bench.counts().processes, 2u);
}

TEST(LockStepBench, APeerThatIsNotConnectedCannotSpeak) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  const auto put = bench.Inject({0, "other", Named("m1")});
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.trouble().kind, TroubleKind::kMisuse);
}

TEST(LockStepBench, SeveralChannelsAreSeveralSockets) {
  LockStepBench bench(Mood("honest"));
  CaseSettings settings = SenderCase();
  settings.channels = {"main", "bulk"};
  ASSERT_TRUE(bench.StartCase(settings).ok());
  ASSERT_TRUE(bench.Inject({1, kRouterId, Named("over bulk")}).ok());
  const auto step = bench.Advance(FromMs(0), FIRE_NONE);
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(NotesOf(*step), std::vector<std::string>{"1  over bulk"});
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(LockStepBench, TwoBenchesShareNothing) {
  LockStepBench one(Mood("honest"));
  LockStepBench other(Mood("honest"));
  ASSERT_TRUE(one.StartCase(SenderCase("one-")).ok());
  ASSERT_TRUE(other.StartCase(SenderCase("other-")).ok());
  ASSERT_TRUE(one.Inject({2, kRouterId, Named("for one")}).ok());
  ASSERT_TRUE(other.Inject({2, kRouterId, Named("for the other")}).ok());
  EXPECT_EQ(NotesOf(*other.Advance(FromMs(7), FIRE_NONE)).at(0), "2  for the other");
  EXPECT_EQ(NotesOf(*one.Advance(FromMs(3), FIRE_NONE)).at(0), "2  for one");
  EXPECT_EQ(one.now(), FromMs(3));
  EXPECT_TRUE(one.EndCase().ok());
  EXPECT_TRUE(other.EndCase().ok());
}

TEST(LockStepBench, TwoHundredMessagesInOneAdvanceKeepTheirOrder) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  std::vector<std::string> want;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(bench.Inject({2, kRouterId, Named("m" + std::to_string(i))}).ok());
    want.push_back("2  m" + std::to_string(i));
  }
  const auto step = bench.Advance(FromMs(0), FIRE_NONE);
  ASSERT_TRUE(step.ok());
  EXPECT_EQ(NotesOf(*step), want);
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(LockStepBench, LeavesNoProcessBehind) {
  {
    LockStepBench bench(Mood("honest"));
    ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  }
  EXPECT_TRUE(HasNoChild());
  {
    LockStepBench bench(Mood("honest"));
    ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
    bench.Discard();
    EXPECT_TRUE(HasNoChild());
  }
}

}  // namespace
}  // namespace cmb::conformance::stub
