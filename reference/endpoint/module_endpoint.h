// What a module links to talk over the bus: sends messages and learns what
// became of them, receives work and says how it ended. One endpoint is sender
// and target at once.
//
//   ModuleEndpoint endpoint({.module_id = "planner"});
//   const std::string id = endpoint.Send("main", "arm", {.payload = "grip"});
//
// Owns one thread, which owns the sockets; every function here may be called
// from any other thread. Functions throw std::runtime_error once the endpoint
// has stopped because its sink or store failed. Spec: chapters "Sender" and
// "Target".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "reference/endpoint/outgoing_message.h"
#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/target.h"
#include "reference/shell/channel_address.h"
#include "reference/shell/curve.h"
#include "reference/sinks/event_sink.h"
#include "reference/sinks/metrics_sink.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

// Work that this module was sent.
struct Received {
  std::string source;      // Who sent it.
  std::string message_id;  // Together with `source` its name.
  std::string idempotency_key;
  std::string channel;
  std::uint32_t attempt = 0;
  std::string payload;
  // An earlier process of this module had started it (EndpointOptions::resumable).
  bool resumed = false;
};

// How far work is (CMB-PRG-005). What is absent is not said.
struct Progress {
  std::optional<std::uint32_t> percent{};  // 0 to 100.
  std::optional<std::uint64_t> done{};     // Items, of `total`.
  std::optional<std::uint64_t> total{};
  std::optional<std::chrono::milliseconds> eta{};  // From now to the end.
};

// Send did nothing. what() is a sentence for people.
class SendRefused : public std::runtime_error {
 public:
  SendRefused(ack::v1::ErrorCode code, const std::string& sentence)
      : std::runtime_error(sentence), code_(code) {}
  // VALIDATION_ERROR or OVERLOADED.
  ack::v1::ErrorCode code() const { return code_; }

 private:
  ack::v1::ErrorCode code_;
};

// Optional features; each is of use only where the profile holds what it needs.
struct EndpointFeatures {
  bool conditional_ack = true;  // Target: Hold is told (TRACKED).
  bool ordered = true;          // Target: works of one stream one at a time.
  bool fallback = true;         // Sender: retries use other channels in turn.
  bool circuit_breaker = true;  // Sender: a target that keeps failing is left alone.
  bool batch_ack = true;        // ACKs may come, and go to a router that says so, in batches.
};

// Where another router is.
struct RouterAddresses {
  // What the module itself calls it, in records and stores; not empty.
  std::string name{};
  std::vector<ChannelAddress> channels{};
  std::string ack_ingress{};
  std::string ack_egress{};
  std::optional<CurveEndpoint> curve{};  // Towards this router.
};

// Every member has an initialiser, so that {.module_id = "x"} says enough.
struct EndpointOptions {
  std::string module_id{};  // 1 to 255 bytes of UTF-8; not beginning with @.
  std::vector<ChannelAddress> channels{{"main", "tcp://127.0.0.1:6001"}};
  std::string ack_ingress = "tcp://127.0.0.1:6101";
  std::string ack_egress = "tcp://127.0.0.1:6102";
  // Other routers, beside the one above: retries go over to their channels where
  // it does not deliver (feature fallback, spec 18.1). No channel's name twice.
  std::vector<RouterAddresses> other_routers{};
  // What this module does of the protocol, in both roles. Absent: DURABLE with a
  // store that is durable, else TRACKED.
  std::optional<ack::v1::Profile> profile{};
  EndpointFeatures features{};
  // What Send uses for every field of its policy that is absent; what is absent
  // here too is the spec's default (CMB-TMR-002).
  ack::v1::DeliveryPolicy policy{};
  // Work that Recv starts says IN_PROGRESS (CMB-PRG-004).
  bool announces_starts = true;
  // The application can go on with work that it had begun when its process
  // ended: Recv gives it again, `resumed`. Else it has FAILED (INTERRUPTED).
  bool resumable = false;
  // A router that is silent for so long is gone, and looked for anew; the largest frame must pass
  // in two thirds of it. At most the max_latency of both roles (CMB-TMR-009).
  std::chrono::milliseconds heartbeat_timeout{15'000};
  // Limits and windows; profile and features above go before what they say.
  lifecycle::SenderConfig sender{};
  lifecycle::TargetConfig target{};
  // CURVE: the first router's public key and the module's own pair. Absent: none.
  std::optional<CurveEndpoint> curve{};
  // Where records and events go besides; all of them outlive the endpoint and
  // are used by its thread alone. A null store is a store in memory.
  TxStore* store = nullptr;
  std::vector<EventSink*> sinks{};
  // Hears of events, ACKs and what waits, for a Prometheus that the program lets scrape
  // it; belongs to this endpoint alone and outlives it. Null: nobody counts.
  MetricsSink* metrics = nullptr;
  // Called by the endpoint's thread with each event; must not block and must
  // not call the endpoint.
  std::function<void(const ack::v1::Event&)> on_event{};
  // Called by the endpoint's thread with each new work before it is queued; a
  // code refuses it (EXECUTION_ACK/REJECTED; INTERNAL_ERROR for a code that no
  // handler may say). Absent: everything is accepted.
  std::function<std::optional<ack::v1::ErrorCode>(const Received&)> admit{};
  // Called by the endpoint's thread when a CANCEL comes for work that runs, with
  // its source and message_id; must not block and must not call the endpoint.
  // IsCancelled says the same to those who would rather ask.
  std::function<void(const std::string& source, const std::string& message_id)> on_cancel{};
  // The same when the life of work that runs has ended: its sender has given it up.
  std::function<void(const std::string& source, const std::string& message_id)> on_life_end{};
};

class EndpointThread;

class ModuleEndpoint {
 public:
  // Connects; the router need not be there yet. Throws AddressError for an
  // address that is none, std::invalid_argument for a module id that is none, for
  // a router without channels or with a name that is taken, and for profile
  // DURABLE without a store that is.
  explicit ModuleEndpoint(EndpointOptions options);
  // Stops. What was not confirmed is forgotten.
  ~ModuleEndpoint();

  // True: a PING was answered on every path, of every router. Messages sent before
  // wait for those of their own router.
  bool WaitUntilReady(std::chrono::milliseconds at_most);

  // Returns the message_id. Absent fields of the policy are those of the options'.
  // With a durable store the message is on record before this returns
  // (CMB-DUR-020). Throws SendRefused.
  std::string Send(const std::string& channel, const std::string& target,
                   const OutgoingMessage& message, const ack::v1::DeliveryPolicy& policy = {});

  // Cancels a message of this module; nothing happens to one that has completed or
  // is not known (CMB-CXL-001). Throws std::invalid_argument at profile BASIC.
  void Cancel(const std::string& message_id);

  // ---- What this module is sent. Every function that takes work takes what Recv
  // or Take gave, names it by its source and message_id, and does nothing where
  // it comes too late or too early.

  // The oldest work that waits, which thereby starts; absent: none came in time,
  // or the endpoint has stopped. Say with Succeed, Fail or Stopped how it ended.
  // With a durable store it is on record as EXECUTING before this returns
  // (CMB-DUR-005).
  std::optional<Received> Recv(std::chrono::milliseconds at_most);

  // The same without starting it: then Hold, Start or Refuse it. Work that is
  // `resumed` runs already.
  std::optional<Received> Take(std::chrono::milliseconds at_most);
  // The start waits for a condition; the sender waits this much longer for it
  // (CMB-PRG-007). The message's life runs on and may end it.
  void Hold(const Received& work, std::chrono::milliseconds at_most);
  // False: its life ended first, or it was cancelled; do nothing for it. After
  // Hold the start is announced in any case.
  bool Start(const Received& work, bool announce = true);
  // It is not done. `retryable`: a later attempt may be judged afresh. Refuse and
  // Fail throw std::invalid_argument for a code that is not a handler's (2.3).
  void Refuse(const Received& work, ack::v1::ErrorCode code, const std::string& note = {},
              bool retryable = false);

  // Throws std::invalid_argument for a percent above 100.
  void Report(const Received& work, const Progress& progress);
  // True: a CANCEL came for it, or its life ended before Start. Whoever stops says
  // Stopped; whoever works on says as ever how it ended (CMB-CXL-007, -008).
  bool IsCancelled(const Received& work);
  void Stopped(const Received& work);
  void Succeed(const Received& work, const std::string& payload = {});
  void Fail(const Received& work, ack::v1::ErrorCode code, const std::string& note = {});
  // FAILURE PARTIAL_DELIVERY: so many of so many items were done (CMB-PRG-008).
  void FailPartly(const Received& work, std::uint64_t done, std::uint64_t total,
                  const std::string& note = {});

  // Every event since the last call of either, oldest first; of an endpoint that has stopped
  // what it still told, and then its exception.
  std::vector<ack::v1::Event> PollEvents();
  // The same, but waits for the first one if there is none.
  std::vector<ack::v1::Event> WaitForEvents(std::chrono::milliseconds at_most);

  // What is known of a message that this module sent, or (with its source)
  // received. Absent: no record is held.
  std::optional<ack::v1::TransactionRecord> GetTransaction(const std::string& message_id);
  std::optional<ack::v1::TransactionRecord> GetTransaction(const std::string& source,
                                                           const std::string& message_id);

 private:
  std::unique_ptr<EndpointThread> thread_;
};

}  // namespace cmb::reference
