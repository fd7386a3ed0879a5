#include "reference/sinks/metrics_event_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string_view>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

using ack::v1::TransitionEvent;

constexpr std::uint64_t kRateSeconds = 60;
constexpr std::uint64_t kShareSeconds = 300;

// Label values are words of the vocabulary in lower case.
template <typename Enum>
std::string Label(Enum value) {
  auto word = wire::Word(value);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

// A module id may hold whatever UTF-8 allows.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') {
      out += '\\';
    }
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

bool IsTerminal(ack::v1::State state) {
  using namespace ack::v1;  // NOLINT: the words of one enum.
  return state == STATE_COMPLETED_SUCCESS || state == STATE_COMPLETED_FAILURE ||
         state == STATE_TIMEOUT_ABORT || state == STATE_SETTLED || state == STATE_REJECTED ||
         state == STATE_DEAD_LETTERED || state == STATE_CANCELLED || state == STATE_SUCCEEDED ||
         state == STATE_FAILED;
}

void PutHead(std::string& out, std::string_view name, std::string_view type) {
  out += fmt::format("# TYPE {} {}\n", name, type);
}

void PutHistogram(std::string& out, std::string_view name, const std::string& labels,
                  const MillisecondHistogram& histogram) {
  for (std::size_t i = 0; i < histogram.kBounds.size(); ++i) {
    out += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name, labels, histogram.kBounds[i],
                       histogram.at_most[i]);
  }
  out += fmt::format("{}_bucket{{{},le=\"+Inf\"}} {}\n", name, labels, histogram.count);
  out += fmt::format("{}_sum{{{}}} {}\n", name, labels, histogram.sum_ms);
  out += fmt::format("{}_count{{{}}} {}\n", name, labels, histogram.count);
}

// The seconds that are over `width` seconds old.
template <typename Map>
void Forget(Map& by_second, std::uint64_t now_ms, std::uint64_t width) {
  const auto second = now_ms / 1000;
  by_second.erase(by_second.begin(), by_second.lower_bound(second > width ? second - width : 0));
}

}  // namespace

void MillisecondHistogram::Observe(std::uint64_t ms) {
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    at_most[i] += ms <= kBounds[i] ? 1 : 0;
  }
  ++count;
  sum_ms += ms;
}

void MetricsEventSink::Write(const ack::v1::Event& event) {
  const std::lock_guard lock(mutex_);
  Count(event);
  if (event.has_transition()) {
    Take(event.transition());
  }
}

void MetricsEventSink::Count(const ack::v1::Event& event) {
  if (event.has_anomaly()) {
    ++counters_["cmb_anomalies_total"][fmt::format(
        "role=\"{}\",kind=\"{}\"", Label(event.anomaly().role()), Label(event.anomaly().kind()))];
  }
  if (event.has_alert()) {
    ++counters_["cmb_alerts_total"][fmt::format("state=\"{}\"", Label(event.alert().state()))];
  }
  if (event.has_retry() && event.retry().role() == ack::v1::ROLE_ROUTER) {
    ++counters_["cmb_redeliveries_total"]
               [fmt::format("target=\"{}\"", Escaped(event.retry().target()))];
  }
  if (event.has_transition() && event.transition().reason() == ack::v1::REASON_LATE_EXECUTION_ACK) {
    ++counters_["cmb_reconciled_total"]
               [fmt::format("new_state=\"{}\"", Label(event.transition().new_state()))];
  }
}

void MetricsEventSink::Take(const TransitionEvent& event) {
  const RecordKey key{event.role(), event.source(), event.message_id()};
  const auto known = open_.find(key);
  // A record of which this is the first event: a sender's begins with it, a
  // router's or target's began at an instant that no event tells.
  OpenRecord record{event.old_state(), event.monotonic_ms(), event.monotonic_ms()};
  if (known != open_.end()) {
    record = known->second;
    stages_[{event.role(), event.old_state()}].Observe(event.monotonic_ms() - record.entered_ms);
  }
  if (!IsTerminal(event.new_state())) {
    open_[key] = {event.new_state(), event.monotonic_ms(), record.began_ms};
    return;
  }
  if (known != open_.end()) {
    open_.erase(known);
  }
  // A change of a terminal record is a reconciliation: it ended once before.
  if (event.role() == ack::v1::ROLE_SENDER && !IsTerminal(event.old_state())) {
    TakeEnd(event, record);
  }
}

void MetricsEventSink::TakeEnd(const TransitionEvent& event, const OpenRecord& record) {
  latencies_[event.new_state()].Observe(event.monotonic_ms() - record.began_ms);
  ++counters_["cmb_messages_ended_total"][fmt::format(
      "state=\"{}\",reason=\"{}\",error_code=\"{}\",certainty=\"{}\",target=\"{}\"",
      Label(event.new_state()), Label(event.reason()), Label(event.details().error_code()),
      Label(event.certainty()), Escaped(event.target()))];
  auto& ended = ended_by_second_[event.monotonic_ms() / 1000];
  ++ended.all;
  ended.succeeded += event.new_state() == ack::v1::STATE_COMPLETED_SUCCESS ? 1 : 0;
  ended.timed_out += event.new_state() == ack::v1::STATE_TIMEOUT_ABORT ? 1 : 0;
  ended.retried += event.retry_count() > 0 ? 1 : 0;
  Forget(ended_by_second_, event.monotonic_ms(), kShareSeconds);
}

void MetricsEventSink::CountAck(ack::v1::Role role, ack::v1::AckType type, ack::v1::Status status,
                                ack::v1::ErrorCode code, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  ++acks_[AckKey(role, type, status, code)];
  auto& by_second = acks_by_second_[role];
  ++by_second[now_ms / 1000];
  Forget(by_second, now_ms, kRateSeconds);
}

void MetricsEventSink::SetBufferDepth(ack::v1::Role role, const std::string& target,
                                      std::uint64_t depth) {
  const std::lock_guard lock(mutex_);
  depths_[{role, target}] = depth;
}

MetricsEventSink::Ended MetricsEventSink::EndedBefore(std::uint64_t now_ms) const {
  const auto second = now_ms / 1000;
  Ended sum;
  for (auto at = ended_by_second_.lower_bound(second > kShareSeconds ? second - kShareSeconds : 0);
       at != ended_by_second_.end(); ++at) {
    sum.all += at->second.all;
    sum.succeeded += at->second.succeeded;
    sum.timed_out += at->second.timed_out;
    sum.retried += at->second.retried;
  }
  return sum;
}

void MetricsEventSink::PutAcks(std::string& out, std::uint64_t now_ms) const {
  PutHead(out, "acks_sent_total", "counter");
  for (const auto& [key, count] : acks_) {
    const auto [role, type, status, code] = key;
    out += fmt::format(
        "acks_sent_total{{role=\"{}\",ack_type=\"{}\",status=\"{}\",error_code=\"{}\"}} {}\n",
        Label(static_cast<ack::v1::Role>(role)), Label(static_cast<ack::v1::AckType>(type)),
        Label(static_cast<ack::v1::Status>(status)), Label(static_cast<ack::v1::ErrorCode>(code)),
        count);
  }
  PutHead(out, "ack_rate_per_second", "gauge");
  const auto second = now_ms / 1000;
  for (const auto& [role, by_second] : acks_by_second_) {
    std::uint64_t sum = 0;
    for (auto at = by_second.lower_bound(second > kRateSeconds ? second - kRateSeconds : 0);
         at != by_second.end(); ++at) {
      sum += at->second;
    }
    out += fmt::format("ack_rate_per_second{{role=\"{}\"}} {}\n",
                       Label(static_cast<ack::v1::Role>(role)),
                       static_cast<double>(sum) / static_cast<double>(kRateSeconds));
  }
}

void MetricsEventSink::PutHistograms(std::string& out) const {
  PutHead(out, "ack_stage_duration", "histogram");
  for (const auto& [key, histogram] : stages_) {
    const auto labels =
        fmt::format("role=\"{}\",stage=\"{}\"", Label(static_cast<ack::v1::Role>(key.first)),
                    Label(static_cast<ack::v1::State>(key.second)));
    PutHistogram(out, "ack_stage_duration", labels, histogram);
  }
  PutHead(out, "end_to_end_latency", "histogram");
  for (const auto& [state, histogram] : latencies_) {
    const auto labels = fmt::format("outcome=\"{}\"", Label(static_cast<ack::v1::State>(state)));
    PutHistogram(out, "end_to_end_latency", labels, histogram);
  }
}

void MetricsEventSink::PutGauges(std::string& out, std::uint64_t now_ms) const {
  const auto ended = EndedBefore(now_ms);
  const auto put_share = [&](std::string_view name, std::uint64_t part) {
    PutHead(out, name, "gauge");
    if (ended.all > 0) {  // Of nothing there is no share.
      out +=
          fmt::format("{} {}\n", name, static_cast<double>(part) / static_cast<double>(ended.all));
    }
  };
  put_share("ack_success_rate", ended.succeeded);
  put_share("ack_retry_rate", ended.retried);
  put_share("ack_timeout_rate", ended.timed_out);
  PutHead(out, "pending_acks", "gauge");
  std::map<std::pair<int, int>, std::uint64_t> pending;
  for (const auto& [key, record] : open_) {
    ++pending[{std::get<0>(key), record.state}];
  }
  for (const auto& [key, count] : pending) {
    out += fmt::format("pending_acks{{role=\"{}\",state=\"{}\"}} {}\n",
                       Label(static_cast<ack::v1::Role>(key.first)),
                       Label(static_cast<ack::v1::State>(key.second)), count);
  }
  PutHead(out, "ack_buffer_depth", "gauge");
  for (const auto& [key, depth] : depths_) {
    out += fmt::format("ack_buffer_depth{{role=\"{}\",target=\"{}\"}} {}\n",
                       Label(static_cast<ack::v1::Role>(key.first)), Escaped(key.second), depth);
  }
}

void MetricsEventSink::PutCounters(std::string& out) const {
  for (const auto& [name, by_labels] : counters_) {
    PutHead(out, name, "counter");
    for (const auto& [labels, count] : by_labels) {
      out += fmt::format("{}{{{}}} {}\n", name, labels, count);
    }
  }
}

std::string MetricsEventSink::Text(std::uint64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  std::string out;
  PutAcks(out, now_ms);
  PutHistograms(out);
  PutGauges(out, now_ms);
  PutCounters(out);
  return out;
}

}  // namespace cmb::reference
