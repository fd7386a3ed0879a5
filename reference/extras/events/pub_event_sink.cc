#include "reference/extras/events/pub_event_sink.h"

#include <fmt/format.h>

#include <stdexcept>

#include "reference/sinks/event_facts.h"

namespace cmb::reference {

PubEventSink::PubEventSink(zmq::context_t& context, const std::string& address,
                           const std::optional<PubCurve>& curve, int high_water_mark)
    : socket_(context, ZMQ_PUB) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::sndhwm, high_water_mark);
  if (curve) {
    socket_.set(zmq::sockopt::curve_server, true);
    socket_.set(zmq::sockopt::curve_secretkey, curve->secret_key);
    socket_.set(zmq::sockopt::zap_domain, curve->zap_domain);
  }
  try {
    socket_.bind(address);
  } catch (const zmq::error_t& error) {
    throw std::runtime_error(fmt::format("cannot publish events on {}: {}", address, error.what()));
  }
  address_ = socket_.get(zmq::sockopt::last_endpoint);
}

void PubEventSink::Write(const ack::v1::Event& event) {
  // A PUB socket drops what has nowhere to go, so neither part can fail.
  static_cast<void>(socket_.send(zmq::message_t(TopicOf(event)),
                                 zmq::send_flags::sndmore | zmq::send_flags::dontwait));
  static_cast<void>(
      socket_.send(zmq::message_t(event.SerializeAsString()), zmq::send_flags::dontwait));
}

}  // namespace cmb::reference
