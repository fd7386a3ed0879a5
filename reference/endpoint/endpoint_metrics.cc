#include "reference/endpoint/endpoint_metrics.h"

namespace cmb::reference {
namespace {

template <class Core>
MetricLevels LevelsOf(const Core& core, std::size_t records_limit, std::size_t waiting) {
  MetricLevels levels;
  for (const auto& [state, count] : core.pending().by_state()) {
    levels.pending[static_cast<ack::v1::State>(state)] = count;
  }
  levels.buffer_depth = {{"", waiting}};
  levels.records = core.size();
  levels.records_limit = records_limit;
  return levels;
}

}  // namespace

EndpointMetrics::EndpointMetrics(MetricsSink* metrics, const RealClock& clock) : metrics_(metrics) {
  if (metrics_ != nullptr) {
    // By value: the sink may be asked when the endpoint is gone.
    metrics_->UseClock([clock] { return clock.NowMs(); });
    meter_.emplace(*metrics_, clock, Side::kEndpoint);
  }
}

void EndpointMetrics::Publish(const EndpointShell& shell, const Outbox& outbox) {
  using namespace ack::v1;  // NOLINT: the words of one enum.
  if (metrics_ == nullptr) {
    return;
  }
  const auto depths = outbox.depths();
  const auto& settings = shell.settings();
  metrics_->SetLevels(ROLE_SENDER,
                      LevelsOf(shell.sender(), settings.sender.records, depths.at(ROLE_SENDER)));
  metrics_->SetLevels(ROLE_TARGET,
                      LevelsOf(shell.target(), settings.target.records, depths.at(ROLE_TARGET)));
}

}  // namespace cmb::reference
