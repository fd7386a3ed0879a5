#include "conformance/oracle/tables/blame.h"

#include "conformance/oracle/tables/changes.h"

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Event;

std::string_view OfTransition(const std::string& field) {
  if (field == "new_state" || field == "reason") {
    return "";  // What the cell says.
  }
  return field == "old_state" ? "CMB-OBS-012" : "CMB-OBS-001";
}

std::string_view TransitionTooMany(const ack::v1::TransitionEvent& event, bool again,
                                   ack::v1::Role role) {
  if (event.old_state() == event.new_state()) {
    return "CMB-OBS-002";
  }
  if (event.old_state() == ack::v1::STATE_UNSPECIFIED && role != ack::v1::ROLE_SENDER) {
    return "CMB-OBS-003";
  }
  const bool of_a_table =
      ReasonsOf(role, event.old_state(), event.new_state()).contains(event.reason());
  return again ? "CMB-OBS-001" : of_a_table ? "" : "CMB-OBS-013";
}

bool TellsFallback(const History& history) {
  return history.role() == ack::v1::ROLE_SENDER && history.Declares(ack::v1::FEATURE_FALLBACK);
}

}  // namespace

std::string_view FormOf(const Event& expected, const FieldDifference& field,
                        const History& history) {
  const std::string name = field.path.substr(field.path.find('.') + 1);
  if (name == "channel" && TellsFallback(history)) {
    return "CMB-FBK-002";
  }
  if (expected.has_transition()) {
    return OfTransition(name);
  }
  return expected.has_anomaly() && name != "kind" ? "CMB-OBS-004" : "";
}

std::string_view FormOf(const ack::v1::CognitiveMessage& expected, const FieldDifference& field,
                        const History& history) {
  if (field.path == "peer") {
    return "CMB-WIRE-020";
  }
  if (field.path == "socket") {
    return expected.has_ack() ? "CMB-WIRE-009" : "";
  }
  const bool stray = field.expected == kAbsent && !expected.has_reply();
  const bool answers_ping = expected.msg_type() == ack::v1::MSG_TYPE_PONG && !stray;
  if (expected.source() != history.module_id() || answers_ping) {
    return "";  // What is passed on has sentences of its own.
  }
  if (field.path == "(unknown fields)") {
    return "CMB-VER-010";
  }
  if (field.path == "ack.attempt" && history.role() != ack::v1::ROLE_SENDER) {
    return "CMB-WIRE-001";
  }
  const bool of_header = field.path.find('.') == std::string::npos;
  return of_header || stray ? "CMB-WIRE-009" : "";
}

std::string_view OfValue(const FieldDifference& field) {
  if (field.path == "ack.started" && field.seen == kAbsent) {
    return "CMB-CXL-011";
  }
  const bool both = field.expected != kAbsent && field.seen != kAbsent;
  const bool more = field.path == "ack.memory_ms" && both &&
                    std::stoull(field.seen) > std::stoull(field.expected);
  return more ? "CMB-TGT-012" : "";
}

std::string_view OfWay(const ack::v1::CognitiveMessage& header, const std::string& peer,
                       const History& history) {
  constexpr std::size_t kLongestHeader = 65536;  // Of what anybody makes.
  if (header.ByteSizeLong() > kLongestHeader) {
    return "CMB-WIRE-023";
  }
  const bool is_router = history.role() == ack::v1::ROLE_ROUTER;
  const bool named = header.targets_size() == 1 && header.targets(0) == peer;
  return is_router && !named ? "CMB-WIRE-020" : "";
}

control::v1::Reply ResultIn(const control::v1::Reply& reply) {
  control::v1::Reply result;
  if (reply.has_error()) {
    result.mutable_error()->set_kind(reply.error().kind());
  }
  if (reply.has_sent_message()) {
    *result.mutable_sent_message() = reply.sent_message();
  }
  if (reply.has_transaction()) {
    *result.mutable_transaction() = reply.transaction();
  }
  return result;
}

std::string_view FormOfReply(const FieldDifference& field) {
  if (field.path == "sent_message.message_id" && field.seen.starts_with("\"@")) {
    return "CMB-WIRE-022";
  }
  return field.path == "transaction.record.reason" ? "CMB-OBS-015" : "";
}

std::string_view InPlaceOfIt(const Event& event, ack::v1::Role role) {
  const ack::v1::Anomaly& anomaly = event.anomaly();
  if (anomaly.kind() == ack::v1::ANOMALY_KIND_MALFORMED) {
    return "CMB-WIRE-017";
  }
  if (role != ack::v1::ROLE_SENDER || anomaly.kind() != ack::v1::ANOMALY_KIND_DUPLICATE_ACK) {
    return "";
  }
  return anomaly.status() == ack::v1::STATUS_IN_PROGRESS ||
                 anomaly.ack_type() == ack::v1::ACK_TYPE_PROGRESS_ACK
             ? "CMB-DUP-011"
             : "CMB-DUP-001";
}

std::string_view OnceOnly(const Event& event, bool again, ack::v1::Role role) {
  switch (event.kind_case()) {
    case Event::kTransition:
      return TransitionTooMany(event.transition(), again, role);
    case Event::kRetry:
      return again && role == ack::v1::ROLE_SENDER ? "CMB-RTY-006" : "";
    case Event::kProgress:
      return again ? "CMB-OBS-005" : "";
    case Event::kAnomaly:
      return again ? "CMB-OBS-004" : "";
    case Event::kAlert:
      return again ? "CMB-OBS-008" : "";
    case Event::kExecution:
      return again ? "CMB-DUP-003" : "";
    case Event::KIND_NOT_SET:
      return "CMB-OBS-001";
  }
  return "";
}

}  // namespace cmb::conformance::oracle::tables
