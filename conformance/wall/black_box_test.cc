// What a router shows without a harness, and what says nothing there.
#include "conformance/wall/black_box.h"

#include <gtest/gtest.h>

#include <utility>

#include "conformance/engine/sight.h"

namespace cmb::conformance::wall {
namespace {

using scenario::Milliseconds;
using scenario::Step;
using scenario::Term;

scenario::Expectation Of(Term::Kind kind) {
  scenario::Expectation what;
  what.term.kind = kind;
  return what;
}

scenario::Case CaseWith(std::vector<Step::Action> actions) {
  scenario::Case one;
  for (Step::Action& action : actions) {
    one.steps.emplace_back().action = std::move(action);
  }
  return one;
}

scenario::Case Plain() {
  return CaseWith({scenario::Send{{"m1"}}, scenario::Expect{Of(Term::Kind::kMessage), {}}});
}

std::string Reason(const scenario::Case& one) { return NeedsHarness(one, {"main"}).value_or(""); }

TEST(BlackBox, APlainCaseNeedsNoHarness) { EXPECT_EQ(Reason(Plain()), ""); }

TEST(BlackBox, WhatOnlyAHarnessDoesIsToldWithItsReason) {
  const auto with = [](auto change) {
    scenario::Case one = Plain();
    change(one);
    return Reason(one);
  };
  const auto act = [&](Step::Action action) {
    return with([&](scenario::Case& one) { one.steps.emplace_back().action = std::move(action); });
  };
  EXPECT_EQ(act(scenario::Crash{"router"}), "it ends and starts the router");
  EXPECT_EQ(act(scenario::WallJump{}), "it moves the router's wall clock");
  EXPECT_EQ(act(scenario::FillQueue{"target", true}), "it fills the router's queues of ZeroMQ");
  scenario::Ask ask;
  ask.kind = ack::v1::QUERY_KIND_HEALTH;
  EXPECT_EQ(act(ask), "it asks for all that the router holds, in which others are too");
  scenario::Expect reply{Of(Term::Kind::kReply), {}};
  reply.what.fields.emplace_back().path = "reply.transaction.created_at_ms";
  EXPECT_EQ(act(reply), "it looks at instants of the router's own clock");
  scenario::Together together;
  together.acts.emplace_back().action = scenario::Crash{"router"};
  EXPECT_EQ(act(together), "it ends and starts the router");
  EXPECT_EQ(with([](scenario::Case& one) { one.config.max_latency = Milliseconds(1); }),
            "it sets bounds or times of the router");
  EXPECT_EQ(with([](scenario::Case& one) { one.config.jitter = {0.5}; }),
            "it gives the router its jitter");
  EXPECT_EQ(with([](scenario::Case& one) { one.peers["@other"].name = "@other"; }),
            "it needs modules of exactly its names, which only one case may have");
  EXPECT_EQ(with([](scenario::Case& one) {
              one.config.channels = {"main", "bulk"};
            }),
            "it needs the channel 'bulk': name it as messages.bulk=");
  EXPECT_EQ(
      with([](scenario::Case& one) { one.messages["m1"].policy.delivery_ack = Milliseconds(15); }),
      "its delivery phase is rounded, and on another scale otherwise");
}

TEST(BlackBox, ACaseOfEventsAloneShowsNothing) {
  scenario::CheckRole role;
  role.no_deadline = true;
  scenario::CheckMessage state;
  state.aliases = {"m1"};
  state.state.emplace();
  EXPECT_EQ(Reason(CaseWith({scenario::Send{{"m1"}}, role, state,
                             scenario::Expect{Of(Term::Kind::kTransition), {}}})),
            "nothing to observe: it looks at events, records and timers alone");
}

TEST(Sight, OfAnObservationWhatFramesShowIsLeft) {
  Step step;
  scenario::InOrder in_order;
  in_order.members = {Of(Term::Kind::kMessage), Of(Term::Kind::kAnomaly)};
  step.action = in_order;
  const auto seen = engine::SeenOf(step);
  ASSERT_TRUE(seen);
  EXPECT_EQ(std::get<scenario::InOrder>(seen->action).members.size(), 1U);
  EXPECT_FALSE(engine::IsSeenWhole(step));
  scenario::CheckMessage check;
  check.aliases = {"m1"};
  check.attempts.emplace();
  step.action = check;
  EXPECT_TRUE(engine::IsSeenWhole(step));
  check.executions.emplace();
  step.action = check;
  EXPECT_FALSE(engine::IsSeenWhole(step));
  EXPECT_TRUE(engine::SeenOf(step));
}

// ---------------------------------------------------------------- what says nothing

class Frames {
 public:
  Frames& Put(std::uint64_t at_ms, Direction direction, ack::v1::CognitiveMessage header) {
    DataFrame frame;
    frame.direction = direction;
    frame.header = std::move(header);
    transcript_.entries.push_back({at_ms, 0, 1, std::move(frame)});
    return *this;
  }
  Frames& Forward(std::uint64_t at_ms) {
    ack::v1::CognitiveMessage header;
    header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
    header.set_message_id("m");
    header.set_attempt(1);
    header.mutable_policy()->set_backoff_first_ms(1'000);
    header.mutable_policy()->set_backoff_max_ms(30'000);
    return Put(at_ms, Direction::kFromIut, header);
  }
  Frames& Ack(std::uint64_t at_ms, Direction direction, ack::v1::AckType type) {
    ack::v1::CognitiveMessage header;
    header.set_msg_type(ack::v1::MSG_TYPE_ACK);
    header.mutable_ack()->set_ack_type(type);
    header.mutable_ack()->set_correlation_id("m");
    return Put(at_ms, direction, header);
  }
  // What becomes of a miss at that instant.
  std::string Of(std::uint64_t at_ms, const std::string& want) {
    CaseResult result;
    result.misses.emplace_back().want = want;
    result.misses.back().moment.at_ms = at_ms;
    transcript_.entries.emplace_back().at_ms = at_ms;
    return RestsOnUnset(result, transcript_).value_or("");
  }

 private:
  Transcript transcript_;
};

constexpr char kDrawn[] = "it rests on waits before redeliveries, which the router draws";

TEST(BlackBox, AMissedForwardSaysNothingFromTheLeastWaitOn) {
  EXPECT_EQ(Frames().Forward(0).Of(500, "MESSAGE of m1"), kDrawn);
  EXPECT_EQ(Frames().Forward(0).Of(499, "MESSAGE of m1"), "");
  EXPECT_EQ(Frames().Forward(0).Of(500, "TIMEOUT of m1"), "") << "no wait changes that";
}

TEST(BlackBox, NoWaitIsLeftAfterTheRoutersOwnWord) {
  EXPECT_EQ(Frames()
                .Forward(0)
                .Ack(100, Direction::kFromIut, ack::v1::ACK_TYPE_DELIVERY_ACK)
                .Of(2'000, "nothing, MESSAGE"),
            "");
  EXPECT_EQ(Frames()
                .Forward(0)
                .Ack(100, Direction::kToIut, ack::v1::ACK_TYPE_RECEIPT)
                .Of(2'000, "nothing, MESSAGE"),
            kDrawn)
      << "the router may have had reasons not to take it";
}

TEST(BlackBox, WhatIsSaidAfterTwoLatenciesRestsOnTheRoutersMemory) {
  Frames frames;
  frames.Ack(60'000, Direction::kToIut, ack::v1::ACK_TYPE_RECEIPT);
  EXPECT_EQ(frames.Of(60'000, "CANCEL"),
            "it rests on how long the router remembers, which is not scaled");
}

}  // namespace
}  // namespace cmb::conformance::wall
