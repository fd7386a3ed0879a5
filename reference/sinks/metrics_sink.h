// What an endpoint or a router tells of itself beside its events, for metrics. Told by the shells;
// what makes metrics of it is extras/metrics. Threads: each sink says its own. Spec: CMB-OBS-017.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "cmb/ack/v1/message.pb.h"
#include "reference/sinks/event_sink.h"

namespace cmb::reference {

// What a role holds at one moment. What is absent is not exported.
struct MetricLevels {
  // Records that are not terminal. Empty: as the events tell, which say nothing of
  // records that never changed their state, nor of an earlier process.
  std::map<ack::v1::State, std::uint64_t> pending{};
  // Router: messages in FORWARDING, by target. Endpoint: frames that wait for a
  // connection; the target is empty.
  std::map<std::string, std::uint64_t> buffer_depth{};
  std::optional<std::uint64_t> records{};
  std::optional<std::uint64_t> records_limit{};
  std::optional<std::uint64_t> dead_letters{};
  std::optional<std::uint64_t> refused_connections{};
};

class MetricsSink : public EventSink {
 public:
  // Monotonic milliseconds, on the clock of the events; called from any thread.
  using NowMs = std::function<std::uint64_t()>;

  // What the rates and shares are measured by; without it they are of all time. Called by the
  // module that has the sink.
  virtual void UseClock(NowMs now_ms) = 0;

  // One ACK was handed to ZeroMQ; each of a batch is one.
  virtual void CountAck(ack::v1::Role role, const ack::v1::Ack& ack, std::uint64_t now_ms) = 0;

  virtual void SetLevels(ack::v1::Role role, const MetricLevels& levels) = 0;
};

}  // namespace cmb::reference
