#include "conformance/oracle/tables/sender_guards.h"

#include <algorithm>
#include <array>

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;

// CMB-RTY-010.
bool HasAnotherWay(const Input& input) {
  const auto channels = ChannelsOf(input.world, input.record.send);
  return input.ack->attempt() > 1 ||
         (input.world.history.Declares(ack::v1::FEATURE_FALLBACK) &&
          std::any_of(channels.begin(), channels.end(), [&](const std::string& channel) {
            return input.record.channels.count(channel) == 0;
          }));
}

bool BudgetLeft(const Input& input) {
  return !RetryWaits(input.world, input.record) &&
         input.record.attempt < input.record.policy.max_retries + 1;
}

bool BudgetSpent(const Input& input) {
  return !RetryWaits(input.world, input.record) &&
         input.record.attempt >= input.record.policy.max_retries + 1;
}

bool EveryAttemptRejected(const Input& input) {
  for (std::uint32_t attempt = 1; attempt < input.record.attempt; ++attempt) {
    if (input.record.rejected.count(attempt) == 0) {
      return false;
    }
  }
  return true;  // This one is the current one's.
}

ack::v1::AckType RequiredAck(const Record& record) {
  const auto required = record.send.policy().required_ack();
  return required == ack::v1::ACK_TYPE_UNSPECIFIED ? ack::v1::ACK_TYPE_EXECUTION_ACK : required;
}

// The stages are in the order of their numbers; PROGRESS_ACK and IN_PROGRESS fall short of the end.
bool RequiredAckMet(const Input& input) {
  const ack::v1::AckType required = RequiredAck(input.record);
  return required != ack::v1::ACK_TYPE_EXECUTION_ACK && input.ack->ack_type() >= required;
}

bool IsProvisionalFailure(const Record& record) {
  return record.state == ack::v1::STATE_COMPLETED_FAILURE &&
         (record.reason == ack::v1::REASON_ROUTER_ACK ||
          record.reason == ack::v1::REASON_DELIVERY_ACK) &&
         !record.failure_confirmed;
}

bool AfterWindow(const Input& input) {
  const Record& record = input.record;
  const bool provisional =
      record.state == ack::v1::STATE_TIMEOUT_ABORT ||
      (input.ack->status() == ack::v1::STATUS_SUCCESS && IsProvisionalFailure(record));
  return provisional && input.world.now_ms > Later(record.entered_ms, record.window_ms);
}

bool CompletedByRequiredAck(const Input& input) {
  return input.record.state == ack::v1::STATE_COMPLETED_SUCCESS && input.record.completed_early &&
         (input.ack->status() == ack::v1::STATUS_SUCCESS || !input.record.succeeded);
}

bool IsUnauthorised(const Input& input) {
  switch (input.ack->ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
    case ack::v1::ACK_TYPE_TIMEOUT:
      return input.source != "@router";
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return input.source != input.record.target();
    default:  // open enum; CANCEL and RECEIPT are from nobody who may.
      return true;
  }
}

// Table 2.2.
bool IsUnknownPair(const Ack& ack) {
  using ack::v1::Status;
  const Status status = ack.status();
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_RECEIPT:
      return status != ack::v1::STATUS_SUCCESS && status != ack::v1::STATUS_REJECTED;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return status != ack::v1::STATUS_SUCCESS && status != ack::v1::STATUS_FAILURE;
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return status == ack::v1::STATUS_UNSPECIFIED || !ack::v1::Status_IsValid(status);
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return status != ack::v1::STATUS_IN_PROGRESS;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return status != ack::v1::STATUS_FAILURE;
    case ack::v1::ACK_TYPE_CANCEL:
      return status != ack::v1::STATUS_UNSPECIFIED;
    default:  // open enum
      return true;
  }
}

bool IsStale(const Input& input) {
  return IsBadNews(*input.ack) && input.ack->attempt() != input.record.attempt;
}

bool IsDurable(const World& world) { return world.history.profile() == ack::v1::PROFILE_DURABLE; }

}  // namespace

bool IsNoCode(ack::v1::ErrorCode code) {
  return code == ack::v1::ERROR_CODE_UNSPECIFIED || !ack::v1::ErrorCode_IsValid(code);
}

bool IsListed(ack::v1::ErrorCode code, const ack::v1::DeliveryPolicy& policy) {
  constexpr std::array kDefault = {ack::v1::ERROR_CODE_BUFFER_FULL, ack::v1::ERROR_CODE_ACK_TIMEOUT,
                                   ack::v1::ERROR_CODE_AGENT_UNAVAILABLE,
                                   ack::v1::ERROR_CODE_OVERLOADED,
                                   ack::v1::ERROR_CODE_INTERNAL_ERROR};
  if (IsNoCode(code)) {
    return false;  // CMB-VER-005.
  }
  const auto& own = policy.retryable();
  return own.empty() ? std::count(kDefault.begin(), kDefault.end(), code) != 0
                     : std::count(own.begin(), own.end(), static_cast<int>(code)) != 0;
}

bool RetryWaits(const World& world, const Record& record) {
  return record.state == ack::v1::STATE_SEND_PENDING &&
         world.timers.Find(world.history.module_id(), record.message_id,
                           ack::v1::TIMER_KIND_BACKOFF) != nullptr;
}

bool IsRetryable(const Input& input) {
  const Ack& ack = *input.ack;
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return IsListed(ack.error_code(), input.record.send.policy()) ||
             (ack.error_code() == ack::v1::ERROR_CODE_NO_ROUTE && HasAnotherWay(input));
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return IsListed(ack.error_code(), input.record.send.policy());
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return ack.retryable() && !IsTerminal(input.record.state);
    default:  // open enum
      return false;
  }
}

bool MetSpentBudget(const Input& input) {
  if (input.ack == nullptr || input.ack->ack_type() == ack::v1::ACK_TYPE_TIMEOUT) {
    return BudgetSpent(input);
  }
  return IsBadNews(*input.ack) && IsRetryable(input) && BudgetSpent(input);
}

bool AttestsStart(const Ack& ack) {
  if (IsProgress(ack)) {
    return !ack.has_hold_ms();
  }
  if (ack.ack_type() != ack::v1::ACK_TYPE_EXECUTION_ACK) {
    return false;
  }
  if (ack.status() == ack::v1::STATUS_FAILURE) {
    return ack.error_code() == ack::v1::ERROR_CODE_CANCELLED
               ? ack.started()
               : ack.error_code() != ack::v1::ERROR_CODE_INTERRUPTED;
  }
  return ack.status() == ack::v1::STATUS_SUCCESS;
}

bool IsBadNews(const Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return ack.status() == ack::v1::STATUS_REJECTED;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return ack.status() == ack::v1::STATUS_FAILURE;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return true;
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return ack.status() == ack::v1::STATUS_REJECTED && ack.retryable();
    default:  // open enum
      return false;
  }
}

bool IsProgress(const Ack& ack) {
  return ack.ack_type() == ack::v1::ACK_TYPE_PROGRESS_ACK ||
         (ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
          ack.status() == ack::v1::STATUS_IN_PROGRESS);
}

std::vector<std::string> ChannelsOf(const World& world, const control::v1::Send& send) {
  const auto& own = send.policy().channels();
  if (!own.empty()) {
    return {own.begin(), own.end()};
  }
  std::vector<std::string> channels = {send.channel()};
  for (const std::string& channel : world.history.transcript().header.channels) {
    if (channel != send.channel()) {
      channels.push_back(channel);
    }
  }
  return channels;
}

bool Holds(SenderGuard guard, const Input& input) {
  const Record& record = input.record;
  switch (guard) {
    case SenderGuard::kTtl0:
      return record.life_ms == 0;
    case SenderGuard::kCircuitOpen:
      return record.life_ms != 0 && input.circuit_refuses;
    case SenderGuard::kCancelSent:
    case SenderGuard::kAnswersACancel:
      return record.cancel_sent;
    case SenderGuard::kBudgetLeft:
      return BudgetLeft(input);
    case SenderGuard::kBudgetSpent:
      return BudgetSpent(input);
    case SenderGuard::kRequiredAckLater:
      return !RequiredAckMet(input);
    case SenderGuard::kRequiredAckMet:
      return RequiredAckMet(input);
    case SenderGuard::kRetryable:
      return IsRetryable(input);
    case SenderGuard::kRetryWaits:
      return RetryWaits(input.world, record);
    case SenderGuard::kFinal:
      return !IsRetryable(input) || BudgetSpent(input);
    case SenderGuard::kEveryAttemptRejected:
      return EveryAttemptRejected(input);
    case SenderGuard::kSomeAttemptNotRejected:
      return !EveryAttemptRejected(input);
    case SenderGuard::kCompletedByRequiredAck:
      return CompletedByRequiredAck(input);
    case SenderGuard::kNeverForwarded:
      return input.ack->never_forwarded();
    case SenderGuard::kProvisionalFailure:
      return IsProvisionalFailure(record);
    case SenderGuard::kAfterWindow:
      return AfterWindow(input);
    case SenderGuard::kDisproves:
      return record.certainty == ack::v1::CERTAINTY_NOT_EXECUTED && AttestsStart(*input.ack);
    case SenderGuard::kStale:
      return IsStale(input);
    case SenderGuard::kDuplicate:
      return input.judged_before;
    case SenderGuard::kUnauthorised:
      return IsUnauthorised(input);
    case SenderGuard::kUnknownValue:
      return IsUnknownPair(*input.ack);
    case SenderGuard::kDurable:
      return IsDurable(input.world);
    case SenderGuard::kNotDurable:
      return !IsDurable(input.world);
  }
  return false;
}

}  // namespace cmb::conformance::oracle::tables::sender
