#include "conformance/engine/facts.h"

#include <algorithm>
#include <set>

namespace cmb::conformance::engine {
namespace {

// Kinds below are timers of the protocol, from it on housekeeping (the schema
// says so beside TimerKind).
constexpr int kFirstHousekeeping = ack::v1::TIMER_KIND_RECONCILE;

}  // namespace

Facts::Facts(const scenario::Case& scenario, const MessageBook& book, const Window& window,
             Timeline& timeline)
    : scenario_(scenario), book_(book), window_(window), timeline_(timeline) {}

MaybeHalt Facts::Record(const Known& known, std::optional<ack::v1::TransactionRecord>& record) {
  control::v1::Request request;
  request.mutable_get_transaction()->set_source(known.source);
  request.mutable_get_transaction()->set_message_id(known.message_id);
  control::v1::Reply reply;
  if (auto halt = timeline_.Request(request, reply)) {
    return halt;
  }
  record.reset();
  if (reply.transaction().has_record()) {
    record = reply.transaction().record();
  }
  return std::nullopt;
}

MaybeHalt Facts::ProtocolTimers(const Known* known, std::vector<control::v1::Timer>& timers) {
  control::v1::Request request;
  request.mutable_timers();
  control::v1::Reply reply;
  if (auto halt = timeline_.Request(request, reply)) {
    return halt;
  }
  for (const control::v1::Timer& timer : reply.timers().timers()) {
    const bool of_it =
        known == nullptr || (timer.message_id() == known->message_id &&
                             (timer.source().empty() || timer.source() == known->source));
    if (of_it && timer.kind() < kFirstHousekeeping) {
      timers.push_back(timer);
    }
  }
  return std::nullopt;
}

bool Facts::IsOf(const Item& item, const Known& known) const {
  return item.message_id == known.message_id &&
         (item.source.empty() || item.source == known.source);
}

std::uint64_t Facts::CountOf(ItemKind kind, const Known& known) const {
  const auto& items = window_.items();
  return static_cast<std::uint64_t>(
      std::count_if(items.begin(), items.end(),
                    [&](const Item& item) { return item.kind == kind && IsOf(item, known); }));
}

std::uint64_t Facts::Attempts(const Known& known) const {
  if (scenario_.role == ack::v1::ROLE_SENDER) {
    return CountOf(ItemKind::kMessage, known);
  }
  if (scenario_.role == ack::v1::ROLE_TARGET) {
    return known.last_attempt_sent;
  }
  std::set<std::uint32_t> attempts;
  for (const Item& item : window_.items()) {
    if (item.kind == ItemKind::kMessage && IsOf(item, known)) {
      attempts.insert(item.frame->header.attempt());
    }
  }
  return attempts.size();
}

std::uint64_t Facts::Executions(const Known& known) const {
  return CountOf(ItemKind::kExecution, known);
}

std::uint64_t Facts::AlertsRaised(const Known& known) const {
  return CountOf(ItemKind::kAlertRaised, known);
}

std::uint64_t Facts::Anomalies(std::optional<ack::v1::AnomalyKind> kind, const Known* known) const {
  const auto& items = window_.items();
  return static_cast<std::uint64_t>(
      std::count_if(items.begin(), items.end(), [&](const Item& item) {
        return item.kind == ItemKind::kAnomaly && (known == nullptr || IsOf(item, *known)) &&
               (!kind || item.event->anomaly().kind() == *kind);
      }));
}

std::vector<double> Facts::FirstWaits() const {
  std::vector<double> waits;
  std::set<const Known*> seen;
  for (const Item& item : window_.items()) {
    if (item.kind != ItemKind::kRetry) {
      continue;
    }
    const ack::v1::RetryEvent& retry = item.event->retry();
    const Known* known = book_.Owner(retry.message_id(), retry.source());
    if (known != nullptr && known->fields != nullptr && seen.insert(known).second) {
      waits.push_back(static_cast<double>(retry.backoff_ms()) /
                      static_cast<double>(known->fields->policy.backoff_first.count()));
    }
  }
  return waits;
}

MaybeHalt Facts::InFlight(std::uint64_t& count) {
  count = 0;
  for (const std::string& alias : book_.Aliases()) {
    const Known& known = *book_.Find(alias);
    std::optional<ack::v1::TransactionRecord> record;
    if (known.fields == nullptr || known.message_id.empty()) {
      continue;
    }
    if (auto halt = Record(known, record)) {
      return halt;
    }
    if (record && IsInFlight(record->state(), scenario_.role)) {
      ++count;
    }
  }
  return std::nullopt;
}

bool IsInFlight(ack::v1::State state, ack::v1::Role role) {
  switch (state) {
    case ack::v1::STATE_SEND_PENDING:
    case ack::v1::STATE_ROUTED:
    case ack::v1::STATE_EXECUTING:
    case ack::v1::STATE_FORWARDING:
    case ack::v1::STATE_RECEIVED:
      return true;
    case ack::v1::STATE_DELIVERED:
      return role == ack::v1::ROLE_SENDER || role == ack::v1::ROLE_ROUTER;
    case ack::v1::STATE_UNSPECIFIED:
    case ack::v1::STATE_IDLE:
    case ack::v1::STATE_COMPLETED_SUCCESS:
    case ack::v1::STATE_COMPLETED_FAILURE:
    case ack::v1::STATE_TIMEOUT_ABORT:
    case ack::v1::STATE_SETTLED:
    case ack::v1::STATE_REJECTED:
    case ack::v1::STATE_DEAD_LETTERED:
    case ack::v1::STATE_CANCELLED:
    case ack::v1::STATE_SUCCEEDED:
    case ack::v1::STATE_FAILED:
    default:  // An open enum.
      return false;
  }
  return false;
}

}  // namespace cmb::conformance::engine
