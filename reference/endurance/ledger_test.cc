// The account finds each kind of fault: what it says of a run is worth as much
// as this.
#include "reference/endurance/ledger.h"

#include <gtest/gtest.h>

namespace cmb::reference {
namespace {

using Faults = std::vector<std::string>;

ack::v1::Event Reaches(const std::string& id, ack::v1::State state,
                       ack::v1::Certainty certainty = ack::v1::CERTAINTY_UNSPECIFIED) {
  ack::v1::Event event;
  event.mutable_transition()->set_role(ack::v1::ROLE_SENDER);
  event.mutable_transition()->set_message_id(id);
  event.mutable_transition()->set_new_state(state);
  event.mutable_transition()->set_certainty(certainty);
  return event;
}

struct Story {
  Story() { ledger.Sent("m1"); }
  void Takes(ack::v1::State state, ack::v1::Certainty certainty = ack::v1::CERTAINTY_UNSPECIFIED) {
    ledger.Take(Reaches("m1", state, certainty));
  }
  Ledger ledger;
};

TEST(Ledger, OneStartAndASuccessIsNoFault) {
  Story run;
  EXPECT_EQ(run.ledger.open(), 1u);
  run.Takes(ack::v1::STATE_ROUTED);
  run.Takes(ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(run.ledger.open(), 0u);
  EXPECT_EQ(run.ledger.Faults({{"m1", 1}}), Faults{});
}

TEST(Ledger, AFailureMayHaveBeenStartedOrNot) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_FAILURE, ack::v1::CERTAINTY_EXECUTED);
  EXPECT_EQ(run.ledger.Faults({{"m1", 1}}), Faults{});
  EXPECT_EQ(run.ledger.Faults({}), Faults{});
}

TEST(Ledger, TwoStartsAreAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_SUCCESS);
  EXPECT_EQ(run.ledger.Faults({{"m1", 2}}), Faults{"m1 was started 2 times"});
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

TEST(Ledger, AStartWhereTheSenderIsCertainOfNoneIsAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_FAILURE, ack::v1::CERTAINTY_NOT_EXECUTED);
  EXPECT_EQ(run.ledger.Faults({{"m1", 1}}),
            Faults{"m1 was started, and its sender is certain it was not"});
}

TEST(Ledger, AStartOfWhatWasNeverSentIsAFault) {
  Story run;
  run.Takes(ack::v1::STATE_COMPLETED_FAILURE);
  EXPECT_EQ(run.ledger.Faults({{"m7", 1}}), Faults{"m7 was started and never sent"});
}

}  // namespace
}  // namespace cmb::reference
