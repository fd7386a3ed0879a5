// A router that runs on its own: binds, serves on the real clock, stops when
// told. cmb-router is a command line around it; tests run it in a thread.
//
// Threads: construct and Run in one; Stop from any. Spec: chapters "Router" and
// "Wire binding".
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/program/router_metrics.h"
#include "reference/router/router_shell.h"
#include "reference/shell/channel_address.h"
#include "reference/shell/clock_memory.h"
#include "reference/shell/fd_signal.h"
#include "reference/shell/stall_watch.h"
#include "reference/shell/zmq_transport.h"

namespace cmb::reference {

struct RouterOptions {
  std::vector<ChannelAddress> channels{{"main", "tcp://127.0.0.1:6001"}};
  std::string ack_ingress = "tcp://127.0.0.1:6101";
  std::string ack_egress = "tcp://127.0.0.1:6102";
  RouterSettings settings;
  // File of a durable store, made if it is not there. Empty: records last as
  // long as the program, and the router is TRACKED at most.
  std::string store{};
  Durability durability = Durability::kMachine;
  // Messages that ZeroMQ queues for one peer.
  int high_water_mark = 1000;
  // A larger frame closes its connection; above the bounds of `settings`, so
  // that what is merely too large is refused by name. -1: none does.
  std::int64_t largest_frame_bytes = 64 * 1024 * 1024;
  // A peer that is silent for so long is gone.
  int heartbeat_timeout_ms = kHeartbeatTimeoutMs;
  // Absent: whoever reaches the addresses may be anybody.
  std::optional<CurveRouter> curve{};
  // Hears of every answer to a message; called by the thread that runs the program.
  RouterShell::AnswerListener on_answer{};
  // HOST:PORT at which Prometheus scrapes /metrics; port 0: any. Empty: nowhere.
  std::string metrics{};
};

class RouterProgram {
 public:
  // Opens the store, takes back what it holds, and binds. `sinks` outlive the
  // program. Throws AddressError and SqliteError, and what MetricsServer throws.
  explicit RouterProgram(RouterOptions options, std::vector<EventSink*> sinks = {});

  // What was really bound, with the ports the system chose.
  std::vector<ChannelAddress> channels() const;
  std::string ack_ingress() const;
  std::string ack_egress() const;
  bool has_curve() const { return options_.curve.has_value(); }
  // Empty: there are no metrics.
  std::string metrics_url() const { return metrics_ ? metrics_->url() : ""; }

  // Serves until Stop, or until one of `stop_fds` is readable.
  void Run(const std::vector<int>& stop_fds = {});
  void Stop();

 private:
  void Publish();
  void TellExpired();  // CMB-DLQ-011.
  void TellClosed();

  RouterOptions options_;
  std::unique_ptr<TxStore> store_;
  ContinuedClock continued_;
  RealClock& clock_;
  StallWatch stalls_;
  std::unique_ptr<RouterMetrics> metrics_;  // Null: nobody wants them.
  std::uint64_t publish_at_ms_ = 0;         // Not before.
  std::uint64_t expired_told_ = 0;          // Dead letters, in the log.
  std::uint64_t closed_told_ = 0;           // Connections, in the log.
  std::uint64_t tell_closed_at_ms_ = 0;     // Not before.
  zmq::context_t context_{1};
  ZmqTransport transport_;
  Journal journal_;
  RouterShell shell_;
  WakeUp wake_up_;
  std::atomic<bool> stopped_ = false;
};

// True if the address can be reached from other machines.
bool IsOpenToOthers(const std::string& address);

}  // namespace cmb::reference
