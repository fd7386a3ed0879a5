// Which sentence a router breaks by what no row asks for, where its records tell.
#include <algorithm>

#include "conformance/oracle/tables/router_machine.h"
#include "conformance/oracle/tables/waits.h"

namespace cmb::conformance::oracle::tables::router {

using ack::v1::CognitiveMessage;

// Some end of its work has come from the target.
bool Machine::HasTerminal(const CognitiveMessage& told) const {
  const auto found = memory_.records().find({told.targets(0), told.ack().correlation_id()});
  return found != memory_.records().end() && found->second.terminal.has_value();
}

// What a forward breaks by the state of its record. Empty: nothing.
std::string_view Machine::ForbidsForward(const CognitiveMessage& header) const {
  const auto found = memory_.records().find({header.source(), header.message_id()});
  const ack::v1::State state =
      found == memory_.records().end() ? ack::v1::STATE_UNSPECIFIED : found->second.state;
  return state == ack::v1::STATE_FORWARDING  ? ""
         : state == ack::v1::STATE_DELIVERED ? "CMB-RTR-041"
                                             : "CMB-RTR-029";
}

// The target had it before, and has said nothing yet of the copy that is forwarded again.
bool Machine::IsForwardedAgain(const CognitiveMessage& told) const {
  if (told.targets_size() != 1) {
    return false;
  }
  const auto found = memory_.records().find({told.targets(0), told.ack().correlation_id()});
  return found != memory_.records().end() && found->second.state == ack::v1::STATE_DELIVERED &&
         world_.timers.Find(found->first.first, found->first.second,
                            ack::v1::TIMER_KIND_DELIVERY_PHASE) != nullptr;
}

// A row that rests on this sentence applied to the message in this exchange.
bool Machine::Asked(std::string_view requirement, const std::string& message_id) const {
  const auto& rows = world_.expected.rows;
  return std::any_of(rows.begin(), rows.end(), [&](const Reason& row) {
    return row.requirement == requirement && row.message == message_id;
  });
}

// ---------------------------------------------------------------- what nothing asks for

std::string_view Machine::OfUnaskedForward(const CognitiveMessage& header) const {
  const std::string& id = header.message_id();
  if (restarted_in_ == world_.exchange) {
    return "CMB-DUR-002";  // Nothing is forwarded because of the restart itself.
  }
  if (!header.redrive_of().empty()) {
    return "CMB-DLQ-004";
  }
  for (const std::string_view nothing : {"CMB-RTR-011", "CMB-RTR-017"}) {
    if (Asked(nothing, id)) {
      return nothing;
    }
  }
  if (const std::string_view broken = ForbidsForward(header); !broken.empty()) {
    return Asked("CMB-RTR-012", id)   ? "CMB-RTR-012"
           : Asked("CMB-RTR-013", id) ? "CMB-TMR-008"
                                      : broken;
  }
  if (OfWait(world_.now_ms) == "CMB-RTR-035") {  // After the last forward, and a wait of 0.
    return "CMB-RTR-035";
  }
  return Asked("CMB-RTR-016", id) ? "CMB-RTR-026" : "";
}

std::string_view Machine::OfUnaskedAck(const CognitiveMessage& header) const {
  const ack::v1::Ack& ack = header.ack();
  const std::string& id = ack.correlation_id();
  if (Asked("CMB-VER-014", id) || Asked("CMB-VER-015", id)) {
    return "CMB-VER-017";
  }
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return ack.status() != ack::v1::STATUS_SUCCESS ? ""
             : Asked("CMB-RTR-011", id)              ? "CMB-RTR-011"
             : IsForwardedAgain(header)              ? "CMB-RTR-019"
                                                     : "CMB-RTR-009";
    case ack::v1::ACK_TYPE_TIMEOUT:
      return ack.error_code() == ack::v1::ERROR_CODE_ACK_TIMEOUT   ? "CMB-RTR-012"
             : ack.error_code() == ack::v1::ERROR_CODE_TTL_EXPIRED ? "CMB-RTR-013"
                                                                   : "";
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return header.targets_size() == 1 && !HasTerminal(header) ? "CMB-RTR-021" : "";
    case ack::v1::ACK_TYPE_RECEIPT:
      return "CMB-RTR-022";
    default:  // open enum
      return "";
  }
}

// A proof of absence that nothing bears out (CMB-CXL-005), and the like.
std::string_view Machine::RuledOutBy(const CognitiveMessage& header) const {
  if (header.ack().never_forwarded()) {
    return "CMB-CXL-005";
  }
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_ACK:
      return OfUnaskedAck(header);
    case ack::v1::MSG_TYPE_REPLY:
      return "CMB-INS-003";
    case ack::v1::MSG_TYPE_MESSAGE:
      return OfUnaskedForward(header);
    default:  // open enum
      return "";
  }
}

std::string_view Machine::RuledOutBy(const ack::v1::Event& event) const {
  const bool settles = event.transition().old_state() == ack::v1::STATE_REJECTED &&
                       event.transition().new_state() == ack::v1::STATE_SETTLED;
  const ack::v1::Anomaly& anomaly = event.anomaly();
  const bool known = anomaly.kind() == ack::v1::ANOMALY_KIND_DUPLICATE_ACK;
  return settles ? "CMB-RTR-015" : known ? OfOdd(event) : "";
}

// ---------------------------------------------------------------- what comes in place of another

// What a router breaks that refuses the message.
std::string_view Machine::IfRefused(const Step& step) const {
  const bool is_refusal = step.state() == ack::v1::STATE_REJECTED;
  if (step.record != nullptr && !is_refusal) {
    return "CMB-RTR-004";
  }
  if (step.refusal != ack::v1::ERROR_CODE_UNSPECIFIED) {
    return "";
  }
  if (step.frame->frame->payload().size == bounds_.payload_bytes()) {
    return "CMB-RTR-005";
  }
  // A copy of what was refused need not name a target.
  const std::string target = step.header->targets().empty() ? "" : step.header->targets(0);
  const std::string_view of_room = memory_.OfRoom(step.key.first, target);
  return !of_room.empty()              ? of_room
         : is_refusal                  ? "CMB-RTR-040"
         : memory_.IsFullWithLetters() ? "CMB-DLQ-012"
                                       : "CMB-RTR-001";
}

std::string_view Machine::OfOdd(const FrameSeen& frame) const {
  const ack::v1::Ack& ack = frame.header->ack();
  const bool is_own = frame.header->source() == kRouter;
  if (is_own && frame.header->ByteSizeLong() > kTakenBytes && !frame.header->has_reply() &&
      !frame.header->has_ack_batch()) {
    return "CMB-WIRE-023";
  }
  if (!IsConnected(frame.frame->peer)) {
    return frame.frame->peer.starts_with('@')           ? "CMB-WIRE-021"
           : Asked("CMB-SEC-008", ack.correlation_id()) ? "CMB-SEC-008"
                                                        : "CMB-SEC-013";
  }
  const auto judged = if_refused_.find(ack.correlation_id());
  const bool refuses =
      ack.ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK && ack.status() == ack::v1::STATUS_REJECTED;
  if (refuses && refused_in_ == world_.exchange && judged != if_refused_.end()) {
    return judged->second;
  }
  const bool delivers =
      ack.ack_type() == ack::v1::ACK_TYPE_DELIVERY_ACK && ack.status() == ack::v1::STATUS_SUCCESS;
  return delivers && IsForwardedAgain(*frame.header) ? "CMB-RTR-019" : "";
}

std::string_view Machine::OfOdd(const ack::v1::Event& event) const {
  const ack::v1::Anomaly& anomaly = event.anomaly();
  const bool judged_once = anomaly.ack_type() == ack::v1::ACK_TYPE_RECEIPT ||
                           anomaly.ack_type() == ack::v1::ACK_TYPE_TIMEOUT;
  if (anomaly.kind() == ack::v1::ANOMALY_KIND_DUPLICATE_ACK) {
    return judged_once ? "CMB-DUP-002" : "";
  }
  const Key key{anomaly.peer(), anomaly.message_id()};
  if (anomaly.kind() != ack::v1::ANOMALY_KIND_CLOSED_ATTEMPT) {
    return "";
  }
  return memory_.WasOverdue(key) ? "CMB-RTR-039" : memory_.AnotherHasMark(key) ? "CMB-SND-003" : "";
}

// ---------------------------------------------------------------- waits

// The wait after the last forward, a wait that rests on a factor meant for another, a wait that
// does not begin, or the end of a life that is another.
std::string_view Machine::OfWait(std::uint64_t said_ms) const {
  const auto& factors = world_.history.settings().jitter_factors();
  const auto ends_then = [&](const Record& record, std::uint32_t number) {
    return std::any_of(factors.begin(), factors.end(), [&](double factor) {
      return said_ms ==
             Later(world_.now_ms,
                   Rounded(BackoffBase(Told(record.copy.header.policy()), number) * factor));
    });
  };
  const ArmedTimer* next = world_.timers.Next();
  for (const auto& [key, record] : memory_.records()) {
    const auto runs = [&, &at = key](ack::v1::TimerKind kind) {
      return world_.timers.Find(at.first, at.second, kind);
    };
    const ArmedTimer* wait = runs(ack::v1::TIMER_KIND_REDELIVERY);
    const ArmedTimer* phase = runs(ack::v1::TIMER_KIND_DELIVERY_PHASE);
    const Deliveries& made = record.deliveries;
    if (wait == nullptr && phase != nullptr && ends_then(record, made.waits + 1)) {
      return "CMB-RTR-035";
    }
    if (wait != nullptr && wait->deadline_ms != said_ms && ends_then(record, made.waits)) {
      return "CMB-RTY-009";
    }
    if (wait != nullptr && wait == next && phase != nullptr && phase->deadline_ms == said_ms) {
      return "CMB-RTR-010";
    }
    if (runs(ack::v1::TIMER_KIND_TTL) != nullptr && said_ms < record.life_end_ms) {
      const std::uint64_t life_ms = std::min(record.copy.header.ttl_ms(), bounds_.max_ttl_ms());
      const bool in_32_bits = said_ms == world_.now_ms + static_cast<std::uint32_t>(life_ms);
      if (said_ms == Later(world_.now_ms, life_ms) || in_32_bits) {
        return in_32_bits && life_ms > UINT32_MAX ? "CMB-RTR-013" : "CMB-TMR-006";
      }
    }
  }
  // What was accepted before is gone when others come.
  const bool drops = next != nullptr && refused_in_ == world_.exchange && !if_refused_.empty() &&
                     said_ms > next->deadline_ms && !world_.timers.IsNew(*next) &&
                     !if_refused_.contains(next->message_id);
  return drops ? "CMB-RTR-038" : "";
}

}  // namespace cmb::conformance::oracle::tables::router
