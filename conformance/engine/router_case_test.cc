// Cases whose IUT is a router: receivers, authors, payloads, `given`, and the
// well-behaved target behind it. The router forwards and passes on, no more.
#include <gtest/gtest.h>

#include "conformance/engine/fake_bench_testing.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

CognitiveMessage FromRouter(ack::v1::AckType type, const CognitiveMessage& about) {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source(kRouterId);
  header.add_targets(about.source());
  header.mutable_ack()->set_ack_type(type);
  header.mutable_ack()->set_status(ack::v1::STATUS_SUCCESS);
  header.mutable_ack()->set_correlation_id(about.message_id());
  header.mutable_ack()->set_attempt(about.attempt());
  return header;
}

constexpr SocketNumber kMain = 0;
constexpr SocketNumber kEgress = 2;

// ROUTER_ACK and a forward for each MESSAGE; RECEIPT becomes DELIVERY_ACK.
void Route(FakeBench& bench) {
  bench.on_frame = [&bench](const CognitiveMessage& frame) {
    if (frame.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
      bench.Say(kEgress, frame.source(), FromRouter(ack::v1::ACK_TYPE_ROUTER_ACK, frame));
      bench.Say(kMain, frame.targets(0), frame, "m1m1m1m1m1m1m1m1");
      bench.records[frame.message_id()].set_state(ack::v1::STATE_FORWARDING);
    } else if (frame.ack().ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
      CognitiveMessage about;
      about.set_source(frame.targets(0));
      about.set_message_id(frame.ack().correlation_id());
      about.set_attempt(frame.ack().attempt());
      bench.Say(kEgress, about.source(), FromRouter(ack::v1::ACK_TYPE_DELIVERY_ACK, about));
      bench.records[about.message_id()].set_state(ack::v1::STATE_DELIVERED);
    } else {
      bench.Say(kEgress, frame.targets(0), frame);
    }
  };
}

CaseResult Play(FakeBench& bench, const std::string& rest) {
  return RunText(bench, Document("router", rest));
}

TEST(RouterCase, WholePathByHand) {
  FakeBench bench;
  Route(bench);
  const CaseResult result = Play(bench,
                                 "steps:\n  - send: m1\n  - expect: ROUTER_ACK/SUCCESS\n"
                                 "  - {expect: MESSAGE, payload: same, same_bytes_as: m1}\n"
                                 "  - ack: RECEIPT\n  - expect: DELIVERY_ACK/SUCCESS\n"
                                 "  - ack: EXECUTION_ACK/SUCCESS\n"
                                 "  - expect: EXECUTION_ACK/SUCCESS\n  - expect: nothing\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.settings.connected, (std::vector<std::string>{"sender", "target"}));
}

TEST(RouterCase, OtherBytesAreSeen) {
  FakeBench bench;
  Route(bench);
  bench.on_frame = [&bench, route = bench.on_frame](CognitiveMessage frame) {
    frame.set_traceparent("changed on the way");
    route(frame);
  };
  const CaseResult result =
      Play(bench, "steps:\n  - send: m1\n  - {expect: MESSAGE, same_bytes_as: m1}\n");
  EXPECT_EQ(result.verdict, Verdict::kFail);
}

TEST(RouterCase, AnAnswerToAnybodyElseIsNotTaken) {
  FakeBench bench;
  bench.on_frame = [&](const CognitiveMessage& frame) {
    bench.Say(kEgress, "target", FromRouter(ack::v1::ACK_TYPE_ROUTER_ACK, frame));
  };
  EXPECT_EQ(Play(bench, "steps:\n  - send: m1\n  - expect: ROUTER_ACK/SUCCESS\n").verdict,
            Verdict::kFail);
}

TEST(RouterCase, GivenDeliveredIsReachedByAReceipt) {
  FakeBench bench;
  Route(bench);
  EXPECT_EQ(Play(bench, "given: {m1: DELIVERED}\nsteps:\n  - expect: nothing\n").verdict,
            Verdict::kPass);
  EXPECT_EQ(bench.heard.back().source(), "target");
}

TEST(RouterCase, AnAckByAnotherModuleHasItsOwnSource) {
  FakeBench bench;
  Route(bench);
  Play(bench,
       "peers: {mallory: connected}\ngiven: {m1: FORWARDING}\nsteps:\n"
       "  - {ack: CANCEL, by: mallory}\n  - never: MESSAGE\n  - advance: 1s\n");
  EXPECT_EQ(bench.heard.back().source(), "mallory");
  EXPECT_EQ(bench.heard.back().ack().ack_type(), ack::v1::ACK_TYPE_CANCEL);
}

TEST(RouterCase, TheWellBehavedTargetAnswersBehindIt) {
  FakeBench bench;
  Route(bench);
  const CaseResult result = Play(bench,
                                 "faults: none\nsteps:\n  - send: m1\n"
                                 "  - expect: EXECUTION_ACK/SUCCESS\n"
                                 "  - expect: DELIVERY_ACK/SUCCESS\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
}

TEST(RouterCase, AnExtraAckIsNotBentByFaults) {
  FakeBench bench;
  Route(bench);
  const CaseResult result = Play(bench,
                                 "faults: [{drop: RECEIPT, link: target}]\nsteps:\n  - send: m1\n"
                                 "  - never: DELIVERY_ACK\n  - advance: 1s\n");
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  FakeBench extra;
  Route(extra);
  EXPECT_EQ(Play(extra,
                 "faults: [{drop: RECEIPT, link: target}]\nsteps:\n  - send: m1\n"
                 "  - ack: RECEIPT\n  - expect: DELIVERY_ACK/SUCCESS\n")
                .verdict,
            Verdict::kPass);
}

TEST(RouterCase, APingAndItsPong) {
  const auto run = [](bool answers) {
    FakeBench bench;
    bench.on_frame = [&bench, answers](const CognitiveMessage& frame) {
      CognitiveMessage pong;
      pong.set_schema_version(1);
      pong.set_msg_type(ack::v1::MSG_TYPE_PONG);
      pong.set_correlation_id(answers ? frame.message_id() : "another");
      pong.set_source(kRouterId);
      pong.add_targets(frame.source());
      bench.Say(kMain, frame.source(), pong);
    };
    return Play(bench,
                "steps:\n  - {ping: router, by: sender, on: main, as: p1}\n"
                "  - {expect: PONG, of: p1, on: main}\n")
        .verdict;
  };
  EXPECT_EQ(run(true), Verdict::kPass);
  EXPECT_EQ(run(false), Verdict::kFail);
}

}  // namespace
}  // namespace cmb::conformance::engine
