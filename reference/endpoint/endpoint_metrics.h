// The metrics of an endpoint that runs: tells the sink of its options about ACKs, and what
// both roles hold.
//
// Part of EndpointThread, which publishes at every turn of its loop. Without a sink it
// does nothing. Threads: the loop's. Spec: chapter "Observability", metrics; its annex, A.2.
#pragma once

#include <optional>

#include "reference/endpoint/endpoint_shell.h"
#include "reference/endpoint/outbox.h"
#include "reference/shell/ack_meter.h"
#include "reference/shell/clock.h"

namespace cmb::reference {

class EndpointMetrics {
 public:
  // Both outlive this; the sink may be null.
  EndpointMetrics(MetricsSink* metrics, const RealClock& clock);

  // Null: nobody counts.
  AckMeter* meter() { return meter_ ? &*meter_ : nullptr; }

  void Publish(const EndpointShell& shell, const Outbox& outbox);

 private:
  MetricsSink* metrics_;
  std::optional<AckMeter> meter_;
};

}  // namespace cmb::reference
