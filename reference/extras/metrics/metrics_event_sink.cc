#include "reference/extras/metrics/metrics_event_sink.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "reference/extras/metrics/followed_records.h"
#include "reference/extras/metrics/metric_families.h"
#include "reference/extras/metrics/metric_gauges.h"
#include "reference/extras/metrics/sliding_window.h"

namespace cmb::reference {
namespace {

using ack::v1::Role;
using ack::v1::TransitionEvent;

constexpr std::uint64_t kRateSeconds = 60;
constexpr std::uint64_t kShareSeconds = 300;

}  // namespace

class MetricsEventSink::State : public prometheus::Collectable {
 public:
  explicit State(std::size_t target_labels) : target_labels_(target_labels) {}

  void UseClock(NowMs now_ms) {
    const std::lock_guard lock(mutex_);
    now_ms_ = std::move(now_ms);
  }
  void Write(const ack::v1::Event& event);
  void CountAck(Role role, const ack::v1::Ack& ack, std::uint64_t now_ms);
  void SetLevels(Role role, const MetricLevels& levels);
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  void Take(const TransitionEvent& event);
  void TakeEnd(const TransitionEvent& event, std::uint64_t age_ms);
  std::string TargetLabel(const std::string& target);
  GaugeValues Gauges() const;

  const std::size_t target_labels_;
  MetricFamilies families_;   // Collected without the mutex.
  mutable std::mutex mutex_;  // Guards all else.
  NowMs now_ms_ = [] { return 0; };
  FollowedRecords records_{kFollowedRecords};
  std::map<Role, SlidingWindow<std::uint64_t>> acks_;
  SlidingWindow<Ended> ended_{kShareSeconds};
  std::set<std::string> targets_;  // That have labels.
  std::map<Role, MetricLevels> levels_;
  std::map<std::pair<Role, std::string>, std::uint64_t> depths_;  // By label.
};

void MetricsEventSink::State::Write(const ack::v1::Event& event) {
  const std::lock_guard lock(mutex_);
  if (event.has_transition()) {
    Take(event.transition());
  } else if (event.has_anomaly()) {
    families_.CountAnomaly(event.anomaly());
  } else if (event.has_alert()) {
    families_.CountAlert(event.alert());
  } else if (event.has_retry() && event.retry().role() == ack::v1::ROLE_ROUTER) {
    families_.CountRedelivery(TargetLabel(event.retry().target()));
  }
}

void MetricsEventSink::State::Take(const TransitionEvent& event) {
  const auto step = records_.Take(event);
  if (step.stage_ms) {
    families_.ObserveStage(event.role(), event.old_state(), *step.stage_ms);
  }
  if (event.reason() == ack::v1::REASON_LATE_EXECUTION_ACK) {
    families_.CountReconciled(event);
  }
  // A change of a terminal record is a reconciliation: it ended once before.
  if (event.role() == ack::v1::ROLE_SENDER && IsTerminal(event.new_state()) &&
      !IsTerminal(event.old_state())) {
    TakeEnd(event, step.age_ms);
  }
}

void MetricsEventSink::State::TakeEnd(const TransitionEvent& event, std::uint64_t age_ms) {
  families_.CountEnd(event, TargetLabel(event.target()), age_ms);
  auto& ended = ended_.At(event.monotonic_ms());
  ++ended.all;
  ended.succeeded += event.new_state() == ack::v1::STATE_COMPLETED_SUCCESS ? 1 : 0;
  ended.timed_out += event.new_state() == ack::v1::STATE_TIMEOUT_ABORT ? 1 : 0;
  ended.retried += event.retry_count() > 0 ? 1 : 0;
}

std::string MetricsEventSink::State::TargetLabel(const std::string& target) {
  if (target.empty() || targets_.contains(target)) {
    return target;
  }
  if (targets_.size() >= target_labels_) {
    return kOtherTargets;
  }
  targets_.insert(target);
  return target;
}

void MetricsEventSink::State::CountAck(Role role, const ack::v1::Ack& ack, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  families_.CountAck(role, ack);
  ++acks_.try_emplace(role, kRateSeconds).first->second.At(now_ms);
}

void MetricsEventSink::State::SetLevels(Role role, const MetricLevels& levels) {
  const std::lock_guard lock(mutex_);
  levels_[role] = levels;
  // Who was full once is empty now, not gone.
  for (auto& [key, depth] : depths_) {
    depth = key.first == role ? 0 : depth;
  }
  for (const auto& [target, depth] : levels.buffer_depth) {
    depths_[{role, TargetLabel(target)}] += depth;
  }
}

GaugeValues MetricsEventSink::State::Gauges() const {
  const std::lock_guard lock(mutex_);
  const auto now_ms = now_ms_();
  GaugeValues values;
  values.ended = ended_.SumBefore(now_ms);
  for (const auto& [role, acks] : acks_) {
    values.acks_per_second[role] =
        static_cast<double>(acks.SumBefore(now_ms)) / static_cast<double>(kRateSeconds);
  }
  values.pending = records_.pending();
  values.levels = levels_;
  values.depths = depths_;
  return values;
}

std::vector<prometheus::MetricFamily> MetricsEventSink::State::Collect() const {
  auto out = families_.Collect();
  PutGauges(Gauges(), out);
  // For people, who find a name faster then.
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (auto& family : out) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
  }
  return out;
}

MetricsEventSink::MetricsEventSink(std::size_t target_labels)
    : state_(std::make_shared<State>(target_labels)) {}

MetricsEventSink::~MetricsEventSink() = default;

void MetricsEventSink::UseClock(NowMs now_ms) { state_->UseClock(std::move(now_ms)); }

void MetricsEventSink::Write(const ack::v1::Event& event) { state_->Write(event); }

void MetricsEventSink::CountAck(Role role, const ack::v1::Ack& ack, std::uint64_t now_ms) {
  state_->CountAck(role, ack, now_ms);
}

void MetricsEventSink::SetLevels(Role role, const MetricLevels& levels) {
  state_->SetLevels(role, levels);
}

std::shared_ptr<prometheus::Collectable> MetricsEventSink::collectable() const { return state_; }

std::string MetricsEventSink::Text() const {
  return prometheus::TextSerializer().prometheus::Serializer::Serialize(state_->Collect());
}

}  // namespace cmb::reference
