// Which cases compare two instants that are one: each tie, and the same a millisecond off.
#include "conformance/wall/ties.h"

#include <gtest/gtest.h>

#include <utility>

namespace cmb::conformance::wall {
namespace {

using scenario::Milliseconds;

scenario::Case CaseOf(std::vector<scenario::Step::Action> actions) {
  scenario::Case one;
  for (scenario::Step::Action& action : actions) {
    one.steps.emplace_back().action = std::move(action);
  }
  return one;
}

scenario::Advance AdvanceBy(int ms) {
  scenario::Advance advance;
  advance.by = Milliseconds(ms);
  return advance;
}

scenario::Expect ExpectWithin(int low_ms, int high_ms) {
  scenario::Expect expect;
  expect.in = scenario::DurationRange{Milliseconds(low_ms), Milliseconds(high_ms)};
  return expect;
}

// Something happens at each of these.
Transcript At(ack::v1::Role role, const std::vector<std::uint64_t>& instants) {
  Transcript transcript;
  transcript.header.role = role;
  for (const std::uint64_t at_ms : instants) {
    transcript.entries.emplace_back().at_ms = at_ms;
  }
  return transcript;
}

Transcript OfSender(const std::vector<std::uint64_t>& instants) {
  return At(ack::v1::ROLE_SENDER, instants);
}

Transcript OfRouter(const std::vector<std::uint64_t>& instants) {
  return At(ack::v1::ROLE_ROUTER, instants);
}

TEST(Ties, NeedsIsWhatTheCaseSaysThatItNeeds) {
  scenario::Case one;
  one.needs = {"batch_ack"};
  EXPECT_TRUE(Needs(one, "batch_ack"));
  EXPECT_FALSE(Needs(one, "batch"));
}

// ---------------------------------------------------------------- marks of a router

TEST(Ties, ARouterKnowsWhatItClosedTwoLatencies) {
  EXPECT_TRUE(HasTie({}, OfRouter({5, 60'005})));
  EXPECT_FALSE(HasTie({}, OfRouter({5, 60'004})));
  EXPECT_FALSE(HasTie({}, OfRouter({5, 60'006})));
  EXPECT_FALSE(HasTie({}, OfSender({5, 60'005})));
}

TEST(Ties, TheLatencyIsThatOfTheSettings) {
  Transcript transcript = OfRouter({0, 2'000});
  transcript.header.settings.set_max_latency_ms(1'000);
  EXPECT_TRUE(HasTie({}, transcript));
  transcript.header.settings.set_max_latency_ms(1'001);
  EXPECT_FALSE(HasTie({}, transcript));
}

// ---------------------------------------------------------------- the window after a CANCEL

TEST(Ties, ACancelThatTheLastInstantOfTheWindowFollows) {
  const auto after = [](int ms) { return CaseOf({scenario::CancelMessages{}, AdvanceBy(ms)}); };
  EXPECT_TRUE(HasTie(after(300'000), {}));
  EXPECT_FALSE(HasTie(after(299'999), {}));
  EXPECT_FALSE(HasTie(after(300'001), {}));
}

TEST(Ties, WaitsAddUpToTheWindow) {
  scenario::Case one = CaseOf({AdvanceBy(700), scenario::CancelMessages{}, AdvanceBy(400),
                               ExpectWithin(0, 600), scenario::Expect{}});
  one.config.reconcile_window = Milliseconds(1'000);
  EXPECT_TRUE(HasTie(one, {}));
  one.config.reconcile_window = Milliseconds(1'700);  // What came before the CANCEL is not in it.
  EXPECT_FALSE(HasTie(one, {}));
}

TEST(Ties, TheWindowOfAnotherCancelBeginsAnew) {
  scenario::Case one = CaseOf(
      {scenario::CancelMessages{}, AdvanceBy(400), scenario::CancelMessages{}, AdvanceBy(600)});
  one.config.reconcile_window = Milliseconds(1'000);
  EXPECT_FALSE(HasTie(one, {}));
  one.config.reconcile_window = Milliseconds(600);
  EXPECT_TRUE(HasTie(one, {}));
}

TEST(Ties, WithoutACancelNoWindowIsCompared) {
  EXPECT_FALSE(HasTie(CaseOf({AdvanceBy(300'000)}), {}));
}

// ---------------------------------------------------------------- circuits

scenario::Case WithCircuit() {
  scenario::Case one;
  one.needs = {"circuit_breaker"};
  return one;
}

TEST(Ties, ACircuitComparesItsWindowAndHowLongItIsOpen) {
  for (const std::uint64_t apart : {60'000U, 30'000U}) {
    EXPECT_TRUE(HasTie(WithCircuit(), OfSender({7, 7 + apart})));
    EXPECT_FALSE(HasTie(WithCircuit(), OfSender({7, 8 + apart})));
    EXPECT_FALSE(HasTie(WithCircuit(), OfSender({7, 6 + apart})));
    EXPECT_FALSE(HasTie({}, OfSender({7, 7 + apart})));
  }
}

TEST(Ties, ACircuitOfItsOwnIsComparedAsItIsSet) {
  scenario::Case one;
  one.config.circuit.open = Milliseconds(500);
  Transcript transcript = OfSender({0, 500});
  EXPECT_FALSE(HasTie(one, transcript));
  transcript.header.settings.mutable_circuit()->set_open_ms(500);
  EXPECT_TRUE(HasTie(one, transcript));
  transcript.header.settings.mutable_circuit()->set_open_ms(501);
  transcript.header.settings.mutable_circuit()->set_window_ms(500);
  EXPECT_TRUE(HasTie(one, transcript));
}

TEST(Ties, WhatIsSlowIsComparedWhereItIsSetAlone) {
  Transcript transcript = OfSender({0, 200});
  transcript.header.settings.mutable_circuit();
  EXPECT_FALSE(HasTie(WithCircuit(), transcript));
  transcript.header.settings.mutable_circuit()->set_slow_ms(200);
  EXPECT_TRUE(HasTie(WithCircuit(), transcript));
}

// ---------------------------------------------------------------- memories that an ACK tells

// An ACK that comes at 1,000 ms; something happened at 400 ms.
Transcript WithMemory(std::uint64_t memory_ms, bool in_batch, Direction direction) {
  Transcript transcript = OfSender({400, 1'000});
  DataFrame frame;
  frame.direction = direction;
  frame.header.emplace();
  ack::v1::Ack& ack =
      in_batch ? *frame.header->mutable_ack_batch()->add_acks() : *frame.header->mutable_ack();
  ack.set_memory_ms(memory_ms);
  transcript.entries[1].what = std::move(frame);
  return transcript;
}

TEST(Ties, AMemoryThatBeginsWhenSomethingHappened) {
  for (const bool in_batch : {false, true}) {
    EXPECT_TRUE(HasTie({}, WithMemory(600, in_batch, Direction::kToIut)));
    EXPECT_FALSE(HasTie({}, WithMemory(599, in_batch, Direction::kToIut)));
    EXPECT_FALSE(HasTie({}, WithMemory(601, in_batch, Direction::kToIut)));
    EXPECT_FALSE(HasTie({}, WithMemory(0, in_batch, Direction::kToIut)));
    EXPECT_FALSE(HasTie({}, WithMemory(1'001, in_batch, Direction::kToIut)));
    EXPECT_FALSE(HasTie({}, WithMemory(600, in_batch, Direction::kFromIut)));
  }
}

TEST(Ties, AFrameThatDoesNotDecodeTellsNothing) {
  Transcript transcript = WithMemory(600, false, Direction::kToIut);
  std::get<DataFrame>(transcript.entries[1].what).header.reset();
  EXPECT_FALSE(HasTie({}, transcript));
}

}  // namespace
}  // namespace cmb::conformance::wall
