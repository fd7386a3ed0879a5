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
#include "reference/sinks/event_sink.h"
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

// Every member has an initialiser, so that {.module_id = "x"} says enough.
struct EndpointOptions {
  std::string module_id{};  // 1 to 255 bytes of UTF-8; not beginning with @.
  std::vector<ChannelAddress> channels{{"main", "tcp://127.0.0.1:6001"}};
  std::string ack_ingress = "tcp://127.0.0.1:6101";
  std::string ack_egress = "tcp://127.0.0.1:6102";
  lifecycle::SenderConfig sender{};
  lifecycle::TargetConfig target{};
  // Where records and events go besides; all of them outlive the endpoint and
  // are used by its thread alone. A null store is a store in memory.
  TxStore* store = nullptr;
  std::vector<EventSink*> sinks{};
  // Called by the endpoint's thread with each event; must not block and must
  // not call the endpoint.
  std::function<void(const ack::v1::Event&)> on_event{};
  // Called by the endpoint's thread with each new work before it is queued; a
  // code refuses it (EXECUTION_ACK/REJECTED). Absent: everything is accepted.
  std::function<std::optional<ack::v1::ErrorCode>(const Received&)> admit{};
};

class EndpointThread;

class ModuleEndpoint {
 public:
  // Connects; the router need not be there yet. Throws AddressError for an
  // address that is none, std::invalid_argument for a module id that is none.
  explicit ModuleEndpoint(EndpointOptions options);
  // Stops. What was not confirmed is forgotten.
  ~ModuleEndpoint();

  // True: a PING was answered on every path. Messages sent before wait for it.
  bool WaitUntilReady(std::chrono::milliseconds at_most);

  // Returns the message_id. Absent fields of the policy are the spec's
  // defaults. Throws SendRefused.
  std::string Send(const std::string& channel, const std::string& target,
                   const OutgoingMessage& message, const ack::v1::DeliveryPolicy& policy = {});

  // Cancels a message of this module; nothing happens to one that has ended or
  // is not known.
  void Cancel(const std::string& message_id);

  // The oldest work that waits, which thereby starts; absent: none came in
  // time, or the endpoint has stopped. Say with Succeed or Fail how it ended.
  std::optional<Received> Recv(std::chrono::milliseconds at_most);
  void Succeed(const Received& work, const std::string& payload = {});
  void Fail(const Received& work, ack::v1::ErrorCode code, const std::string& note = {});

  // Every event since the last call of either, oldest first.
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
