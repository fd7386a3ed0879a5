// Events -> the metrics of CMB-OBS-017 and those that the alert conditions of the
// annex on observability use, as Prometheus reads them. Give it to
// ModuleEndpoint or RouterProgram among their sinks and put Text() behind
// whatever address Prometheus scrapes; a log that is replayed into it gives the
// same numbers. What no event tells is told by CountAck (see AckMeter) and
// SetBufferDepth.
//
// Holds one entry for each record that is not terminal, and five minutes of
// seconds. Threads: any, it locks; Write never waits for a reader longer than
// Text() takes. Spec: chapter "Observability", annex on observability.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "cmb/ack/v1/record.pb.h"
#include "reference/sinks/event_sink.h"

namespace cmb::reference {

// How often something took at most so many milliseconds.
struct MillisecondHistogram {
  static constexpr std::array<std::uint64_t, 16> kBounds = {
      1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000};

  void Observe(std::uint64_t ms);

  std::array<std::uint64_t, kBounds.size()> at_most{};  // Each holds those before it too.
  std::uint64_t count = 0;
  std::uint64_t sum_ms = 0;
};

class MetricsEventSink : public EventSink {
 public:
  void Write(const ack::v1::Event& event) override;
  void Flush() override {}

  // One ACK was handed to ZeroMQ; each of a batch is one. `now_ms` is the
  // monotonic clock of the events.
  void CountAck(ack::v1::Role role, ack::v1::AckType type, ack::v1::Status status,
                ack::v1::ErrorCode code, std::uint64_t now_ms);

  // Router: messages in FORWARDING for `target`. Endpoint: frames that wait for
  // a connection, `target` empty.
  void SetBufferDepth(ack::v1::Role role, const std::string& target, std::uint64_t depth);

  // Every metric; the rates are those of the time before `now_ms`.
  std::string Text(std::uint64_t now_ms) const;

 private:
  struct OpenRecord {
    ack::v1::State state = ack::v1::STATE_UNSPECIFIED;
    std::uint64_t entered_ms = 0;  // The state.
    std::uint64_t began_ms = 0;    // The record, as far as its events tell.
  };
  // What ended in one second.
  struct Ended {
    std::uint64_t all = 0, succeeded = 0, timed_out = 0, retried = 0;
  };
  using RecordKey = std::tuple<int, std::string, std::string>;  // Role, source, message_id.
  using AckKey = std::tuple<int, int, int, int>;                // Role, type, status, code.

  void Take(const ack::v1::TransitionEvent& event);
  void Count(const ack::v1::Event& event);
  void TakeEnd(const ack::v1::TransitionEvent& event, const OpenRecord& record);
  Ended EndedBefore(std::uint64_t now_ms) const;
  void PutCounters(std::string& out) const;
  void PutAcks(std::string& out, std::uint64_t now_ms) const;
  void PutHistograms(std::string& out) const;
  void PutGauges(std::string& out, std::uint64_t now_ms) const;

  mutable std::mutex mutex_;
  std::map<RecordKey, OpenRecord> open_;
  std::map<AckKey, std::uint64_t> acks_;
  std::map<int, std::map<std::uint64_t, std::uint64_t>> acks_by_second_;  // By role.
  std::map<std::pair<int, int>, MillisecondHistogram> stages_;            // By role, state left.
  std::map<int, MillisecondHistogram> latencies_;                         // By terminal state.
  std::map<std::uint64_t, Ended> ended_by_second_;
  // What the alert conditions of the annex ask for: name, then labels.
  std::map<std::string, std::map<std::string, std::uint64_t>> counters_;
  std::map<std::pair<int, std::string>, std::uint64_t> depths_;
};

}  // namespace cmb::reference
