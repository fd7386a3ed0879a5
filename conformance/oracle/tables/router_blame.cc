// Which sentence a router breaks by what no row asks for, where its records tell.
#include <algorithm>

#include "conformance/oracle/tables/router_machine.h"
#include "conformance/oracle/tables/waits.h"

namespace cmb::conformance::oracle::tables::router {

bool Machine::IsForwardedAgain(const ack::v1::CognitiveMessage& told) const {
  if (told.targets_size() != 1) {
    return false;
  }
  const auto found = memory_.records().find({told.targets(0), told.ack().correlation_id()});
  return found != memory_.records().end() && found->second.state == ack::v1::STATE_DELIVERED &&
         world_.timers.Find(found->first.first, found->first.second,
                            ack::v1::TIMER_KIND_DELIVERY_PHASE) != nullptr;
}

// The wait after the last forward, a wait that rests on a factor meant for another, or the end of a
// life that an earlier copy has made longer.
std::string_view Machine::OfWait(std::uint64_t said_ms) const {
  const auto& factors = world_.history.settings().jitter_factors();
  const auto ends_then = [&](const Record& record, std::uint32_t number) {
    return std::any_of(factors.begin(), factors.end(), [&](double factor) {
      return said_ms ==
             Later(world_.now_ms,
                   Rounded(BackoffBase(Told(record.copy.header.policy()), number) * factor));
    });
  };
  for (const auto& [key, record] : memory_.records()) {
    const auto runs = [&, &at = key](ack::v1::TimerKind kind) {
      return world_.timers.Find(at.first, at.second, kind) != nullptr;
    };
    const bool waits = runs(ack::v1::TIMER_KIND_REDELIVERY);
    const Deliveries& made = record.deliveries;
    if (!waits && runs(ack::v1::TIMER_KIND_DELIVERY_PHASE) && ends_then(record, made.waits + 1)) {
      return "CMB-RTR-035";
    }
    if (waits && ends_then(record, made.waits)) {
      return "CMB-RTY-009";
    }
    const std::uint64_t life_ms = std::min(record.copy.header.ttl_ms(), bounds_.max_ttl_ms());
    if (runs(ack::v1::TIMER_KIND_TTL) && said_ms < record.life_end_ms &&
        said_ms == Later(world_.now_ms, life_ms)) {
      return "CMB-TMR-006";
    }
  }
  return "";
}

std::string_view Machine::OfDropped(const ack::v1::Anomaly& anomaly) const {
  if (anomaly.kind() == ack::v1::ANOMALY_KIND_DUPLICATE_ACK) {
    return "CMB-DUP-002";
  }
  const Key key{anomaly.peer(), anomaly.message_id()};
  if (anomaly.kind() != ack::v1::ANOMALY_KIND_CLOSED_ATTEMPT) {
    return "";
  }
  return memory_.WasOverdue(key) ? "CMB-RTR-039" : memory_.AnotherHasMark(key) ? "CMB-SND-003" : "";
}

}  // namespace cmb::conformance::oracle::tables::router
