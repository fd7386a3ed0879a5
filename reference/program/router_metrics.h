// The metrics of a router that runs: a sink for its events, a meter for its ACKs, what it
// holds, and the page that tells all this.
//
// Part of RouterProgram, whose loop publishes what it holds; whoever scrapes is answered
// from that copy, and the core is not touched. Threads: the loop's. Spec: chapter
// "Observability", metrics; its annex, A.2.
#pragma once

#include <cstdint>
#include <string>

#include "reference/lifecycle/inspection.h"
#include "reference/shell/ack_meter.h"
#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/extras/metrics/metrics_server.h"

namespace cmb::reference {

class RouterMetrics {
 public:
  // Listens on `address` (see MetricsServer, also for what it throws). `clock` is that of
  // the events and outlives this; `records_limit` is the bound of the router's table.
  RouterMetrics(const std::string& address, const Clock& clock, std::size_t records_limit);

  EventSink& sink() { return metrics_; }
  AckMeter& meter() { return meter_; }
  const std::string& url() const { return server_.url(); }

  // What the router holds now, and how many connections it has refused.
  void Publish(const lifecycle::RouterCounts& counts, std::uint64_t refused_connections);

 private:
  const std::size_t records_limit_;
  MetricsEventSink metrics_;
  AckMeter meter_;
  MetricsServer server_;  // Last: it asks the others.
};

}  // namespace cmb::reference
