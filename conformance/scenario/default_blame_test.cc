#include "conformance/scenario/default_blame.h"

#include <gtest/gtest.h>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"

namespace cmb::conformance::scenario {
namespace {

Expectation Ack(words::AckType type, words::Status status) {
  Expectation what;
  what.term.kind = Term::Kind::kAck;
  what.term.ack_type = type;
  what.term.status = status;
  return what;
}

TEST(RowOfMove, IsTheRowThatMovesTheRecord) {
  EXPECT_EQ(RowOfMove(words::ROLE_SENDER, words::STATE_ROUTED, words::STATE_DELIVERED,
                      words::REASON_DELIVERY_ACK),
            "CMB-SND-007");
  EXPECT_EQ(RowOfMove(words::ROLE_SENDER, words::STATE_ROUTED, words::STATE_SEND_PENDING,
                      words::REASON_DELIVERY_ACK_TIMEOUT),
            "CMB-RTY-001");
  EXPECT_EQ(RowOfMove(words::ROLE_ROUTER, words::STATE_FORWARDING, words::STATE_DELIVERED,
                      words::REASON_RECEIPT),
            "CMB-RTR-007");
  EXPECT_EQ(RowOfMove(words::ROLE_TARGET, words::STATE_UNSPECIFIED, words::STATE_RECEIVED, {}),
            "CMB-TGT-001");
  EXPECT_EQ(RowOfMove(words::ROLE_TARGET, words::STATE_RECEIVED, words::STATE_DELIVERED, {}), "");
}

TEST(RowOf, KnowsTheFirstFromTheNextAndPrefersWhatTheScenarioIsAbout) {
  Expectation message;
  message.term.kind = Term::Kind::kMessage;
  EXPECT_EQ(RowOf(words::ROLE_SENDER, message, false, {}), "CMB-SND-001");
  EXPECT_EQ(RowOf(words::ROLE_SENDER, message, true, {}), "CMB-RTY-005");
  EXPECT_EQ(RowOf(words::ROLE_ROUTER, message, true, {}), "CMB-RTR-010");
  EXPECT_EQ(RowOf(words::ROLE_ROUTER, message, true, {"CMB-RTR-028"}), "CMB-RTR-028");
  const Expectation end = Ack(words::ACK_TYPE_EXECUTION_ACK, words::STATUS_SUCCESS);
  EXPECT_EQ(RowOf(words::ROLE_TARGET, end, false, {}), "CMB-TGT-005");
  EXPECT_EQ(RowOf(words::ROLE_TARGET, end, true, {}), "CMB-DUP-004");
}

TEST(RowOfTime, IsTheScriptOfAHandlerAlone) {
  const Expectation end = Ack(words::ACK_TYPE_EXECUTION_ACK, words::STATUS_SUCCESS);
  EXPECT_EQ(RowOfTime(words::ROLE_TARGET, end), "CMB-CTL-017");
  EXPECT_EQ(RowOfTime(words::ROLE_TARGET, Ack(words::ACK_TYPE_RECEIPT, words::STATUS_SUCCESS)), "");
  EXPECT_EQ(RowOfTime(words::ROLE_ROUTER, end), "");
}

}  // namespace
}  // namespace cmb::conformance::scenario
