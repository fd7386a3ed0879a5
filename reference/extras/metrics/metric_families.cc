#include "reference/extras/metrics/metric_families.h"

namespace cmb::reference {
namespace {

using prometheus::Counter;
using prometheus::Histogram;

Histogram::BucketBoundaries BoundsMs() {
  return {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000};
}

prometheus::Family<Counter>& CounterFamily(prometheus::Registry& registry, const char* name,
                                           const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<Histogram>& HistogramFamily(prometheus::Registry& registry, const char* name,
                                               const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

// For a key: as the labels, all that are no words are one.
template <typename Enum>
int KeyOf(Enum value) {
  return IsWord(value) ? static_cast<int>(value) : -1;
}

}  // namespace

MetricFamilies::MetricFamilies()
    : acks_sent_(CounterFamily(registry_, "acks_sent_total",
                               "ACKs handed over; each ACK of a batch is one")),
      stage_duration_(HistogramFamily(registry_, "ack_stage_duration",
                                      "Milliseconds from entering a state to leaving it")),
      latency_(HistogramFamily(registry_, "end_to_end_latency",
                               "Milliseconds from SEND to the terminal state")),
      ended_(CounterFamily(registry_, "cmb_messages_ended_total",
                           "Messages of this sender that became terminal")),
      anomalies_(CounterFamily(registry_, "cmb_anomalies_total",
                               "Frames that came and changed no record")),
      alerts_(CounterFamily(registry_, "cmb_alerts_total", "Alerts raised, updated, resolved")),
      redeliveries_(CounterFamily(registry_, "cmb_redeliveries_total",
                                  "Deliveries that the router planned to try again")),
      reconciled_(
          CounterFamily(registry_, "cmb_reconciled_total", "Outcomes that a late ACK put right")) {}

void MetricFamilies::CountAck(ack::v1::Role role, const ack::v1::Ack& ack) {
  auto*& counter =
      acks_by_key_[{role, KeyOf(ack.ack_type()), KeyOf(ack.status()), KeyOf(ack.error_code())}];
  if (counter == nullptr) {
    counter = &acks_sent_.Add({{"role", MetricLabel(role)},
                               {"ack_type", MetricLabel(ack.ack_type())},
                               {"status", MetricLabel(ack.status())},
                               {"error_code", MetricLabel(ack.error_code())}});
  }
  counter->Increment();
}

void MetricFamilies::ObserveStage(ack::v1::Role role, ack::v1::State left, std::uint64_t ms) {
  auto*& histogram = stages_by_key_[{role, left}];
  if (histogram == nullptr) {
    histogram = &stage_duration_.Add({{"role", MetricLabel(role)}, {"stage", MetricLabel(left)}},
                                     BoundsMs());
  }
  histogram->Observe(static_cast<double>(ms));
}

void MetricFamilies::CountEnd(const ack::v1::TransitionEvent& event,
                              const std::string& target_label, std::uint64_t ms) {
  auto*& latency = latencies_by_state_[event.new_state()];
  if (latency == nullptr) {
    latency = &latency_.Add({{"outcome", MetricLabel(event.new_state())}}, BoundsMs());
  }
  latency->Observe(static_cast<double>(ms));
  ended_
      .Add({{"state", MetricLabel(event.new_state())},
            {"reason", MetricLabel(event.reason())},
            {"error_code", MetricLabel(event.details().error_code())},
            {"certainty", MetricLabel(event.certainty())},
            {"target", target_label}})
      .Increment();
}

void MetricFamilies::CountReconciled(const ack::v1::TransitionEvent& event) {
  reconciled_.Add({{"new_state", MetricLabel(event.new_state())}}).Increment();
}

void MetricFamilies::CountAnomaly(const ack::v1::Anomaly& event) {
  anomalies_.Add({{"role", MetricLabel(event.role())}, {"kind", MetricLabel(event.kind())}})
      .Increment();
}

void MetricFamilies::CountAlert(const ack::v1::Alert& event) {
  alerts_.Add({{"state", MetricLabel(event.state())}}).Increment();
}

void MetricFamilies::CountRedelivery(const std::string& target_label) {
  redeliveries_.Add({{"target", target_label}}).Increment();
}

}  // namespace cmb::reference
