// CANCEL: the application's wish, said again until something answers. Spec: chapter
// cancellation.
#include <algorithm>
#include <utility>

#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

// CMB-CXL-001: neither an alert nor a TIMEOUT. CMB-CXL-013: what has ended stays as it is.
void SenderStep::ApplicationCancels() {
  if (!IsEnded(record.state)) {
    Finish(State::kTimeoutAbort,
           {.reason = Reason::kCancel, .code = ErrorCode::kCancelled, .note = {}}, KnownSoFar());
    SendCancel();
  } else if (record.state == State::kTimeoutAbort && record.cancels == 0) {
    SendCancel();
  }
}

// CMB-CXL-015. CMB-FBK-005.
void SenderStep::SendCancel() {
  for (const RouterName& via : record.routers) {
    SendAck cancel{.to = record.message.target, .ack = {}, .parcel = {}, .via = via};
    cancel.ack.type = AckType::kCancel;
    cancel.ack.correlation_id = record.message.id;
    cancel.ack.attempt = record.attempt;
    effects.push_back(std::move(cancel));
  }
  if (record.routers.empty()) {
    return;  // Nothing was sent that could be cancelled.
  }
  ++record.cancels;
  const DeliveryPolicy& policy = record.message.policy;
  const Duration wait =
      std::max(policy.router_ack, NextBackoff(policy, record.cancels, core.jitter_));
  if (now + wait <= WindowEnd()) {
    timers().Arm(Key(), TimerKind::kCancel, now + wait);
  }
}

// A restart may bring the timer late.
void SenderStep::SayCancelAgain() {
  if (now <= WindowEnd()) {
    SendCancel();
  }
}

// CMB-CXL-003.
bool SenderStep::AnswersCancelWithProof(const AckIn& ack) const {
  return record.state == State::kTimeoutAbort && record.cancels > 0 &&
         ack.type == AckType::kDeliveryAck && ack.status == Status::kFailure &&
         ack.code == ErrorCode::kCancelled && ack.never_forwarded;
}

}  // namespace cmb::lifecycle
