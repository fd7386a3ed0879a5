#include "conformance/engine/term_match.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Term;

bool SameAckKind(const Term& term, ItemKind kind) {
  ack::v1::Ack wanted;
  wanted.set_ack_type(term.ack_type);
  if (term.ack_type != ack::v1::ACK_TYPE_EXECUTION_ACK) {
    return KindOf(wanted) == kind;
  }
  const bool terminal = kind == ItemKind::kExecutionAck;
  const bool started = kind == ItemKind::kInProgress;
  if (!term.status) {  // EXECUTION_ACK/any.
    return terminal || started;
  }
  return *term.status == ack::v1::STATUS_IN_PROGRESS ? started : terminal;
}

bool SameFrameKind(const Term& term, ItemKind kind) {
  switch (term.kind) {
    case Term::Kind::kMessage:
      return kind == ItemKind::kMessage;
    case Term::Kind::kAck:
      return SameAckKind(term, kind);
    case Term::Kind::kPing:
      return kind == ItemKind::kPing;
    case Term::Kind::kPong:
      return kind == ItemKind::kPong;
    case Term::Kind::kReply:
      return kind == ItemKind::kReply;
    case Term::Kind::kAny:
      return !IsBarrier(kind);
    case Term::Kind::kTransition:
    case Term::Kind::kAnomaly:
    case Term::Kind::kAlert:
    case Term::Kind::kExecution:
      return false;
  }
  return false;
}

bool SameAlertState(ack::v1::AlertState wanted, ItemKind kind) {
  return (kind == ItemKind::kAlertRaised && wanted == ack::v1::ALERT_STATE_RAISED) ||
         (kind == ItemKind::kAlertUpdated && wanted == ack::v1::ALERT_STATE_UPDATED) ||
         (kind == ItemKind::kAlertResolved && wanted == ack::v1::ALERT_STATE_RESOLVED);
}

bool SameEventKind(const Term& term, const Item& item) {
  switch (term.kind) {
    case Term::Kind::kTransition:
      return item.kind == ItemKind::kTransition;
    case Term::Kind::kAnomaly:
      return item.kind == ItemKind::kAnomaly && item.event->anomaly().kind() == term.anomaly;
    case Term::Kind::kAlert:
      return SameAlertState(term.alert, item.kind);
    case Term::Kind::kExecution:
      return item.kind == ItemKind::kExecution;
    case Term::Kind::kMessage:
    case Term::Kind::kAck:
    case Term::Kind::kPing:
    case Term::Kind::kPong:
    case Term::Kind::kReply:
    case Term::Kind::kAny:
      return false;
  }
  return false;
}

bool AckAgrees(const Term& term, const ack::v1::Ack& ack) {
  return (!term.status || ack.status() == *term.status) &&
         (!term.code || ack.error_code() == *term.code);
}

bool TransitionAgrees(const Term& term, const ack::v1::TransitionEvent& event) {
  return event.old_state() == term.old_state && event.new_state() == term.new_state &&
         (!term.reason || event.reason() == *term.reason);
}

}  // namespace

bool IsBarrier(ItemKind kind) { return kind == ItemKind::kPing || kind == ItemKind::kPong; }

bool SameKind(const Term& term, const Item& item) {
  return item.IsFrame() ? SameFrameKind(term, item.kind) : SameEventKind(term, item);
}

bool Agrees(const Term& term, const Item& item) {
  if (!SameKind(term, item)) {
    return false;
  }
  if (term.kind == Term::Kind::kAck) {
    return AckAgrees(term, item.frame->header.ack());
  }
  if (term.kind == Term::Kind::kTransition) {
    return TransitionAgrees(term, item.event->transition());
  }
  return true;
}

bool SameKind(const Term& term, const ack::v1::CognitiveMessage& header) {
  return SameFrameKind(term, KindOf(header));
}

bool Agrees(const Term& term, const ack::v1::CognitiveMessage& header) {
  return SameKind(term, header) && (term.kind != Term::Kind::kAck || AckAgrees(term, header.ack()));
}

}  // namespace cmb::conformance::engine
