// Processes that crash and start again, connections that close and open, keys that are refused.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "conformance/lower_tester/stub/bench_fixture.h"

namespace cmb::conformance::stub {
namespace {

using control::v1::FIRE_AFTER_FRAMES;
using control::v1::FIRE_NONE;

TEST(Outage, ACrashedIutHasNoDeadlineAndNothingReachesIt) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Request(SendRequest()).ok());
  ASSERT_TRUE(bench.Advance(FromMs(300), FIRE_NONE).ok());
  ASSERT_TRUE(bench.Crash().ok());
  EXPECT_EQ(bench.next_deadline(), std::nullopt);
  EXPECT_EQ(bench.now(), FromMs(300));
  EXPECT_FALSE(bench.Reaches({0, kRouterId, Named("m")}));
  EXPECT_FALSE(bench.Request(SendRequest()).ok());
  EXPECT_FALSE(bench.Advance(FromMs(400), FIRE_NONE).ok());
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(Outage, WithoutAStoreTheNewProcessKnowsNothing) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Request(SendRequest()).ok());
  ASSERT_TRUE(bench.Crash().ok());
  const auto begun = bench.Start(FromMs(5000), 0);
  ASSERT_TRUE(begun.ok()) << begun.trouble().sentence;
  EXPECT_TRUE(begun->exchanges[0].request.has_begin());
  EXPECT_TRUE(begun->exchanges[0].received.empty());
  EXPECT_EQ(bench.now(), FromMs(5000));
  EXPECT_EQ(bench.next_deadline(), std::nullopt);
  EXPECT_EQ(bench.Request(SendRequest())->message_id, "a-1");
  EXPECT_TRUE(bench.EndCase().ok());
  EXPECT_EQ(bench.counts().processes, 2u);
}

TEST(Outage, WhatWasStoredComesWithTheReplyToBegin) {
  LockStepBench bench(Mood("durable"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Request(SendRequest()).ok());
  ASSERT_TRUE(bench.Crash().ok());
  const auto begun = bench.Start(FromMs(700), 0);
  ASSERT_TRUE(begun.ok()) << begun.trouble().sentence;
  ASSERT_EQ(begun->exchanges[0].received.size(), 1u);
  EXPECT_EQ(HeaderOf(begun->exchanges[0].received[0]).attempt(), 2u);
  EXPECT_EQ(NotesOf(*begun), std::vector<std::string>{"recovered a-1"});
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(Outage, TheStoreIsOfOneProcessAndGoesWithIt) {
  const std::string stores = testing::TempDir() + "cmb-outage-test";
  std::filesystem::create_directory(stores);
  setenv("TMPDIR", stores.c_str(), 1);
  {
    LockStepBench bench(Mood("durable"));
    ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
    ASSERT_TRUE(bench.Request(SendRequest()).ok());
    ASSERT_TRUE(bench.EndCase().ok());
    // Reset empties it: what the first case stored is not recovered in the second.
    ASSERT_TRUE(bench.StartCase(SenderCase("b-")).ok());
    ASSERT_TRUE(bench.Crash().ok());
    const auto begun = bench.Start(FromMs(1), 0);
    ASSERT_TRUE(begun.ok());
    EXPECT_TRUE(begun->exchanges[0].received.empty());
    EXPECT_TRUE(bench.EndCase().ok());
    EXPECT_FALSE(std::filesystem::is_empty(stores));
  }
  EXPECT_TRUE(std::filesystem::is_empty(stores));
  unsetenv("TMPDIR");
  std::filesystem::remove_all(stores);
}

TEST(Outage, ACaseThatEndsCrashedIsFollowedByANewProcess) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(SenderCase()).ok());
  ASSERT_TRUE(bench.Crash().ok());
  ASSERT_TRUE(bench.EndCase().ok());
  ASSERT_TRUE(bench.StartCase(SenderCase("b-")).ok());
  EXPECT_EQ(bench.Request(SendRequest())->message_id, "b-1");
  EXPECT_EQ(bench.counts().processes, 2u);
}

TEST(Outage, ARouterStartsAgainWithTheModulesThatWereThere) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  ASSERT_TRUE(bench.Disconnect("target").ok());
  ASSERT_TRUE(bench.Crash().ok());
  ASSERT_TRUE(bench.Start(FromMs(10), 0).ok());
  EXPECT_TRUE(bench.Reaches({0, "sender", Named("m")}));
  EXPECT_FALSE(bench.Reaches({0, "target", Named("m")}));
  ASSERT_TRUE(bench.Connect("target").ok());
  EXPECT_TRUE(bench.Reaches({0, "target", Named("m")}));
  EXPECT_TRUE(bench.EndCase().ok());
}

// What was PINGed for the proof is in no count that the engine sees.
TEST(Outage, ADisconnectedModuleIsUnreachableAndAReturnedOneIsReached) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  const auto gone = bench.Disconnect("target");
  ASSERT_TRUE(gone.ok()) << gone.trouble().sentence;
  EXPECT_TRUE(gone->exchanges[0].received.empty());
  ASSERT_TRUE(bench.Inject({0, "sender", Named("m1", "target")}).ok());
  const auto refused = bench.Advance(FromMs(0), FIRE_AFTER_FRAMES);
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(refused->exchanges[0].reply.received(), 1u);
  EXPECT_EQ(refused->exchanges[0].reply.undeliverable(), 2u);  // To target, and its ROUTER_ACK.
  const auto back = bench.Connect("target");
  ASSERT_TRUE(back.ok()) << back.trouble().sentence;
  ASSERT_TRUE(bench.Inject({0, "sender", Named("m2", "target")}).ok());
  const auto passed = bench.Advance(FromMs(0), FIRE_AFTER_FRAMES);
  ASSERT_TRUE(passed.ok());
  EXPECT_EQ(passed->exchanges[0].reply.received(), 2u);
  ASSERT_EQ(passed->exchanges[0].received.size(), 2u);
  EXPECT_EQ(passed->exchanges[0].received[0].peer, "target");
  EXPECT_TRUE(bench.EndCase().ok());
}

TEST(Outage, NoQueueIsFilledWhereThereAreSockets) {
  LockStepBench bench(Mood("honest"));
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  ASSERT_TRUE(bench.EndCase().ok());
  CaseSettings settings = RouterCase();
  settings.fills = {"target"};
  const auto begun = bench.StartCase(settings);
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.trouble().kind, TroubleKind::kUnsupported);
  EXPECT_EQ(begun.trouble().sentence,
            "the case fills a queue of ZeroMQ, which needs --binding frames or headers: with data "
            "sockets nobody can tell when one is full");
  EXPECT_FALSE(bench.Fill("target", true).ok());
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());  // The process is as it was.
  EXPECT_EQ(bench.counts().processes, 1u);
}

TEST(Outage, ARouterThatNeverSaysNoRouteEndsTheCase) {
  auto options = Mood("says_no_route_never");
  options.guards.reply = std::chrono::milliseconds(300);
  LockStepBench bench(options);
  ASSERT_TRUE(bench.StartCase(RouterCase()).ok());
  const auto gone = bench.Disconnect("target");
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.trouble().kind, TroubleKind::kHarnessError);
  EXPECT_EQ(gone.trouble().sentence,
            "a PING to target, whose connections have closed, is not answered NO_ROUTE");
}

// The stub knows nothing of CURVE: whoever speaks it gets no connection.
TEST(Outage, WhoseHandshakeFailsReachesNobody) {
  auto options = Mood("honest");
  options.guards.reply = std::chrono::milliseconds(300);
  LockStepBench bench(options);
  CaseSettings settings = RouterCase();
  settings.bad_keys = {{"mallory", BadKey::kForeign}};
  settings.curve = true;
  const auto begun = bench.StartCase(settings);
  ASSERT_FALSE(begun.ok());  // The others neither, so that the open phase cannot end.
  EXPECT_EQ(begun.trouble().kind, TroubleKind::kHarnessError);
}

}  // namespace
}  // namespace cmb::conformance::stub
