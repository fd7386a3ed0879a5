// The first three questions about anything that arrives: is it a message of
// this protocol (MALFORMED), may its kind come on this socket
// (CHANNEL_MISMATCH), and, at a router, is it from whom it says it is
// (UNAUTHORIZED_ACK). What passes goes on to a core, which asks the rest.
//
// Called by both shells for every message read. A dropped one is exactly one
// anomaly. Free of state. Spec: chapter "Wire binding", judging what arrives.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "reference/lifecycle/effects.h"
#include "reference/shell/frame_parcel.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

enum class Side { kEndpoint, kRouter };

// Bytes of a header frame; a longer one is MALFORMED (CMB-WIRE-018).
inline constexpr std::size_t kDefaultHeaderBytes = 65536;

// Bytes of a payload of a PING or a PONG; with a longer one it is MALFORMED (3.7).
inline constexpr std::size_t kLargestPingBytes = 65536;

struct JudgeConfig {
  Side side = Side::kEndpoint;
  lifecycle::Role role = lifecycle::Role::kUnspecified;  // Named in anomalies.
  std::size_t header_bytes = kDefaultHeaderBytes;
};

// What passed. Its msg_type is legal on its socket.
struct Arrived {
  std::size_t socket = 0;
  std::string peer;
  std::shared_ptr<FrameParcel> parcel;
  lifecycle::Duration stall{};  // As in Inbound.
};

// `at` is the instant that an anomaly names.
std::variant<Arrived, lifecycle::AnomalyEvent> JudgeFrames(Inbound inbound, SocketKind kind,
                                                           const JudgeConfig& config,
                                                           lifecycle::Instant at);

// Why an ACK, alone or in a batch, cannot be judged at all; absent: it can.
std::optional<std::string> FaultOfAck(const ack::v1::Ack& ack);

// An anomaly that speaks of `header`, for what a shell drops later.
lifecycle::AnomalyEvent AnomalyOf(lifecycle::AnomalyKind kind, lifecycle::Role role,
                                  const ack::v1::CognitiveMessage& header, lifecycle::Instant at);

}  // namespace cmb::reference
