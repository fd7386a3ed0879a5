// Events over a ZeroMQ PUB socket, for whoever wants to watch: two parts, the
// topic cmb.event.<role>.<kind> and the serialised Event (CMB-OBS-014, CMB-OBS-021).
//
// Never blocks: beyond `high_water_mark` a slow watcher loses events and sees it
// by the gap in their numbers. ACKs never travel here (CMB-WIRE-004). Threads:
// one at a time. Spec: chapter "Observability".
#pragma once

#include <optional>
#include <string>
#include <zmq.hpp>

#include "reference/sinks/event_sink.h"

namespace cmb::reference {

// CURVE for the watchers: who may connect is decided by the ZAP handler of the
// context.
struct PubCurve {
  std::string secret_key;  // Z85.
  std::string zap_domain;
};

class PubEventSink : public EventSink {
 public:
  // Messages that wait for one slow watcher.
  static constexpr int kHighWaterMark = 1000;

  // Binds, for example tcp://127.0.0.1:6110, or port * for any. Throws
  // std::runtime_error with a sentence that names the address. Without CURVE
  // whoever can connect is told everything (12.2).
  PubEventSink(zmq::context_t& context, const std::string& address,
               const std::optional<PubCurve>& curve = {}, int high_water_mark = kHighWaterMark);

  // What was really bound.
  const std::string& address() const { return address_; }

  void Write(const ack::v1::Event& event) override;
  void Flush() override {}

 private:
  zmq::socket_t socket_;
  std::string address_;
};

}  // namespace cmb::reference
