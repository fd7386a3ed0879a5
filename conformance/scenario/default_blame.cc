#include "conformance/scenario/default_blame.h"

#include <algorithm>
#include <sstream>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "proto/wire/words.h"

namespace cmb::conformance::scenario {
namespace {

// What is expected, `*` standing for any text, and who asks for it; the first row that fits. A move
// is `OLD -> NEW (REASON)`, what comes for the second time ends with ` again`.
struct Row {
  std::string_view what;
  std::string_view ids;
};

constexpr Row kSender[] = {
    {"* -> SEND_PENDING (SEND)", "CMB-SND-001"},
    {"* -> SEND_PENDING (*_TIMEOUT)", "CMB-RTY-001"},
    {"* -> SEND_PENDING (TIMEOUT)", "CMB-SND-016"},
    {"* -> SEND_PENDING (*)", "CMB-RTY-002"},
    {"* -> ROUTED (*)", "CMB-SND-006"},
    {"* -> DELIVERED (*)", "CMB-SND-007"},
    {"* -> EXECUTING (PROGRESS_ACK)", "CMB-PRG-002"},
    {"* -> EXECUTING (*)", "CMB-PRG-001"},
    {"* -> COMPLETED_SUCCESS (ROUTER_ACK)", "CMB-SND-010"},
    {"* -> COMPLETED_SUCCESS (DELIVERY_ACK)", "CMB-SND-010"},
    {"* -> COMPLETED_SUCCESS (PROGRESS_ACK)", "CMB-SND-010"},
    {"COMPLETED_FAILURE -> COMPLETED_SUCCESS (*)", "CMB-LATE-015"},
    {"TIMEOUT_ABORT -> *", "CMB-LATE-001"},
    {"* -> COMPLETED_SUCCESS (*)", "CMB-SND-008 CMB-SND-010"},
    {"* -> COMPLETED_FAILURE (CIRCUIT_OPEN)", "CMB-CBR-003"},
    {"* -> COMPLETED_FAILURE (ROUTER_ACK)", "CMB-SND-013"},
    {"* -> COMPLETED_FAILURE (DELIVERY_ACK)", "CMB-SND-015"},
    {"* -> COMPLETED_FAILURE (*)", "CMB-SND-009 CMB-SND-017"},
    {"* -> TIMEOUT_ABORT (CANCEL)", "CMB-CXL-001"},
    {"* -> TIMEOUT_ABORT (TTL_EXPIRED)", "CMB-TMR-004"},
    {"* -> TIMEOUT_ABORT (ROUTER_ACK)", "CMB-SND-014"},
    {"* -> TIMEOUT_ABORT (TIMEOUT)", "CMB-SND-016"},
    {"* -> TIMEOUT_ABORT (*_TIMEOUT)", "CMB-RTY-003"},
    {"MESSAGE", "CMB-SND-001"},
    {"MESSAGE again", "CMB-RTY-005"},
    {"TIMEOUT*", "CMB-SND-018"},
    {"CANCEL", "CMB-CXL-001 CMB-CXL-013 CMB-CXL-014"},
    {"CANCEL again", "CMB-CXL-015 CMB-CXL-014"},
    {"alert", "CMB-OBS-008 CMB-LATE-018 CMB-LATE-017"},
    {"alert *", "CMB-LATE-003 CMB-LATE-017"},
    {"anomaly MALFORMED", "CMB-WIRE-017"},
    {"anomaly DUPLICATE_ACK", "CMB-DUP-001 CMB-DUP-011 CMB-LATE-020"},
    {"anomaly OUT_OF_ORDER_ACK", "CMB-SND-011"},
    {"anomaly UNEXPECTED_ACK", "CMB-SND-012"},
    {"anomaly STALE_ATTEMPT", "CMB-LATE-010"},
    {"anomaly CONFLICT", "CMB-LATE-005 CMB-LATE-016"},
    {"anomaly LATE_FAILURE", "CMB-LATE-006"},
    {"anomaly LATE_AFTER_WINDOW", "CMB-LATE-004"},
    {"anomaly *", "CMB-OBS-004"},
    {"PONG*", "CMB-WIRE-011"},
};

constexpr Row kRouter[] = {
    {"* -> FORWARDING (RESEND)", "CMB-RTR-016 CMB-RTR-028"},
    {"* -> FORWARDING (*)", "CMB-RTR-001"},
    {"* -> REJECTED (*)", "CMB-RTR-003"},
    {"DEAD_LETTERED -> DELIVERED (LATE_RECEIPT)", "CMB-RTR-024"},
    {"* -> DELIVERED (RECEIPT)", "CMB-RTR-007"},
    {"* -> DELIVERED (*)", "CMB-RTR-007 CMB-RTR-008"},
    {"DEAD_LETTERED -> SETTLED (*)", "CMB-LATE-011 CMB-RTR-015"},
    {"* -> SETTLED (*)", "CMB-RTR-015"},
    {"* -> CANCELLED (*)", "CMB-CXL-002"},
    {"* -> DEAD_LETTERED (TTL_EXPIRED)", "CMB-RTR-013"},
    {"* -> DEAD_LETTERED (TIMEOUT)", "CMB-RTR-020"},
    {"* -> DEAD_LETTERED (DELIVERY_PHASE_ENDED)", "CMB-RTR-012"},
    {"MESSAGE", "CMB-RTR-002"},
    {"MESSAGE again", "CMB-RTR-010 CMB-RTR-016 CMB-RTR-019 CMB-RTR-028"},
    {"ROUTER_ACK/SUCCESS*", "CMB-RTR-001 CMB-RTR-016 CMB-RTR-017"},
    {"ROUTER_ACK/REJECTED*", "CMB-RTR-003 CMB-RTR-006 CMB-WIRE-013"},
    {"DELIVERY_ACK/SUCCESS*", "CMB-RTR-007 CMB-RTR-008 CMB-RTR-024"},
    {"EXECUTION_ACK/*", "CMB-RTR-014 CMB-RTR-023"},
    {"PROGRESS_ACK*", "CMB-RTR-014 CMB-RTR-023"},
    {"TIMEOUT/FAILURE TTL_EXPIRED", "CMB-RTR-013"},
    {"TIMEOUT/FAILURE ACK_TIMEOUT", "CMB-RTR-012"},
    {"TIMEOUT*", "CMB-DLQ-003 CMB-RTR-012 CMB-RTR-013 CMB-RTR-033"},
    {"CANCEL*", "CMB-CXL-002"},
    {"REPLY*", "CMB-INS-003"},
    {"anomaly MALFORMED", "CMB-WIRE-017"},
    {"anomaly DUPLICATE_ACK", "CMB-DUP-002"},
    {"anomaly CLOSED_ATTEMPT", "CMB-RTR-018"},
    {"anomaly UNDELIVERABLE", "CMB-WIRE-014"},
    {"anomaly *", "CMB-OBS-004"},
    {"PONG*", "CMB-WIRE-011 CMB-WIRE-012"},
};

constexpr Row kTarget[] = {
    {"* -> RECEIVED (RESEND)", "CMB-TGT-010"},
    {"* -> RECEIVED (*)", "CMB-TGT-001"},
    {"* -> EXECUTING (*)", "CMB-TGT-004"},
    {"* -> SUCCEEDED (*)", "CMB-TGT-005"},
    {"* -> FAILED (HANDLER_FAILED)", "CMB-TGT-005"},
    {"* -> REJECTED (TTL_EXPIRED)", "CMB-TGT-007"},
    {"* -> REJECTED (*)", "CMB-TGT-006"},
    {"RECEIVED -> CANCELLED (*)", "CMB-CXL-006"},
    {"* -> CANCELLED (*)", "CMB-CXL-007"},
    {"RECEIPT/SUCCESS*", "CMB-TGT-001"},
    {"RECEIPT/REJECTED*", "CMB-TGT-008"},
    {"EXECUTION_ACK/IN_PROGRESS", "CMB-PRG-004 CMB-PRG-007"},
    {"EXECUTION_ACK/IN_PROGRESS again", "CMB-PRG-006 CMB-PRG-004"},
    {"PROGRESS_ACK*", "CMB-PRG-005 CMB-PRG-006"},
    {"EXECUTION_ACK/FAILURE CANCELLED*", "CMB-CXL-007 CMB-CXL-006 CMB-CXL-009 CMB-CXL-010"},
    {"EXECUTION_ACK/REJECTED TTL_EXPIRED", "CMB-TGT-007"},
    {"EXECUTION_ACK/* again", "CMB-DUP-004 CMB-DUP-007"},
    {"EXECUTION_ACK/REJECTED*", "CMB-TGT-006"},
    {"EXECUTION_ACK/*", "CMB-TGT-005"},
    {"execution", "CMB-TGT-004"},
    {"anomaly MALFORMED", "CMB-WIRE-017"},
    {"anomaly DUPLICATE_ACK", "CMB-CXL-008"},
    {"anomaly UNAUTHORIZED_ACK", "CMB-TGT-011"},
    {"anomaly *", "CMB-OBS-004"},
    {"PONG*", "CMB-WIRE-011"},
};

constexpr Row kTimesOfTarget[] = {
    {"EXECUTION_ACK/REJECTED TTL_EXPIRED", ""}, {"EXECUTION_ACK/FAILURE CANCELLED", ""},
    {"EXECUTION_ACK/*", "CMB-CTL-017"},         {"PROGRESS_ACK*", "CMB-CTL-017"},
    {"* -> * (HANDLER_*)", "CMB-CTL-017"},
};

bool Fits(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == text;
  }
  if (text.substr(0, star) != pattern.substr(0, star)) {
    return false;
  }
  for (std::size_t at = star; at <= text.size(); ++at) {
    if (Fits(pattern.substr(star + 1), text.substr(at))) {
      return true;
    }
  }
  return false;
}

template <std::size_t kRows>
std::string_view Find(const Row (&rows)[kRows], const std::string& text) {
  const auto row =
      std::find_if(rows, rows + kRows, [&text](const Row& r) { return Fits(r.what, text); });
  return row == rows + kRows ? std::string_view() : row->ids;
}

std::string_view IdsOf(words::Role role, const std::string& text) {
  switch (role) {
    case words::ROLE_SENDER:
      return Find(kSender, text);
    case words::ROLE_ROUTER:
      return Find(kRouter, text);
    case words::ROLE_TARGET:
      return Find(kTarget, text);
    case words::ROLE_UNSPECIFIED:
    default:  // An open enum.
      return {};
  }
}

std::string Chosen(std::string_view ids, const std::vector<std::string>& listed) {
  std::istringstream in{std::string(ids)};
  std::string first, id;
  while (in >> id) {
    if (std::find(listed.begin(), listed.end(), id) != listed.end()) {
      return id;
    }
    first = first.empty() ? id : first;
  }
  return first;
}

template <typename Enum>
std::string WordOrNothing(Enum value) {
  return static_cast<int>(value) == 0 ? std::string() : wire::Word(value);
}

std::string MoveText(words::State from, words::State to, words::Reason reason) {
  return WordOrNothing(from) + " -> " + wire::Word(to) + " (" + WordOrNothing(reason) + ")";
}

std::string AckText(const Term& term) {
  std::string text = wire::Word(term.ack_type);
  text += term.status ? "/" + WordOrNothing(*term.status) : "";
  return text + (term.code ? " " + WordOrNothing(*term.code) : "");
}

// In the words of the table. Empty: nothing that it speaks of.
std::string TextOf(const Term& term) {
  switch (term.kind) {
    case Term::Kind::kTransition:
      return MoveText(term.old_state, term.new_state, term.reason.value_or(words::Reason{}));
    case Term::Kind::kAck:
      return AckText(term);
    case Term::Kind::kMessage:
      return "MESSAGE";
    case Term::Kind::kPong:
      return "PONG";
    case Term::Kind::kReply:
      return "REPLY";
    case Term::Kind::kAnomaly:
      return "anomaly " + wire::Word(term.anomaly);
    case Term::Kind::kAlert:
      return term.alert == words::ALERT_STATE_RAISED ? "alert" : "alert " + wire::Word(term.alert);
    case Term::Kind::kExecution:
      return "execution";
    case Term::Kind::kPing:
    case Term::Kind::kAny:
      return "";
  }
  return "";
}

}  // namespace

std::string RowOfMove(words::Role role, words::State from, words::State to, words::Reason reason) {
  return Chosen(IdsOf(role, MoveText(from, to, reason)), {});
}

std::string RowOf(words::Role role, const Expectation& what, bool again,
                  const std::vector<std::string>& listed) {
  const std::string text = TextOf(what.term);
  const bool counts = again && what.term.kind != Term::Kind::kTransition;
  const std::string_view ids = counts ? IdsOf(role, text + " again") : std::string_view();
  return Chosen(ids.empty() ? IdsOf(role, text) : ids, listed);
}

std::string RowOfTime(words::Role role, const Expectation& what) {
  return role == words::ROLE_TARGET ? Chosen(Find(kTimesOfTarget, TextOf(what.term)), {}) : "";
}

}  // namespace cmb::conformance::scenario
