// Which sentence a sender breaks by what no row asks for, where its records tell.
#include "conformance/oracle/tables/sender_model.h"

namespace cmb::conformance::oracle::tables::sender {

using ack::v1::CognitiveMessage;

std::string_view SenderModel::RequirementOf(const ack::v1::Event& event) const {
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
    case ack::v1::Event::kRetry:
      return "CMB-OBS-013";
    case ack::v1::Event::kProgress:
      return "CMB-OBS-005";
    case ack::v1::Event::kAnomaly:
      return "CMB-OBS-004";
    case ack::v1::Event::kAlert:
      return "CMB-OBS-008";
    case ack::v1::Event::kExecution:
    case ack::v1::Event::KIND_NOT_SET:
      return "CMB-OBS-001";
  }
  return "CMB-OBS-001";
}

std::string_view SenderModel::RequirementOf(const CognitiveMessage& header) const {
  if (header.msg_type() == ack::v1::MSG_TYPE_ACK) {
    return "CMB-WIRE-019";
  }
  return header.msg_type() == ack::v1::MSG_TYPE_MESSAGE ? "CMB-SND-001" : "CMB-WIRE-011";
}

const Record* SenderModel::Known(const std::string& message_id) const {
  const auto found = records_.find(message_id);
  return found == records_.end() ? nullptr : &found->second;
}

// ---------------------------------------------------------------- what nothing asks for

// A TIMEOUT although nothing is given up, or it was never sent; a CANCEL before its time.
std::string_view SenderModel::OfUnaskedAck(const ack::v1::Ack& ack) const {
  const Record* record = Known(ack.correlation_id());
  if (ack.ack_type() == ack::v1::ACK_TYPE_CANCEL) {
    return record != nullptr && record->attempt == 0 ? "CMB-CXL-013" : "CMB-CXL-015";
  }
  return record == nullptr                          ? "CMB-WIRE-019"
         : record->life_ms == 0                     ? "CMB-TMR-005"
         : record->reason == ack::v1::REASON_CANCEL ? "CMB-CXL-001"
                                                    : "CMB-WIRE-019";
}

std::string_view SenderModel::RuledOutBy(const CognitiveMessage& header) const {
  if (header.has_ack()) {
    return OfUnaskedAck(header.ack());
  }
  if (header.msg_type() != ack::v1::MSG_TYPE_MESSAGE) {
    return "";
  }
  const Record* record = Known(header.message_id());
  if (record == nullptr) {
    return refused_in_ == world_.exchange ? "CMB-SND-004" : "";
  }
  if (record->reason == ack::v1::REASON_CIRCUIT_OPEN) {
    return "CMB-CBR-010";
  }
  if (record->state == ack::v1::STATE_SEND_PENDING) {
    return "";
  }
  return IsTerminal(record->state) ? "CMB-SND-019" : "CMB-RTY-007";
}

std::string_view SenderModel::RuledOutBy(const ack::v1::Event& event) const {
  const Record* record = Known(event.alert().message_id());
  if (!event.has_alert() || record == nullptr) {
    return "";
  }
  return record->reason == ack::v1::REASON_LATE_EXECUTION_ACK ? "CMB-LATE-003"
         : record->reason == ack::v1::REASON_CANCEL           ? "CMB-OBS-008"
                                                              : "";
}

// ---------------------------------------------------------------- what comes in place of another

std::string_view SenderModel::OfOdd(const FrameSeen& frame) const {
  const bool is_message = frame.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE;
  return is_message && frame.header->message_id().starts_with('@') ? "CMB-WIRE-022" : "";
}

// A circuit that is closed, or not asked about what is under way, refuses all the same.
std::string_view SenderModel::OfOdd(const ack::v1::Event& event) const {
  const Record* record = Known(event.transition().message_id());
  if (event.transition().reason() != ack::v1::REASON_CIRCUIT_OPEN || record == nullptr ||
      !world_.history.Declares(ack::v1::FEATURE_CIRCUIT_BREAKER)) {
    return "";
  }
  if (record->attempt > 1) {
    return "CMB-CBR-003";
  }
  if (!circuit_says_.empty()) {
    return "";
  }
  return process_ != 0                               ? "CMB-CBR-008"
         : circuits_.AnotherIsOpen(record->target()) ? "CMB-CBR-003"
                                                     : "CMB-CBR-001";
}

// The life goes on of what makes progress or is held.
std::string_view SenderModel::OfWait(std::uint64_t said_ms) const {
  const ArmedTimer* next = world_.timers.Next();
  const Record* record = next == nullptr ? nullptr : Known(next->message_id);
  const bool lives_on = record != nullptr && record->state == ack::v1::STATE_EXECUTING &&
                        next->kind == ack::v1::TIMER_KIND_TTL && said_ms > next->deadline_ms;
  return lives_on ? "CMB-PRG-009" : "";
}

}  // namespace cmb::conformance::oracle::tables::sender
