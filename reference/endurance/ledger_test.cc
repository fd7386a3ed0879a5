// The account finds each kind of fault: what it says of a run is worth as much
// as this.
#include "reference/endurance/ledger.h"

#include <gtest/gtest.h>

#include "reference/endurance/note_file.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

using Faults = std::vector<std::string>;

struct Story {
  explicit Story(ack::v1::AckType required = ack::v1::ACK_TYPE_EXECUTION_ACK) {
    ledger.Sent("m1", required);
  }
  void Takes(ack::v1::State state, ack::v1::Certainty certainty = ack::v1::CERTAINTY_UNSPECIFIED) {
    ledger.Has("m1", {state, certainty});
  }
  Ledger ledger;
};

Deeds Started(const std::string& id, int times) { return {.starts = {{id, times}}}; }

// The ledger of a sender that left these lines.
Ledger Of(const std::vector<std::string>& lines) {
  const auto path = FreshPath("notes");
  NoteFile notes(path);
  for (const auto& line : lines) {
    notes.Add(line);
  }
  Ledger ledger;
  ledger.ReadNotes(path);
  return ledger;
}

TEST(Ledger, OneStartAndASuccessIsNoFault) {
  Story run;
  EXPECT_EQ(run.ledger.totals().open, 1u);
  run.Takes(ack::v1::STATE_ROUTED);
  run.Takes(ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(run.ledger.totals().open, 0u);
  EXPECT_EQ(run.ledger.Faults(Started("m1", 1)), Faults{});
}

TEST(Ledger, AFailureMayHaveBeenStartedOrNot) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_FAILURE, ack::v1::CERTAINTY_EXECUTED);
  EXPECT_EQ(run.ledger.Faults(Started("m1", 1)), Faults{});
  EXPECT_EQ(run.ledger.Faults({}), Faults{});
}

TEST(Ledger, TwoStartsAreAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(run.ledger.Faults(Started("m1", 2)), Faults{"m1 was started 2 times"});
}

TEST(Ledger, AcceptedWithoutAnOutcomeIsAFault) {
  Story run;
  run.Takes(ack::v1::STATE_DELIVERED);
  EXPECT_EQ(run.ledger.Faults({}), Faults{"m1 was accepted and lost: its sender has DELIVERED"});
  run.Takes(ack::v1::STATE_TIMEOUT_ABORT);
  EXPECT_EQ(run.ledger.Faults({}),
            Faults{"m1 was accepted and lost: its sender has TIMEOUT_ABORT"});
}

TEST(Ledger, ASuccessWithoutAStartIsAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(run.ledger.Faults({}), Faults{"m1 succeeded and was never started"});
}

// Nobody but the router has it once its sender is content.
TEST(Ledger, WhatTheRouterAcceptedAndNeverBroughtIsAFault) {
  Story run(ack::v1::ACK_TYPE_ROUTER_ACK);
  run.Takes(ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(run.ledger.Faults({}), Faults{"m1 was accepted by the router, and never came"});
  EXPECT_EQ(run.ledger.Faults(Started("m1", 1)), Faults{});
  EXPECT_EQ(run.ledger.Faults({.interrupted = {"m1"}}), Faults{});
  EXPECT_EQ(run.ledger.totals().entrusted, 1u);
}

TEST(Ledger, AStartWhereTheSenderIsCertainOfNoneIsAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_FAILURE, ack::v1::CERTAINTY_NOT_EXECUTED);
  EXPECT_EQ(run.ledger.Faults(Started("m1", 1)),
            Faults{"m1 was started, and its sender is certain it was not"});
}

TEST(Ledger, AStartOfWhatWasNeverSentIsAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_FAILURE);
  EXPECT_EQ(run.ledger.Faults(Started("m7", 1)), Faults{"m7 was started and never sent"});
}

TEST(Ledger, AMessageThatSendReturnedAndTheSenderForgotIsAFault) {
  EXPECT_EQ(Of({SentLine("m1", ack::v1::ACK_TYPE_EXECUTION_ACK)}).Faults({}),
            Faults{"m1 has no outcome: its sender has SEND_PENDING"});
}

// Killed between its record and Send's return: it need not be told, and has its
// outcome all the same.
TEST(Ledger, AMessageThatOnlyTheStoreHasIsJudgedToo) {
  const auto pending = HasLine("m1", {});
  EXPECT_EQ(Of({pending}).Faults({}), Faults{"m1 has no outcome: its sender has SEND_PENDING"});
  const auto ended = Of({pending, HasLine("m1", {ack::v1::STATE_COMPLETED_SUCCESS})});
  EXPECT_EQ(ended.Faults(Started("m1", 1)), Faults{});
  EXPECT_EQ(ended.totals().sent, 1u);
  EXPECT_EQ(ended.totals().returned, 0u);
}

TEST(Ledger, WhatTheStoreDoesNotHaveMustBeToldAgain) {
  const auto told = HasLine("m1", {ack::v1::STATE_COMPLETED_SUCCESS});
  const auto restored = HasLine("m1", {ack::v1::STATE_ROUTED});
  EXPECT_EQ(Of({SentLine("m1", ack::v1::ACK_TYPE_EXECUTION_ACK), told, restored})
                .Faults(Started("m1", 1)),
            Faults{"m1 was accepted and lost: its sender has ROUTED"});
  EXPECT_EQ(Of({SentLine("m1", ack::v1::ACK_TYPE_EXECUTION_ACK), told, restored, told})
                .Faults(Started("m1", 1)),
            Faults{});
}

TEST(Ledger, AnIdThatIsGivenAgainAfterARestartIsAFault) {
  const auto has = HasLine("m1", {ack::v1::STATE_COMPLETED_FAILURE});
  EXPECT_EQ(Of({has, SentLine("m1", ack::v1::ACK_TYPE_EXECUTION_ACK)}).Faults({}),
            Faults{"m1 is the id of two messages"});
}

TEST(Deeds, AreStartsAndInterruptions) {
  const auto path = FreshPath("notes");
  NoteFile notes(path);
  for (const auto& line : {StartedLine("m1"), StartedLine("m1"), InterruptedLine("m2")}) {
    notes.Add(line);
  }
  const auto deeds = ReadDeeds(path);
  EXPECT_EQ(deeds.starts, (std::map<std::string, int>{{"m1", 2}}));
  EXPECT_EQ(deeds.interrupted, std::set<std::string>{"m2"});
  notes.Add("m3");
  EXPECT_THROW(ReadDeeds(path), std::runtime_error);
}

TEST(Ledger, ALineThatIsNoneIsAnError) {
  EXPECT_THROW(Of({"has m1 STATE_ROU"}), std::runtime_error);
  EXPECT_THROW(Of({"m1"}), std::runtime_error);
}

}  // namespace
}  // namespace cmb::reference
