#include "reference/extras/replay/replay.h"

#include <gtest/gtest.h>

#include <fstream>

#include "reference/extras/events/jsonl_event_sink.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

// Makes a module's events in order, each with the next number.
class Story {
 public:
  Event Goes(Role role, State from, State to, Reason reason, std::uint32_t attempt = 1) {
    Event event = Next();
    auto& transition = *event.mutable_transition();
    transition.set_message_id("m1");
    transition.set_source("sender");
    transition.set_target("target");
    transition.set_role(role);
    transition.set_old_state(from);
    transition.set_new_state(to);
    transition.set_reason(reason);
    transition.set_attempt(attempt);
    transition.set_monotonic_ms(now_ms);
    return event;
  }
  Event SenderGoes(State from, State to, Reason reason, std::uint32_t attempt = 1) {
    return Goes(ROLE_SENDER, from, to, reason, attempt);
  }
  Event Waits(std::uint32_t attempt, std::uint64_t backoff_ms) {
    Event event = Next();
    auto& retry = *event.mutable_retry();
    retry.set_message_id("m1");
    retry.set_source("sender");
    retry.set_role(ROLE_SENDER);
    retry.set_attempt(attempt);
    retry.set_backoff_ms(backoff_ms);
    retry.set_monotonic_ms(now_ms);
    return event;
  }
  Event Alerts(AlertState state) {
    Event event = Next();
    event.mutable_alert()->set_message_id("m1");
    event.mutable_alert()->set_source("sender");
    event.mutable_alert()->set_state(state);
    event.mutable_alert()->set_monotonic_ms(now_ms);
    return event;
  }
  Event Executes() {
    Event event = Next();
    event.mutable_execution()->set_message_id("m1");
    event.mutable_execution()->set_source("sender");
    event.mutable_execution()->set_monotonic_ms(now_ms);
    return event;
  }

  std::uint64_t now_ms = 0;
  std::uint64_t number = 0;

 private:
  Event Next() {
    Event event;
    event.set_number(++number);
    return event;
  }
};

// The sentence of the first event that does not fit; empty: all fit.
std::string FirstFault(Replay& replay, const std::vector<Event>& events) {
  for (const auto& event : events) {
    if (auto fault = replay.Apply(event)) {
      return *fault;
    }
  }
  return "";
}

TEST(Replay, TheLastTransitionIsWhereTheRecordIs) {
  Story story;
  Replay replay;
  auto done = story.SenderGoes(STATE_SEND_PENDING, STATE_COMPLETED_SUCCESS, REASON_EXECUTION_ACK);
  done.set_number(2);
  done.mutable_transition()->set_certainty(CERTAINTY_EXECUTED);
  story.number = 0;
  EXPECT_EQ(
      FirstFault(replay, {story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND), done}),
      "");
  const auto record = replay.Records(0).at(0);
  EXPECT_EQ(record.state(), STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(record.reason(), REASON_EXECUTION_ACK);
  EXPECT_EQ(record.certainty(), CERTAINTY_EXECUTED);
  EXPECT_EQ(record.attempt(), 1u);
}

TEST(Replay, AnAttemptIsSentWhenItsWaitIsOver) {
  Story story;
  Replay replay;
  const auto sends = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  story.now_ms = 1000;
  EXPECT_EQ(FirstFault(replay, {sends, story.Waits(2, 500)}), "");
  EXPECT_EQ(replay.Records(1499).at(0).attempt(), 1u);
  EXPECT_EQ(replay.Records(1500).at(0).attempt(), 2u);
  EXPECT_EQ(replay.Records(1500).at(0).retry_count(), 1u);
}

TEST(Replay, GoodNewsEndsAWait) {
  Story story;
  Replay replay;
  const auto sends = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  const auto waits = story.Waits(2, 500);
  const auto routed = story.SenderGoes(STATE_SEND_PENDING, STATE_ROUTED, REASON_ROUTER_ACK);
  EXPECT_EQ(FirstFault(replay, {sends, waits, routed}), "");
  EXPECT_EQ(replay.Records(1'000'000).at(0).attempt(), 1u);
}

TEST(Replay, AnAlertBelongsToItsRecord) {
  Story story;
  Replay replay;
  const std::vector<Event> events{
      story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND),
      story.SenderGoes(STATE_SEND_PENDING, STATE_TIMEOUT_ABORT, REASON_TTL_EXPIRED),
      story.Alerts(ALERT_STATE_RAISED),
      story.SenderGoes(STATE_TIMEOUT_ABORT, STATE_COMPLETED_SUCCESS, REASON_LATE_EXECUTION_ACK),
      story.Alerts(ALERT_STATE_RESOLVED)};
  EXPECT_EQ(FirstFault(replay, events), "");
  EXPECT_EQ(replay.Records(0).at(0).alert(), ALERT_STATE_RESOLVED);
  EXPECT_EQ(FirstFault(replay, {story.Alerts(ALERT_STATE_RAISED)}),
            "the alert of m1 is RESOLVED, which RAISED cannot follow");
}

TEST(Replay, RouterAndTargetBeginInTheirFirstState) {
  Story story;
  Replay replay;
  EXPECT_EQ(
      FirstFault(replay,
                 {story.Goes(ROLE_ROUTER, STATE_FORWARDING, STATE_DELIVERED, REASON_RECEIPT),
                  story.Goes(ROLE_TARGET, STATE_RECEIVED, STATE_EXECUTING, REASON_HANDLER_STARTED),
                  story.Executes()}),
      "");
  ASSERT_EQ(replay.Records(0).size(), 2u);
  EXPECT_EQ(replay.Records(0).at(0).state(), STATE_DELIVERED);
  EXPECT_EQ(replay.Records(0).at(1).execution_count(), 1u);
}

TEST(Replay, AGapInTheNumbersIsAnError) {
  Story story;
  Replay replay;
  const auto sends = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  story.number = 2;
  EXPECT_EQ(FirstFault(replay, {sends, story.Waits(2, 1)}), "event 3 where event 2 is expected");
}

TEST(Replay, ALogWithoutItsBeginningIsAnError) {
  Story story;
  story.number = 6;
  Replay replay;
  EXPECT_EQ(FirstFault(replay, {story.Waits(2, 1)}), "event 7 where event 1 is expected");
}

TEST(Replay, AnOldStateThatIsNotWhereTheRecordWasIsAnErrorAndIsNotTaken) {
  Story story;
  Replay replay;
  const auto sends = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  const auto jump = story.SenderGoes(STATE_ROUTED, STATE_DELIVERED, REASON_DELIVERY_ACK);
  EXPECT_EQ(FirstFault(replay, {sends, jump}), "m1 is in SEND_PENDING, not in ROUTED");
  EXPECT_EQ(replay.Records(0).at(0).state(), STATE_SEND_PENDING);
}

TEST(Replay, ARecordOutOfNowhereIsAnError) {
  Story story;
  Replay replay;
  EXPECT_NE(
      FirstFault(replay, {story.SenderGoes(STATE_ROUTED, STATE_DELIVERED, REASON_DELIVERY_ACK)}),
      "");
}

TEST(Replay, ASenderNeverBeginsAnIdAnewInOneRun) {
  Story story;
  Replay replay;
  const auto sends = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  const auto again = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  EXPECT_EQ(FirstFault(replay, {sends, again}), "m1 is in SEND_PENDING, not in IDLE");
}

TEST(Replay, ANewRunKnowsItsRecordsStillOrBeginsThemAnew) {
  Story story;
  Replay replay;
  const auto sends = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  story.number = 0;
  const auto goes_on = story.SenderGoes(STATE_SEND_PENDING, STATE_ROUTED, REASON_ROUTER_ACK);
  story.number = 0;
  const auto anew = story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND);
  EXPECT_EQ(FirstFault(replay, {sends, goes_on, anew}), "");
}

TEST(ReplayLog, ReadsRotatedFilesAndNamesTheLineThatDoesNotFit) {
  const FreshDirectory directory;
  const std::string newest = directory.File("events.jsonl");
  const std::string older = directory.File("events.1.jsonl");
  Story story;
  {
    JsonlEventSink sink(newest, {.max_bytes = 1, .keep = 2});
    sink.Write(story.SenderGoes(STATE_IDLE, STATE_SEND_PENDING, REASON_SEND));
    sink.Write(story.SenderGoes(STATE_SEND_PENDING, STATE_ROUTED, REASON_ROUTER_ACK));
    sink.Flush();
  }
  const auto replayed = ReplayLog({older, newest});
  ASSERT_TRUE(std::holds_alternative<Replay>(replayed));
  EXPECT_EQ(std::get<Replay>(replayed).Records(0).at(0).state(), STATE_ROUTED);

  std::ofstream(newest, std::ios::app) << "no event\n";
  const auto bent = ReplayLog({older, newest});
  ASSERT_TRUE(std::holds_alternative<ReplayFault>(bent));
  EXPECT_EQ(std::get<ReplayFault>(bent).file, newest);
  EXPECT_EQ(std::get<ReplayFault>(bent).line, 2u);
}

// What reading that path is refused with.
std::string Refusal(const std::string& path) {
  try {
    ReplayLog({path});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(ReplayLog, WhatCannotBeReadIsNamedWithTheCause) {
  const FreshDirectory directory;
  EXPECT_EQ(Refusal(directory.File("none")),
            "cannot read the event log " + directory.File("none") + ": No such file or directory");
  EXPECT_EQ(Refusal(directory.path()), "cannot read the event log " + directory.path() +
                                           ": it is a directory; name the files");
}

TEST(ReplayLog, AFileThatIsNotThereIsOneClearSentence) {
  EXPECT_THROW(ReplayLog({"/nonexistent/events.jsonl"}), std::runtime_error);
}

}  // namespace
}  // namespace cmb::reference
