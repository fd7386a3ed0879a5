// The words of the three older documents for a sender's record: spec, chapter
// model, table of views.
#include "reference/lifecycle/record.h"

namespace cmb::lifecycle {

namespace {

ViewWords WordsOf(State state, bool refused) {
  switch (state) {
    case State::kIdle:
      return {"NEW", "-", "none"};
    case State::kSendPending:
      return {"AWAIT_ROUTER_ACK", "SENT", "awaiting"};
    case State::kRouted:
      return {"AWAIT_EXEC_ACK", "SENT", "awaiting"};
    case State::kDelivered:
      return {"AWAIT_EXEC_ACK", "RECEIVED", "delivered"};
    case State::kExecuting:
      return {"AWAIT_EXEC_ACK", "READ", "delivered"};
    case State::kCompletedSuccess:
      return {"DONE", "FULFILLED", "processed"};
    case State::kCompletedFailure:
      return {"FAILED_NACK", refused ? "REJECTED" : "FAILED", "failed"};
    case State::kTimeoutAbort:
      return {"FAILED_TIMEOUT", "TIMED_OUT", "failed"};
    case State::kUnspecified:
    case State::kForwarding:
    case State::kSettled:
    case State::kRejected:
    case State::kDeadLettered:
    case State::kCancelled:
    case State::kReceived:
    case State::kSucceeded:
    case State::kFailed:
      break;
  }
  return {"NEW", "-", "none"};
}

}  // namespace

// CMB-INS-002, CMB-INS-009.
ViewWords ViewsOf(const RecordView& record) {
  // A record completed below EXECUTION_ACK is shown as far as it was seen: SW4RM and
  // Fleet promise more than such an outcome proves, CMB v0 does not.
  const bool early = record.state == State::kCompletedSuccess;
  ViewWords words = WordsOf(early ? record.highest_stage : record.state, record.refused);
  if (early) {
    words.cmb_v0 = "DONE";
  }
  return words;
}

}  // namespace cmb::lifecycle
