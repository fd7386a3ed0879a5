// Events over a ZeroMQ PUB socket, for whoever wants to watch: two parts, the
// topic cmb.event.<role>.<kind> and the serialised Event (CMB-OBS-014).
//
// Never blocks: beyond `high_water_mark` a slow watcher loses events and sees it
// by the gap in their numbers. ACKs never travel here (CMB-WIRE-004). Threads:
// one at a time. Spec: chapter "Observability".
#pragma once

#include <string>
#include <zmq.hpp>

#include "reference/sinks/event_sink.h"

namespace cmb::reference {

class PubEventSink : public EventSink {
 public:
  // Binds, for example tcp://127.0.0.1:6110, or port * for any. Throws
  // std::runtime_error with a sentence that names the address.
  PubEventSink(zmq::context_t& context, const std::string& address, int high_water_mark = 1000);

  // What was really bound.
  const std::string& address() const { return address_; }

  void Write(const ack::v1::Event& event) override;
  void Flush() override {}

 private:
  zmq::socket_t socket_;
  std::string address_;
};

}  // namespace cmb::reference
