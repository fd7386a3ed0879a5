// By which sentence a sender's table takes this row and not another.
#include <algorithm>

#include "conformance/oracle/tables/sender_guards.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;

constexpr std::string_view kDefaults = "CMB-TMR-002";

// By the policy's list alone: of NO_ROUTE CMB-RTY-010 says more.
bool IsRetriedByItsCode(const Ack& ack) {
  return ack.ack_type() == ack::v1::ACK_TYPE_DELIVERY_ACK ||
         (ack.ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
          ack.error_code() != ack::v1::ERROR_CODE_NO_ROUTE);
}

}  // namespace

bool IsRetriedByItsRoute(const Input& input) {
  return input.ack != nullptr && input.ack->error_code() == ack::v1::ERROR_CODE_NO_ROUTE &&
         !IsListed(input.ack->error_code(), input.record.send.policy());
}

bool DecidesByOwnWindow(const Input& input) {
  const Record& record = input.record;
  const auto& settings = input.world.history.settings();
  const std::uint64_t set_ms =
      settings.has_reconcile_window_ms() ? settings.reconcile_window_ms() : 300'000;
  const auto is_inside = [&](std::uint64_t window_ms) {
    return input.world.now_ms <= Later(record.entered_ms, window_ms);
  };
  return input.ack != nullptr && input.ack->ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
         IsTerminal(record.state) && is_inside(record.window_ms) != is_inside(set_ms);
}

std::string_view DecidedBy(const SenderTable::Row& row, const Input& input) {
  const auto asks = [&](SenderGuard guard) {
    return std::count(row.guards.begin(), row.guards.end(), guard) != 0;
  };
  const auto& policy = input.record.send.policy();
  const bool is_final = asks(SenderGuard::kFinal);
  const bool by_code =
      (asks(SenderGuard::kRetryable) || is_final) && IsRetriedByItsCode(*input.ack);
  if (by_code && IsNoCode(input.ack->error_code())) {
    return "CMB-VER-005";
  }
  if (by_code && policy.retryable().empty()) {
    return kDefaults;
  }
  const bool by_budget = asks(SenderGuard::kBudgetLeft) || asks(SenderGuard::kBudgetSpent) ||
                         (is_final && IsRetryable(input));
  const bool by_stage = asks(SenderGuard::kRequiredAckMet) || asks(SenderGuard::kRequiredAckLater);
  return (by_budget && !policy.has_max_retries()) ||
                 (by_stage && policy.required_ack() == ack::v1::ACK_TYPE_UNSPECIFIED)
             ? kDefaults
             : "";
}

}  // namespace cmb::conformance::oracle::tables::sender
