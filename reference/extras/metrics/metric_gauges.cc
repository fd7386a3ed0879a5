#include "reference/extras/metrics/metric_gauges.h"

#include <optional>

#include "reference/extras/metrics/metric_families.h"

namespace cmb::reference {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<prometheus::ClientMetric::Label>;

// One family; it is added to `out` if it has a value.
class Gauge {
 public:
  Gauge(std::vector<MetricFamily>& out, const char* name, const char* help,
        MetricType type = MetricType::Gauge)
      : out_(out), family_{name, help, type, {}} {}
  ~Gauge() {
    if (!family_.metric.empty()) {
      out_.push_back(std::move(family_));
    }
  }
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void PutReal(Labels labels, double value) {
    auto& metric = family_.metric.emplace_back();
    metric.label = std::move(labels);
    metric.gauge.value = value;
    metric.counter.value = value;  // The type decides which of them is read.
  }
  void Put(Labels labels, std::optional<std::uint64_t> value) {
    if (value) {
      PutReal(std::move(labels), static_cast<double>(*value));
    }
  }

 private:
  std::vector<MetricFamily>& out_;
  MetricFamily family_;
};

void PutShares(const Ended& ended, std::vector<MetricFamily>& out) {
  if (ended.all == 0) {
    return;  // Of nothing there is no share.
  }
  const auto put = [&](const char* name, const char* help, std::uint64_t part) {
    Gauge(out, name, help).PutReal({}, static_cast<double>(part) / static_cast<double>(ended.all));
  };
  put("ack_success_rate", "Share of COMPLETED_SUCCESS among what ended in the last 5 minutes",
      ended.succeeded);
  put("ack_retry_rate", "Share of what was sent again among what ended in the last 5 minutes",
      ended.retried);
  put("ack_timeout_rate", "Share of TIMEOUT_ABORT among what ended in the last 5 minutes",
      ended.timed_out);
}

FollowedRecords::Pending PendingOf(const GaugeValues& values) {
  auto pending = values.pending;
  for (const auto& [role, levels] : values.levels) {
    if (levels.pending.empty()) {
      continue;
    }
    std::erase_if(pending, [role = role](const auto& entry) { return entry.first.first == role; });
    for (const auto& [state, count] : levels.pending) {
      pending[{role, state}] = count;
    }
  }
  return pending;
}

void PutLevels(const std::map<ack::v1::Role, MetricLevels>& by_role,
               std::vector<MetricFamily>& out) {
  Gauge records(out, "cmb_records", "Records held");
  Gauge limit(out, "cmb_records_limit", "Records that the table can hold");
  Gauge letters(out, "cmb_dead_letters", "Messages given up that wait for a decision");
  Gauge refused(out, "cmb_refused_connections_total", "CURVE handshakes that were refused",
                MetricType::Counter);
  for (const auto& [role, levels] : by_role) {
    records.Put({{"role", MetricLabel(role)}}, levels.records);
    limit.Put({{"role", MetricLabel(role)}}, levels.records_limit);
    letters.Put({}, levels.dead_letters);
    refused.Put({}, levels.refused_connections);
  }
}

}  // namespace

void PutGauges(const GaugeValues& values, std::vector<MetricFamily>& out) {
  Gauge rate(out, "ack_rate_per_second", "ACKs handed over in the last minute, a second");
  for (const auto& [role, acks] : values.acks_per_second) {
    rate.PutReal({{"role", MetricLabel(role)}}, acks);
  }
  PutShares(values.ended, out);
  Gauge pending(out, "pending_acks", "Records that are not terminal");
  for (const auto& [key, count] : PendingOf(values)) {
    pending.Put({{"role", MetricLabel(key.first)}, {"state", MetricLabel(key.second)}}, count);
  }
  Gauge depth(out, "ack_buffer_depth",
              "Router: messages in FORWARDING; endpoint: frames that wait for a connection");
  for (const auto& [key, count] : values.depths) {
    depth.Put({{"role", MetricLabel(key.first)}, {"target", key.second}}, count);
  }
  PutLevels(values.levels, out);
}

}  // namespace cmb::reference
