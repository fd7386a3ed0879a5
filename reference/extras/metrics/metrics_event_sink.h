// Events -> the metrics of CMB-OBS-017 and those that the alert conditions of
// CMB-OBS-020 and of the annex on observability use, for Prometheus to read.
//
//   MetricsEventSink metrics;
//   ModuleEndpoint arm({.module_id = "arm", .metrics = &metrics});
//   exposer.RegisterCollectable(metrics.collectable());  // prometheus::Exposer
//
// cmb-router makes its own (--metrics), cmb-replay one of a log that was kept. What no
// event tells is told by AckMeter and SetLevels. One sink belongs to one module.
//
// Holds what it must know of at most kFollowedRecords records that are not terminal,
// five minutes of seconds, and labels for kTargetLabels targets. Threads: any; whoever
// writes never waits for a reader longer than it takes to copy the numbers. Spec:
// chapter "Observability", metrics; its annex, A.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "reference/sinks/metrics_sink.h"

namespace prometheus {
class Collectable;
}

namespace cmb::reference {

// So many targets have labels of their own, the first that are named; the others are
// one together, which no module can be called (ids do not begin with @).
inline constexpr std::size_t kTargetLabels = 200;
inline constexpr const char* kOtherTargets = "@other";

// Beyond it the record that changed longest ago is followed no more: a router's may
// end in DELIVERED, without an event (CMB-RTR-025).
inline constexpr std::size_t kFollowedRecords = 131'072;

class MetricsEventSink : public MetricsSink {
 public:
  explicit MetricsEventSink(std::size_t target_labels = kTargetLabels);
  ~MetricsEventSink() override;

  void UseClock(NowMs now_ms) override;
  void Write(const ack::v1::Event& event) override;
  void Flush() override {}
  void CountAck(ack::v1::Role role, const ack::v1::Ack& ack, std::uint64_t now_ms) override;
  void SetLevels(ack::v1::Role role, const MetricLevels& levels) override;

  // Every metric that has a value, for a prometheus::Exposer. May outlive the sink.
  std::shared_ptr<prometheus::Collectable> collectable() const;

  // The same as text, as Prometheus reads it.
  std::string Text() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace cmb::reference
