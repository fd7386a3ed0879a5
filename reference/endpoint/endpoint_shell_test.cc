#include "reference/endpoint/endpoint_shell.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reference/endpoint/endpoint_shell_bench.h"

namespace cmb::reference {
namespace {

constexpr std::size_t kMain = 0;
constexpr std::size_t kIngress = 1;
constexpr std::size_t kEgress = 2;

struct Bench : EndpointBench {
  explicit Bench(Plays plays = Plays::kBoth)
      : EndpointBench(SocketMap({"main", "side"}), Settings(plays)) {}
  static EndpointSettings Settings(Plays plays) {
    auto settings = BenchSettings();
    settings.plays = plays;
    return settings;
  }
};

// With two channels the ACK sockets are one further on.
constexpr std::size_t kAckIngress = kIngress + 1;
constexpr std::size_t kAckEgress = kEgress + 1;

using Words = std::vector<std::string>;

ack::v1::CognitiveMessage Ack(ack::v1::AckType type, ack::v1::Status status,
                              const std::string& id) {
  return AckHeaderOf("@router", "target", type, status, id);
}

TEST(EndpointShell, AMessageIsReceiptedOnTheIngressAndOffered) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  ASSERT_EQ(bench.sockets.sent().size(), 1u);
  EXPECT_EQ(bench.sockets.sent()[0].socket, kAckIngress);
  EXPECT_EQ(bench.sockets.sent()[0].header.ack().ack_type(), ack::v1::ACK_TYPE_RECEIPT);
  EXPECT_EQ(bench.works.Pop()->key.id.str(), "m1");
}

// CMB-WIRE-024.
TEST(EndpointShell, ANoteThatIsTooLongEndsBetweenTwoCharacters) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  const auto work = bench.works.Pop();
  bench.sockets.Forget();
  bench.shell.WorkStarted(work->key);
  lifecycle::HandlerEnd end;
  end.status = lifecycle::Status::kFailure;
  end.code = lifecycle::ErrorCode::kInternalError;
  end.note = std::string(4095, 'x') + "\u00e4";  // Its second byte is beyond the bound.
  bench.shell.WorkEnded(work->key, end);
  bench.shell.Commit();
  const auto& ack = bench.sockets.sent().back().header.ack();
  EXPECT_EQ(ack.note(), std::string(4095, 'x'));
  EXPECT_TRUE(ack.truncated());
}

// CMB-SND-004, CMB-WIRE-023.
TEST(EndpointShell, RefusesAMessageWhoseHeaderNobodyNeedTake) {
  Bench bench;
  OutgoingMessage message{.payload = "x"};
  message.idempotency_key = std::string(65'300, 'k');
  EXPECT_EQ(bench.shell.Send("main", "arm", message, {}).index(), 0u);
  message.idempotency_key = std::string(65'500, 'k');
  EXPECT_EQ(bench.shell.Send("main", "arm", message, {}).index(), 1u);
}

TEST(EndpointShell, JudgesInTheOrderOfTheSpecification) {
  auto elsewhere = MessageHeader("m1");
  elsewhere.set_channel("side");
  auto misaddressed = MessageHeader("m1");
  misaddressed.set_targets(0, "another");
  auto unknown = MessageHeader("m1");
  unknown.set_msg_type(static_cast<ack::v1::MsgType>(77));
  auto query = MessageHeader("m1");
  query.set_msg_type(ack::v1::MSG_TYPE_QUERY);
  query.set_schema_version(2);
  auto reply = MessageHeader("m1");
  reply.set_msg_type(ack::v1::MSG_TYPE_REPLY);
  reply.set_correlation_id("m0");
  auto newer = MessageHeader("m1");
  newer.set_schema_version(2);

  Bench bench;
  for (const auto& header : {elsewhere, misaddressed, unknown, query, reply, newer}) {
    bench.Arrives(kMain, header);
  }
  EXPECT_EQ(TakeAnomalies(bench.events),
            (Words{"CHANNEL_MISMATCH", "CHANNEL_MISMATCH", "UNKNOWN_TYPE", "UNSUPPORTED",
                   "UNSUPPORTED", "UNKNOWN_VALUE"}));
  EXPECT_TRUE(bench.sockets.sent().empty());
}

TEST(EndpointShell, WithoutTheRoleTargetAMessageIsUnsupported) {
  Bench bench(Plays::kSenderOnly);
  bench.Arrives(kMain, MessageHeader("m1"));
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNSUPPORTED"});
}

TEST(EndpointShell, GivesEachAckToTheRoleItIsFor) {
  Bench bench;
  bench.Sends("main", {.payload = "hello"});
  bench.Arrives(kMain, MessageHeader("theirs"));
  static_cast<void>(bench.events.Take());

  bench.Arrives(kAckEgress, Ack(ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATUS_SUCCESS, "m1"));
  EXPECT_EQ(bench.shell.Find("target", "m1")->state(), ack::v1::STATE_ROUTED);
  EXPECT_TRUE(TakeAnomalies(bench.events).empty());

  auto cancel = Ack(ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED, "theirs");
  cancel.set_source("sender");
  bench.Arrives(kAckEgress, cancel);
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNSUPPORTED"});

  auto forged = Ack(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_SUCCESS, "theirs");
  forged.set_source("sender");
  bench.Arrives(kAckEgress, forged);
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNAUTHORIZED_ACK"});
}

TEST(EndpointShell, APingIsAnsweredOnThePairOfItsSocket) {
  Bench bench;
  auto ping = MessageHeader("@nonce");
  ping.set_msg_type(ack::v1::MSG_TYPE_PING);
  bench.Arrives(kMain, ping);
  bench.Arrives(kAckEgress, ping);
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  EXPECT_EQ(bench.sockets.sent()[0].socket, kMain);
  EXPECT_EQ(bench.sockets.sent()[1].socket, kAckIngress);
  EXPECT_EQ(bench.sockets.sent()[1].header.correlation_id(), "@nonce");
  EXPECT_EQ(bench.sockets.sent()[1].payload, "payload");
}

TEST(EndpointShell, AResendDiffersInAttemptAndLifeOnly) {
  Bench bench;
  bench.Sends("main", {.payload = "hello"});
  for (const std::uint64_t now : {1000, 2000}) {
    bench.clock.SetNowMs(now);
    bench.FiresWhatIsDue();
  }
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  auto expected = bench.sockets.sent()[0].header;
  expected.set_attempt(2);
  expected.set_ttl_ms(298'000);
  EXPECT_EQ(bench.sockets.sent()[1].header.SerializeAsString(), expected.SerializeAsString());
  EXPECT_EQ(bench.sockets.sent()[1].payload, "hello");
}

TEST(EndpointShell, ARefusedSendUsesNoIdAndSendsNothing) {
  Bench bench;
  EXPECT_EQ(bench.Sends("no such channel"), "");
  EXPECT_TRUE(bench.sockets.sent().empty());
  EXPECT_EQ(bench.Sends("main"), "m1");
}

class LastingTxStore : public MemoryTxStore {
 public:
  bool IsDurable() const override { return true; }
};

TEST(EndpointShell, WhatWasStoredOfAChannelThatIsGoneIsToldAndGivenUp) {
  ManualClock clock;
  LastingTxStore store;
  MemoryEventSink events;
  FakeTransport sockets;
  Journal journal{clock, {&events}};
  WorkQueue works;
  const auto begin = [&](std::vector<std::string> channels) {
    auto shell = std::make_unique<EndpointShell>(BenchSettings(), SocketMap(std::move(channels)),
                                                 EndpointParts{sockets, journal, store, works},
                                                 ListedJitter({1.0}));
    shell->Recover(Away::kKnown);
    shell->Commit();
    return shell;
  };
  {
    const auto before = begin({"main", "extra"});
    before->Send("extra", "other", {}, {});
    before->Commit();
  }
  sockets.Forget();
  static_cast<void>(events.Take());
  const auto shell = begin({"main"});
  for (const std::uint64_t now : {1000, 2000}) {  // The router_ack timer, then the backoff.
    clock.SetNowMs(now);
    while (shell->FireNext(lifecycle::TimerClass::kProtocol)) {
    }
    shell->Commit();
  }
  EXPECT_TRUE(sockets.sent().empty());
  EXPECT_EQ(TakeAnomalies(events), Words{"UNDELIVERABLE"});
}

TEST(EndpointShell, WorkWhoseLifeEndedMayNotStart) {
  Bench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  const auto work = bench.works.Pop();
  bench.clock.SetNowMs(300'000);
  bench.FiresWhatIsDue();
  EXPECT_FALSE(bench.shell.WorkStarted(work->key));
}

TEST(EndpointShell, NothingIsSaidOrStartedBeforeTheCommit) {
  Bench bench;
  bench.shell.Send("main", "other", {}, {});
  bench.shell.Handle(Arriving(kMain, {}, wire::Encode(MessageHeader("m1"), "payload")));
  EXPECT_TRUE(bench.sockets.sent().empty());
  EXPECT_FALSE(bench.works.Pop());
  bench.shell.Commit();
  EXPECT_EQ(bench.sockets.sent().size(), 2u);
  EXPECT_TRUE(bench.works.Pop());
}

// CMB-DUR-016.
TEST(EndpointShell, WhatTheStoreDoesNotTakeIsNeitherAnsweredNorStarted) {
  Bench bench;
  bench.store.Fill();
  EXPECT_THROW(bench.Arrives(kMain, MessageHeader("m1")), std::runtime_error);
  EXPECT_TRUE(bench.sockets.sent().empty());
  EXPECT_FALSE(bench.works.Pop());
  EXPECT_THROW(bench.Sends("main"), std::runtime_error);
  EXPECT_TRUE(bench.sockets.sent().empty());
}

TEST(EndpointShell, KeepsTheStoreAtWhatTheCoresKnow) {
  Bench bench;
  bench.Sends("main");
  bench.Arrives(kMain, MessageHeader("m1"));
  EXPECT_EQ(bench.store.Get({ack::v1::ROLE_SENDER, "target", "m1"})->record.state(),
            ack::v1::STATE_SEND_PENDING);
  EXPECT_EQ(bench.store.Get({ack::v1::ROLE_TARGET, "sender", "m1"})->record.state(),
            ack::v1::STATE_RECEIVED);
}

RC_GTEST_PROP(EndpointShell, BentBytesNeverCrashItAndAreAtMostOneAnomaly, ()) {
  Bench bench;
  bench.Sends("main");
  static_cast<void>(bench.events.Take());
  for (int i = 0; i < 20; ++i) {
    const auto header = *rc::gen::arbitrary<bool>()
                            ? MessageHeader("m9")
                            : Ack(ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATUS_SUCCESS, "m1");
    bench.shell.Handle(Arriving(*rc::gen::inRange<std::size_t>(0, 4), {}, Bent(header)));
    bench.shell.Commit();
    RC_ASSERT(TakeAnomalies(bench.events).size() <= 1u);
  }
}

}  // namespace
}  // namespace cmb::reference
