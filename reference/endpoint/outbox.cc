#include "reference/endpoint/outbox.h"

#include <algorithm>
#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::reference {
namespace {

bool IsMessage(const ack::v1::CognitiveMessage& header) {
  return header.msg_type() == ack::v1::MSG_TYPE_MESSAGE;
}

}  // namespace

SendResult Outbox::Send(std::size_t socket, std::string_view peer, std::string_view header,
                        zmq::message_t payload) {
  if (waiting_.empty() && released_.contains(socket)) {
    zmq::message_t shared;
    shared.copy(payload);  // A reference: a refused send may have taken it.
    if (next_.Send(socket, peer, header, std::move(shared)) == SendResult::kSent) {
      return SendResult::kSent;
    }
  }
  Frame frame{std::string(peer), {}, std::move(payload), clock_.NowMs()};
  if (wire::DecodeHeader(header, frame.header)) {
    return SendResult::kFull;  // Not a header of ours; nothing that could wait.
  }
  const bool is_message = IsMessage(frame.header);
  if (is_message) {
    ForgetCopy(frame.header.message_id());
  }
  const auto before = waiting_.find(socket);
  if (before == waiting_.end() && Leave(socket, frame)) {
    return SendResult::kSent;
  }
  if (before != waiting_.end() && before->second.size() >= capacity_) {
    return SendResult::kFull;
  }
  if (is_message) {
    copies_[frame.header.message_id()] = socket;
  }
  waiting_[socket].push_back(std::move(frame));
  return SendResult::kWaits;
}

void Outbox::ForgetCopy(const std::string& message_id) {
  const auto copy = copies_.find(message_id);
  if (copy == copies_.end()) {
    return;
  }
  const auto queue = waiting_.find(copy->second);
  std::erase_if(queue->second, [&](const Frame& older) {
    return IsMessage(older.header) && older.header.message_id() == message_id;
  });
  if (queue->second.empty()) {
    waiting_.erase(queue);
  }
  copies_.erase(copy);
}

bool Outbox::Leave(std::size_t socket, Frame& frame) {
  if (IsMessage(frame.header)) {
    if (!released_.contains(socket)) {
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
  return next_.Send(socket, frame.peer, wire::EncodeHeader(frame.header), std::move(shared)) ==
         SendResult::kSent;
}

void Outbox::Flush() {
  for (auto& [socket, queue] : waiting_) {
    while (!queue.empty() && Leave(socket, queue.front())) {
      if (IsMessage(queue.front().header)) {
        copies_.erase(queue.front().header.message_id());
      } else if (meter_ != nullptr) {
        meter_->Sent(queue.front().header);
      }
      queue.pop_front();
    }
  }
  std::erase_if(waiting_, [](const auto& entry) { return entry.second.empty(); });
}

std::map<ack::v1::Role, std::size_t> Outbox::depths() const {
  std::map<ack::v1::Role, std::size_t> frames{{ack::v1::ROLE_SENDER, 0}, {ack::v1::ROLE_TARGET, 0}};
  for (const auto& [socket, queue] : waiting_) {
    for (const auto& frame : queue) {
      ++frames[EndpointRoleOf(frame.header)];
    }
  }
  return frames;
}

}  // namespace cmb::reference
