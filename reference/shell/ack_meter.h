// A Transport that tells the metrics of every ACK it hands over: no event tells
// of an ACK, since it is the cause of events elsewhere. Put it between a role's
// shell and its ZmqTransport where metrics are wanted; it reads each header on
// the ACK sockets once more.
//
// Header only. Threads: as the transport behind it. Spec: CMB-OBS-017.
#pragma once

#include <string_view>
#include <utility>

#include "cmb/ack/v1/message.pb.h"
#include "reference/shell/clock.h"
#include "reference/shell/transport.h"
#include "reference/sinks/metrics_event_sink.h"

namespace cmb::reference {

class AckMeter : public Transport {
 public:
  // All of them outlive it; `role` is whose ACKs these are.
  AckMeter(Transport& behind, const SocketMap& sockets, const Clock& clock, ack::v1::Role role,
           MetricsEventSink& metrics)
      : behind_(behind), sockets_(sockets), clock_(clock), role_(role), metrics_(metrics) {}

  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override {
    const auto result = behind_.Send(socket, peer, header, std::move(payload));
    if (result == SendResult::kSent && sockets_.KindOf(socket) != SocketKind::kChannel) {
      Count(header);
    }
    return result;
  }

 private:
  void Count(std::string_view header) {
    ack::v1::CognitiveMessage message;
    if (!message.ParseFromArray(header.data(), static_cast<int>(header.size()))) {
      return;  // Passed on as it came; whoever reads it counts it as malformed.
    }
    if (message.has_ack()) {
      Count(message.ack());
    }
    for (const auto& ack : message.ack_batch().acks()) {
      Count(ack);
    }
  }

  void Count(const ack::v1::Ack& ack) {
    metrics_.CountAck(role_, ack.ack_type(), ack.status(), ack.error_code(), clock_.NowMs());
  }

  Transport& behind_;
  const SocketMap& sockets_;
  const Clock& clock_;
  ack::v1::Role role_;
  MetricsEventSink& metrics_;
};

}  // namespace cmb::reference
