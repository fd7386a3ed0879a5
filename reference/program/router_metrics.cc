#include "reference/program/router_metrics.h"

namespace cmb::reference {

RouterMetrics::RouterMetrics(const std::string& address, const Clock& clock,
                             std::size_t records_limit)
    : records_limit_(records_limit),
      meter_(metrics_, clock, Side::kRouter),
      server_(address, metrics_.collectable()) {
  metrics_.UseClock([&clock] { return clock.NowMs(); });
}

void RouterMetrics::Publish(const lifecycle::RouterCounts& counts,
                            std::uint64_t refused_connections) {
  MetricLevels levels;
  levels.pending = {{ack::v1::STATE_FORWARDING, counts.forwarding},
                    {ack::v1::STATE_DELIVERED, counts.delivered}};
  for (const auto& [target, messages] : counts.queues) {
    levels.buffer_depth.emplace(target.str(), messages);
  }
  levels.records = counts.records;
  levels.records_limit = records_limit_;
  levels.dead_letters = counts.dead_letters;
  levels.refused_connections = refused_connections;
  metrics_.SetLevels(ack::v1::ROLE_ROUTER, levels);
}

}  // namespace cmb::reference
