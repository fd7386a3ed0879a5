// The event that says of an ACK that it changed nothing. The same in all three
// cores but for who saw it. Spec: chapter model, events.
#pragma once

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

inline AnomalyEvent AckAnomaly(AnomalyKind kind, Role role, const AckIn& ack, Instant now) {
  AnomalyEvent event;
  event.kind = kind;
  event.role = role;
  event.id = ack.correlation_id;
  event.peer = ack.source;
  event.type = ack.type;
  event.status = ack.status;
  event.attempt = ack.attempt;
  event.at = now;
  event.note = ack.note;
  return event;
}

}  // namespace cmb::lifecycle
