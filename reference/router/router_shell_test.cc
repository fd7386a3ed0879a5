#include "reference/router/router_shell.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reference/router/router_test_bench.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

TEST(RouterShell, ForwardsOnTheChannelAndAcknowledgesOnTheEgress) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  for (const auto& sent : bench.sockets.sent()) {
    const bool is_ack = sent.header.has_ack();
    EXPECT_EQ(sent.socket, is_ack ? kEgress : kMain);
    EXPECT_EQ(sent.peer, is_ack ? "sender" : "target");
  }
}

TEST(RouterShell, ForwardsAtOnceAndAnswersAfterTheCommit) {
  Bench bench;
  bench.shell.Handle(Arriving(kMain, "sender", wire::Encode(MessageHeader("m1"), "payload")));
  ASSERT_EQ(bench.sockets.sent().size(), 1u);
  EXPECT_FALSE(bench.sockets.sent()[0].header.has_ack());
  bench.shell.Commit();
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  EXPECT_TRUE(bench.sockets.sent()[1].header.has_ack());
}

// CMB-DUR-016. The forward has left: whoever gets it twice knows it by its id.
TEST(RouterShell, WhatTheStoreDoesNotTakeIsNotAnswered) {
  Bench bench;
  bench.store.Fill();
  EXPECT_THROW(bench.Arrives(kMain, MessageHeader("m1")), std::runtime_error);
  ASSERT_EQ(bench.sockets.sent().size(), 1u);
  EXPECT_FALSE(bench.sockets.sent()[0].header.has_ack());
}

TEST(RouterShell, NeverCopiesThePayload) {
  Bench bench;
  auto inbound =
      Arriving(kMain, "sender", wire::Encode(MessageHeader("m1"), std::string(100'000, 'x')));
  const void* arrived_at = inbound.frames[1].data();
  bench.shell.Handle(std::move(inbound));
  bench.shell.Commit();
  EXPECT_EQ(bench.sockets.sent()[0].payload_at, arrived_at);
}

TEST(RouterShell, AnAckThatCannotBeDeliveredIsCountedOnce) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  bench.sockets.AnswerWith(SendResult::kUnroutable);
  bench.Arrives(kIngress, Receipt());
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNDELIVERABLE"});
}

TEST(RouterShell, AFullQueueOfZmqCountsLikeNoConnection) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  bench.sockets.AnswerWith(SendResult::kFull);
  bench.Arrives(kIngress, Receipt());
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNDELIVERABLE"});
}

// 2.4: of its own PONG as of one that it passes on, whom it was for.
TEST(RouterShell, APongThatCannotBeDeliveredIsCountedWithItsAddressee) {
  Bench bench;
  bench.sockets.AnswerWith(SendResult::kFull);
  auto ping = MessageHeader("@n1");
  ping.set_msg_type(ack::v1::MSG_TYPE_PING);
  ping.set_targets(0, "@router");
  bench.shell.Handle(Arriving(kMain, "sender", wire::Encode(ping, "")));
  ack::v1::CognitiveMessage pong;
  pong.set_schema_version(1);
  pong.set_msg_type(ack::v1::MSG_TYPE_PONG);
  pong.set_correlation_id("@n1");
  pong.set_source("target");
  pong.add_targets("sender");
  bench.shell.Handle(Arriving(kMain, "target", wire::Encode(pong, "")));
  const auto events = bench.events.Take();
  ASSERT_EQ(events.size(), 2u);
  for (const auto& event : events) {
    EXPECT_EQ(event.anomaly().kind(), ack::v1::ANOMALY_KIND_UNDELIVERABLE);
    EXPECT_EQ(event.anomaly().peer(), "sender");
    EXPECT_EQ(event.anomaly().message_id(), "");
  }
}

// CMB-WIRE-013.
TEST(RouterShell, APingThatIsNotTakenIsRefusedByItsCause) {
  Bench bench;
  auto ping = MessageHeader("@n1");
  ping.set_msg_type(ack::v1::MSG_TYPE_PING);
  for (const auto result : {SendResult::kUnroutable, SendResult::kFull}) {
    bench.sockets.AnswerWith(result);
    bench.shell.Handle(Arriving(kMain, "sender", wire::Encode(ping, "")));
    bench.sockets.AnswerWith(SendResult::kSent);
    bench.shell.Commit();
  }
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  EXPECT_EQ(bench.sockets.sent()[0].header.ack().error_code(), ack::v1::ERROR_CODE_NO_ROUTE);
  EXPECT_EQ(bench.sockets.sent()[1].header.ack().error_code(), ack::v1::ERROR_CODE_BUFFER_FULL);
}

TEST(RouterShell, AMessageThatZmqDoesNotTakeIsRefusedWithTheReason) {
  for (const auto& [result, code] :
       {std::pair(SendResult::kFull, ack::v1::ERROR_CODE_BUFFER_FULL),
        std::pair(SendResult::kUnroutable, ack::v1::ERROR_CODE_NO_ROUTE)}) {
    Bench bench;
    bench.sockets.AnswerWith("target", result);
    bench.Arrives(kMain, MessageHeader("m1"));
    ASSERT_EQ(bench.sockets.sent().size(), 1u);
    EXPECT_EQ(bench.sockets.sent()[0].header.ack().error_code(), code);
  }
}

TEST(RouterShell, AnAckOfAHigherVersionIsUnknown) {
  Bench bench;
  auto version = Receipt();
  version.set_schema_version(2);
  bench.Arrives(kIngress, version);
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNKNOWN_VALUE"});
}

// CMB-WIRE-023: the refusal repeats the id, and has a few bytes more.
TEST(RouterShell, AnAnswerThatItsIdMakesTooLongIsNotSent) {
  Bench bench;
  auto header = MessageHeader("m1");
  header.set_message_id(std::string(kLargestHeader - 60, 'x'));
  header.clear_channel();
  header.clear_policy();
  bench.Arrives(kMain, header);
  EXPECT_TRUE(bench.sockets.sent().empty());
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNDELIVERABLE"});
}

TEST(RouterShell, AReplyWithoutAnIdHasNothingToBeRefusedBy) {
  Bench bench;
  auto reply = MessageHeader("");
  reply.set_msg_type(ack::v1::MSG_TYPE_REPLY);
  reply.set_correlation_id("m1");
  bench.Arrives(kMain, reply);
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNSUPPORTED"});
  EXPECT_TRUE(bench.sockets.sent().empty());
}

TEST(RouterShell, KeepsTheStoreAtWhatTheCoreKnows) {
  Bench bench;
  const TxKey key{ack::v1::ROLE_ROUTER, "sender", "m1"};
  bench.Arrives(kMain, MessageHeader("m1"));
  EXPECT_EQ(bench.store.Get(key)->record.state(), ack::v1::STATE_FORWARDING);
  bench.Arrives(kIngress, Receipt());
  EXPECT_EQ(bench.store.Get(key)->record.state(), ack::v1::STATE_DELIVERED);
  const auto expiry = bench.shell.NextTimer(lifecycle::TimerClass::kHousekeeping);
  ASSERT_TRUE(expiry);
  bench.clock.SetNowMs(static_cast<std::uint64_t>(lifecycle::MsOf(expiry->deadline)));
  while (bench.shell.FireNext(lifecycle::TimerClass::kHousekeeping)) {
  }
  bench.shell.Commit();
  EXPECT_FALSE(bench.store.Get(key));
}

class LastingTxStore : public MemoryTxStore {
 public:
  bool IsDurable() const override { return true; }
};

// CMB-DUR-018.
TEST(RouterShell, WhatWasStoredOfAChannelThatIsGoneIsGivenUp) {
  ManualClock clock;
  LastingTxStore store;
  MemoryEventSink events;
  FakeTransport sockets;
  Journal journal{clock, {&events}};
  const auto begin = [&](std::vector<std::string> channels) {
    auto shell = std::make_unique<RouterShell>(RouterSettings{}, SocketMap(std::move(channels)),
                                               sockets, journal, store, ListedJitter({1.0}));
    shell->Recover(Away::kKnown);
    shell->Commit();
    return shell;
  };
  auto header = MessageHeader("m1");
  header.set_channel("extra");
  {
    const auto before = begin({"main", "extra"});
    before->Handle(Arriving(1, "sender", wire::Encode(header, "payload")));
    before->Commit();
  }
  sockets.Forget();
  const auto shell = begin({"main"});
  ASSERT_EQ(sockets.sent().size(), 1u);
  EXPECT_EQ(sockets.sent()[0].header.ack().ack_type(), ack::v1::ACK_TYPE_TIMEOUT);
  EXPECT_EQ(sockets.sent()[0].header.ack().error_code(), ack::v1::ERROR_CODE_CHANNEL_MISMATCH);
  EXPECT_EQ(shell->Find("sender", "m1")->state(), ack::v1::STATE_DEAD_LETTERED);
  sockets.Forget();
  ack::v1::CognitiveMessage query;
  query.set_schema_version(1);
  query.set_msg_type(ack::v1::MSG_TYPE_QUERY);
  query.set_message_id("q");
  query.set_source("sender");
  query.add_targets("@router");
  query.mutable_query()->set_kind(ack::v1::QUERY_KIND_REDRIVE);
  query.mutable_query()->set_message_id("m1");
  shell->Handle(Arriving(kMain, "sender", wire::Encode(query, "")));
  shell->Commit();
  ASSERT_EQ(sockets.sent().size(), 1u);
  EXPECT_EQ(sockets.sent()[0].header.reply().error_code(), ack::v1::ERROR_CODE_NO_ROUTE);
}

RC_GTEST_PROP(RouterShell, BentBytesNeverCrashItAndAreAtMostOneAnomaly, ()) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  static_cast<void>(bench.events.Take());
  for (int i = 0; i < 20; ++i) {
    const auto header = *rc::gen::arbitrary<bool>() ? MessageHeader("m1") : Receipt();
    const auto socket = *rc::gen::inRange<std::size_t>(0, 3);
    bench.shell.Handle(Arriving(socket, header.source(), Bent(header)));
    bench.shell.Commit();
    RC_ASSERT(TakeAnomalies(bench.events).size() <= 1u);
  }
}

RC_GTEST_PROP(RouterShell, NoiseIsExactlyOneAnomalyAndSendsNothing, ()) {
  Bench bench;
  const auto frames = *rc::gen::container<wire::Frames>(
      rc::gen::suchThat<std::string>([](const std::string& bytes) {
        ack::v1::CognitiveMessage header;
        return wire::DecodeHeader(bytes, header).has_value() || header.source().empty();
      }));
  bench.shell.Handle(Arriving(*rc::gen::inRange<std::size_t>(0, 3), "sender", frames));
  bench.shell.Commit();
  RC_ASSERT(TakeAnomalies(bench.events) == Words{"MALFORMED"});
  RC_ASSERT(bench.sockets.sent().empty());
}

}  // namespace
}  // namespace cmb::reference
