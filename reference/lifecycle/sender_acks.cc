// How a sender judges an ACK, in the order of the spec, and what an ACK does to
// a record that is still open.
#include <algorithm>
#include <utility>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

namespace {

// ACKs remembered for each record. A router that invents attempts cannot make
// it grow further; what is not remembered is judged by the table again.
constexpr std::size_t kJudgedPerRecord = 1024;

// CMB-VER-005: only what the policy names is.
bool IsRetryableCode(const DeliveryPolicy& policy, ErrorCode code) {
  return std::find(policy.retryable.begin(), policy.retryable.end(), code) !=
         policy.retryable.end();
}

}  // namespace

// Steps 8 to 11 of chapter 3.6. Whatever is dropped is one anomaly, and moves nothing: CMB-OBS-004,
// CMB-WIRE-028.
void SenderStep::Judge(const AckIn& ack) {
  if (!IsAuthorised(ack)) {
    Report(AnomalyKind::kUnauthorizedAck, ack);
    return;
  }
  if (IsDuplicate(ack)) {
    Report(AnomalyKind::kDuplicateAck, ack);
    return;
  }
  if (IsStale(ack)) {
    Report(AnomalyKind::kStaleAttempt, ack);
    return;
  }
  if (IsEnded(record.state)) {
    OnEnded(ack);
  } else {
    OnOpen(ack);
  }
}

// CMB-SEC-003.
bool SenderStep::IsAuthorised(const AckIn& ack) const {
  if (ack.type == AckType::kCancel || ack.type == AckType::kReceipt) {
    return false;  // Nobody says these to a sender.
  }
  const bool of_target = ack.type == AckType::kExecutionAck || ack.type == AckType::kProgressAck;
  return ack.source == (of_target ? record.message.target : kRouterId);
}

// CMB-DUP-001, CMB-DUP-011.
bool SenderStep::IsDuplicate(const AckIn& ack) {
  if (ack.status == Status::kInProgress) {
    const RowPlace place{ack.attempt, ack.progress_number};
    const bool seen = place <= record.highest_place;
    record.highest_place = std::max(record.highest_place, place);
    return seen;
  }
  const AckIdentity identity{ack.type, ack.status, ack.attempt};
  if (record.judged.contains(identity)) {
    return true;
  }
  if (record.judged.size() < kJudgedPerRecord) {
    record.judged.insert(identity);
  }
  return false;
}

// CMB-LATE-010.
bool SenderStep::IsStale(const AckIn& ack) const {
  const bool bad_news = (ack.type == AckType::kRouterAck && ack.status == Status::kRejected) ||
                        (ack.type == AckType::kDeliveryAck && ack.status == Status::kFailure) ||
                        ack.type == AckType::kTimeout ||
                        (ack.status == Status::kRejected && ack.retryable);
  return bad_news && ack.attempt != record.attempt;
}

void SenderStep::OnOpen(const AckIn& ack) {
  switch (ack.type) {
    case AckType::kRouterAck:
      if (ack.status == Status::kRejected) {
        OnRouterRejection(ack);
      } else {
        Reach(State::kRouted, ack);
      }
      break;
    case AckType::kDeliveryAck:
      if (ack.status == Status::kFailure) {
        OnDeliveryFailure(ack);
      } else {
        Reach(State::kDelivered, ack);
      }
      break;
    case AckType::kTimeout:
      OnRouterTimeout(ack);
      break;
    case AckType::kProgressAck:
      Reach(State::kExecuting, ack);
      break;
    case AckType::kExecutionAck:
      if (ack.status == Status::kInProgress) {
        Reach(State::kExecuting, ack);
      } else {
        OnTerminal(ack);
      }
      break;
    case AckType::kUnspecified:
    case AckType::kCancel:
    case AckType::kReceipt:
      Check(false, "only ACKs that somebody may say reach a record");
  }
}

// CMB-RTY-002, CMB-RTY-006.
void SenderStep::RetryUnlessWaiting(const AckIn& ack) {
  if (!record.waiting) {
    Retry(CauseOf(ack));
  }
}

// CMB-RTY-010: a target that was there, or is by another channel, may be back.
bool SenderStep::MayFindARoute(const AckIn& refusal) const {
  if (refusal.code != ErrorCode::kNoRoute) {
    return false;
  }
  const std::vector<ChannelName>& channels = record.message.channels;
  const bool another =
      std::any_of(channels.begin(), channels.end(),
                  [this](const ChannelName& channel) { return channel != record.message.channel; });
  return refusal.attempt > 1 || (core.config_.fallback && another);
}

// CMB-SND-012, CMB-SND-013, CMB-SND-014.
void SenderStep::OnRouterRejection(const AckIn& ack) {
  if (record.state != State::kSendPending) {
    Report(AnomalyKind::kUnexpectedAck, ack);
    return;
  }
  record.rejected.insert(ack.attempt);
  const bool retryable = IsRetryableCode(record.message.policy, ack.code) || MayFindARoute(ack);
  if (retryable && MayRetry()) {
    RetryUnlessWaiting(ack);
    return;
  }
  Cause cause = CauseOf(ack);
  cause.retries_spent = retryable;
  // Proof of absence needs the refusal of every attempt that was sent: one
  // that was not refused may be under way still.
  if (record.rejected.size() < record.attempt) {
    Abort(std::move(cause));
    return;
  }
  Finish(State::kCompletedFailure, cause, WithoutStart());
  record.refused = true;
  RaiseAlert(cause);
}

// CMB-SND-012, CMB-SND-015.
void SenderStep::OnDeliveryFailure(const AckIn& ack) {
  if (record.state != State::kSendPending && record.state != State::kRouted) {
    Report(AnomalyKind::kUnexpectedAck, ack);
    return;
  }
  const bool retryable = IsRetryableCode(record.message.policy, ack.code);
  if (retryable && MayRetry()) {
    RetryUnlessWaiting(ack);
    return;
  }
  Cause cause = CauseOf(ack);
  cause.retries_spent = retryable;
  Finish(State::kCompletedFailure, cause, KnownSoFar());
  RaiseAlert(cause);
}

// CMB-SND-012, CMB-SND-016.
void SenderStep::OnRouterTimeout(const AckIn& ack) {
  if (record.state != State::kSendPending && record.state != State::kRouted) {
    Report(AnomalyKind::kUnexpectedAck, ack);
  } else if (!record.waiting) {
    RetryOrAbort(CauseOf(ack));
  }
}

// CMB-SND-008, CMB-SND-009.
void SenderStep::OnTerminal(const AckIn& ack) {
  if (ack.status == Status::kRejected) {
    OnTargetRejection(ack);
    return;
  }
  const Cause cause = CauseOf(ack);
  const bool success = ack.status == Status::kSuccess;
  Finish(success ? State::kCompletedSuccess : State::kCompletedFailure, cause, Evidence(ack),
         SkippedBefore(State::kExecuting));
  record.highest_stage = State::kCompletedSuccess;
  if (!success) {
    RaiseAlert(cause);
  }
}

// CMB-SND-017.
void SenderStep::OnTargetRejection(const AckIn& ack) {
  if (ack.retryable && MayRetry()) {
    RetryUnlessWaiting(ack);
    return;
  }
  Cause cause = CauseOf(ack);
  cause.retries_spent = ack.retryable;
  Finish(State::kCompletedFailure, cause, Evidence(ack), SkippedBefore(State::kExecuting));
  record.refused = true;
  RaiseAlert(cause);
}

}  // namespace cmb::lifecycle
