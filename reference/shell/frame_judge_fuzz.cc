// Any header on any socket of either side: it passes, or is exactly one anomaly that this
// judge may find; what passes is taken over into the cores' values.
#include <array>
#include <string>
#include <variant>

#include "proto/wire/frame_codec.h"
#include "proto/wire/fuzzing.h"
#include "reference/shell/ack_batch.h"
#include "reference/shell/frame_judge.h"
#include "reference/shell/from_wire.h"

namespace cmb::reference {
namespace {

using lifecycle::AnomalyEvent;
using lifecycle::AnomalyKind;
using wire::MustHold;

constexpr std::array kKinds{SocketKind::kChannel, SocketKind::kAckIngress, SocketKind::kAckEgress};

// How the frame comes; the first byte of an input says it.
struct Coming {
  explicit Coming(std::uint8_t how)
      : kind(kKinds[how / 2 % 3]),
        peer((how & 8) == 0 ? "sender" : "target"),
        owner((how & 16) == 0 ? "" : "sender") {
    config.side = how % 2 == 0 ? Side::kEndpoint : Side::kRouter;
  }

  JudgeConfig config;
  SocketKind kind;
  std::string peer;
  std::string owner;  // Of the key. Empty: no CURVE.
};

void TakeOver(const std::shared_ptr<FrameParcel>& parcel) {
  const auto& header = parcel->header;
  for (const auto& ack : header.ack_batch().acks()) {
    if (!FaultOfAck(ack)) {
      MustHold(!AckFromWire(ack, parcel).correlation_id.empty(), "an ACK names a message");
    }
  }
  if (header.has_ack()) {
    MustHold(AckFromWire(header.ack(), parcel).attempt > 0, "an ACK has an attempt");
  }
  const auto message = MessageFromWire(parcel, "main");
  MustHold(message.ttl >= lifecycle::Duration{0} && message.ttl <= lifecycle::kLongestDuration,
           "a life is a duration");
  MustHold(!message.source.empty(), "what passes has a source");
}

void Try(const Coming& coming, const std::string& bytes) {
  Inbound inbound;
  inbound.peer = coming.peer;
  if (!coming.owner.empty()) {
    inbound.key_owner = coming.owner;
  }
  inbound.frames.emplace_back(bytes.data(), bytes.size());
  inbound.frames.emplace_back();
  const auto judged =
      JudgeFrames(std::move(inbound), coming.kind, coming.config, lifecycle::AtMs(1));
  ack::v1::CognitiveMessage header;
  const bool is_header = !wire::DecodeHeader(bytes, header);
  if (const auto* anomaly = std::get_if<AnomalyEvent>(&judged)) {
    MustHold(is_header || anomaly->kind == AnomalyKind::kMalformed, "no header is MALFORMED");
    MustHold(anomaly->kind == AnomalyKind::kMalformed ||
                 anomaly->kind == AnomalyKind::kChannelMismatch ||
                 anomaly->kind == AnomalyKind::kUnauthorizedAck,
             "the judge finds three anomalies");
    MustHold(!anomaly->note.empty(), "an anomaly says why");
    return;
  }
  MustHold(is_header, "what passes is a header");
  MustHold(coming.config.side == Side::kEndpoint || header.source() == coming.peer,
           "at a router everybody speaks for himself");
  TakeOver(std::get<Arrived>(judged).parcel);
}

}  // namespace
}  // namespace cmb::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::wire::Pieces input(data, size);
  const cmb::reference::Coming coming(input.TakeByte());
  cmb::reference::Try(coming, std::string(input.TakeRest()));
  return 0;
}
