// The counters and histograms of CMB-OBS-017 and of the annex on observability, in
// a registry of prometheus-cpp, and the words that are their labels.
//
// Behind MetricsEventSink alone, since the headers of prometheus-cpp are heavy.
// Threads: one at a time, but Collect from any. Spec: chapter "Observability", metrics; its annex,
// A.2.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "proto/wire/words.h"

namespace cmb::reference {

template <typename Enum>
bool IsWord(Enum value) {
  return google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value) != nullptr;
}

// A word of the vocabulary in lower case. Numbers that are no words share a label:
// whoever sends them must not make as many as there are.
template <typename Enum>
std::string MetricLabel(Enum value) {
  if (!IsWord(value)) {
    return "unknown";
  }
  auto word = wire::Word(value);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

class MetricFamilies {
 public:
  MetricFamilies();

  void CountAck(ack::v1::Role role, const ack::v1::Ack& ack);
  void ObserveStage(ack::v1::Role role, ack::v1::State left, std::uint64_t ms);
  // A sender's first terminal transition, `ms` after the SEND.
  void CountEnd(const ack::v1::TransitionEvent& event, const std::string& target_label,
                std::uint64_t ms);
  void CountReconciled(const ack::v1::TransitionEvent& event);
  void CountAnomaly(const ack::v1::Anomaly& event);
  void CountAlert(const ack::v1::Alert& event);
  void CountRedelivery(const std::string& target_label);

  std::vector<prometheus::MetricFamily> Collect() const { return registry_.Collect(); }

 private:
  template <typename Metric>
  using Family = prometheus::Family<Metric>&;
  using AckKey = std::tuple<int, int, int, int>;  // Role, type, status, code.

  prometheus::Registry registry_;
  Family<prometheus::Counter> acks_sent_;
  Family<prometheus::Histogram> stage_duration_;
  Family<prometheus::Histogram> latency_;
  Family<prometheus::Counter> ended_;
  Family<prometheus::Counter> anomalies_;
  Family<prometheus::Counter> alerts_;
  Family<prometheus::Counter> redeliveries_;
  Family<prometheus::Counter> reconciled_;
  // What is counted for every frame, so that its labels are made once.
  std::map<AckKey, prometheus::Counter*> acks_by_key_;
  std::map<std::pair<int, int>, prometheus::Histogram*> stages_by_key_;  // Role, state left.
  std::map<int, prometheus::Histogram*> latencies_by_state_;
};

}  // namespace cmb::reference
