// The gauges of CMB-OBS-017 and of the annex on observability: what is so at the
// moment at which somebody asks.
//
// Behind MetricsEventSink. Free of state. Spec: chapter "Observability", metrics; its
// annex, A.2.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reference/extras/metrics/followed_records.h"
#include "reference/extras/metrics/metrics_event_sink.h"

namespace cmb::reference {

// What ended in one second, or in several.
struct Ended {
  Ended& operator+=(const Ended& other) {
    all += other.all;
    succeeded += other.succeeded;
    timed_out += other.timed_out;
    retried += other.retried;
    return *this;
  }
  std::uint64_t all = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t retried = 0;
};

struct GaugeValues {
  Ended ended;  // In the time that shares are of.
  std::map<ack::v1::Role, double> acks_per_second;
  FollowedRecords::Pending pending;              // As the events tell.
  std::map<ack::v1::Role, MetricLevels> levels;  // Theirs win over what events tell.
  std::map<std::pair<ack::v1::Role, std::string>, std::uint64_t> depths;  // By target's label.
};

// Adds those that have a value.
void PutGauges(const GaugeValues& values, std::vector<prometheus::MetricFamily>& out);

}  // namespace cmb::reference
