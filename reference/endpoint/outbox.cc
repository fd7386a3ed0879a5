#include "reference/endpoint/outbox.h"

#include <algorithm>
#include <set>
#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::reference {
namespace {

bool IsMessage(const ack::v1::CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_MESSAGE;
}

}  // namespace

bool Outbox::HasWaiting(std::size_t socket) const {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [&](const Frame& frame) { return frame.socket == socket; });
}

SendResult Outbox::Send(std::size_t socket, std::string_view peer, std::string_view header,
                        zmq::message_t payload) {
  if (released_ && waiting_.empty()) {
    zmq::message_t shared;
    shared.copy(payload);  // A reference: a refused send may have taken it.
    if (next_.Send(socket, peer, header, std::move(shared)) == SendResult::kSent) {
      return SendResult::kSent;
    }
  }
  Frame frame{socket, std::string(peer), {}, std::move(payload), clock_.NowMs()};
  if (wire::DecodeHeader(header, frame.header)) {
    return SendResult::kFull;  // Not a header of ours; nothing that could wait.
  }
  if (!HasWaiting(socket) && Leave(frame)) {
    return SendResult::kSent;
  }
  if (IsMessage(frame.header)) {
    std::erase_if(waiting_, [&](const Frame& older) {
      return IsMessage(older.header) && older.header.message_id() == frame.header.message_id();
    });
  }
  if (waiting_.size() >= capacity_) {
    return SendResult::kFull;
  }
  waiting_.push_back(std::move(frame));
  return SendResult::kWaits;
}

bool Outbox::Leave(Frame& frame) {
  if (IsMessage(frame.header)) {
    if (!released_) {
      return false;
    }
    const std::uint64_t waited_ms = clock_.NowMs() - frame.since_ms;
    if (waited_ms >= frame.header.ttl_ms()) {
      return true;  // Expired: the sender's TTL timer says so, nobody else needs to know.
    }
    frame.header.set_ttl_ms(frame.header.ttl_ms() - waited_ms);
    frame.since_ms += waited_ms;
  }
  zmq::message_t shared;
  shared.copy(frame.payload);
  return next_.Send(frame.socket, frame.peer, wire::EncodeHeader(frame.header),
                    std::move(shared)) == SendResult::kSent;
}

void Outbox::Flush() {
  std::set<std::size_t> blocked;  // Nothing overtakes on one socket.
  std::deque<Frame> staying;
  for (auto& frame : std::exchange(waiting_, {})) {
    if (blocked.contains(frame.socket) || !Leave(frame)) {
      blocked.insert(frame.socket);
      staying.push_back(std::move(frame));
    }
  }
  waiting_ = std::move(staying);
}

}  // namespace cmb::reference
