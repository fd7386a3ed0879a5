// The event that says of an ACK that it changed nothing. The same in all three
// cores but for who saw it and from whom it came. Spec: chapter model, events.
#pragma once

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

// `peer`: the connection at a router, the ACK's source at an endpoint.
inline AnomalyEvent AckAnomaly(AnomalyKind kind, Role role, const ModuleId& peer, const AckIn& ack,
                               Instant now) {
  AnomalyEvent event;
  event.kind = kind;
  event.role = role;
  event.id = ack.correlation_id;
  event.peer = peer;
  event.type = ack.type;
  event.status = ack.status;
  event.attempt = ack.attempt;
  event.at = now;
  event.note = ack.note;
  return event;
}

}  // namespace cmb::lifecycle
