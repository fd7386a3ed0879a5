// Tells the metrics of every ACK that a module hands over. No event tells of an ACK,
// since it is the cause of events elsewhere.
//
// The shells and the outbox call it with the header that they have at hand, so that
// nothing is decoded twice. Header only. Threads: the shell's. Spec: CMB-OBS-017.
#pragma once

#include "cmb/ack/v1/message.pb.h"
#include "reference/shell/clock.h"
#include "reference/shell/frame_judge.h"
#include "reference/sinks/metrics_sink.h"

namespace cmb::reference {

// An endpoint is sender and target at once: what of its own says an ACK of this type.
inline ack::v1::Role EndpointRoleOf(ack::v1::AckType type) {
  return type == ack::v1::ACK_TYPE_CANCEL || type == ack::v1::ACK_TYPE_TIMEOUT
             ? ack::v1::ROLE_SENDER
             : ack::v1::ROLE_TARGET;
}

// The same of a whole frame.
inline ack::v1::Role EndpointRoleOf(const ack::v1::CognitiveMessage& header) {
  return header.has_ack() ? EndpointRoleOf(header.ack().ack_type())
         : header.ack_batch().acks_size() > 0
             ? EndpointRoleOf(header.ack_batch().acks(0).ack_type())
             : ack::v1::ROLE_SENDER;
}

class AckMeter {
 public:
  // Both outlive it.
  AckMeter(MetricsSink& metrics, const Clock& clock, Side side)
      : metrics_(metrics), clock_(clock), side_(side) {}

  // ZeroMQ has taken a message with this header; without an ACK in it, it does not count.
  void Sent(const ack::v1::CognitiveMessage& header) {
    if (header.has_ack()) {
      Count(header.ack());
    }
    for (const auto& ack : header.ack_batch().acks()) {
      Count(ack);
    }
  }

 private:
  void Count(const ack::v1::Ack& ack) {
    const auto role =
        side_ == Side::kRouter ? ack::v1::ROLE_ROUTER : EndpointRoleOf(ack.ack_type());
    metrics_.CountAck(role, ack, clock_.NowMs());
  }

  MetricsSink& metrics_;
  const Clock& clock_;
  Side side_;
};

}  // namespace cmb::reference
