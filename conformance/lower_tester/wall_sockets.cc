#include "conformance/lower_tester/wall_sockets.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "conformance/lower_tester/proof_counts.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

// Bounds of headers count bytes, and a scaled time may take fewer.
constexpr std::size_t kLongHeader = 2'048;

// Whether a router would use default times of its own, which are not scaled (7.1).
bool RestsOnDefaults(const Frames& frames) {
  ack::v1::CognitiveMessage header;
  if (frames.size() != 2 || wire::DecodeHeader(frames[0], header) ||
      header.msg_type() != ack::v1::MSG_TYPE_MESSAGE) {
    return false;
  }
  const ack::v1::DeliveryPolicy& policy = header.policy();
  return policy.delivery_ack_ms() == 0 || !policy.has_backoff_first_ms() ||
         !policy.has_backoff_max_ms();
}

// That a connection is there or gone: it belongs to no instant, and may find none.
bool IsProof(const WireMessage& message) {
  ack::v1::CognitiveMessage header;
  return message.frames.size() == 2 && !wire::DecodeHeader(message.frames[0], header) &&
         header.msg_type() == ack::v1::MSG_TYPE_PING &&
         header.message_id().starts_with(kProofNonce);
}

}  // namespace

WallSockets::WallSockets(std::unique_ptr<WireSockets> inner, WallFindings& findings)
    : WireSockets(inner->layout(), inner->paths()), inner_(std::move(inner)), findings_(findings) {}

void WallSockets::Begin(const WallWords& words) {
  words_ = words;
  pending_.clear();
  at_once_ = 0;
}

std::vector<WireMessage> WallSockets::TakePending() {
  std::stable_sort(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
    return std::tie(a.socket, a.peer) < std::tie(b.socket, b.peer);
  });
  return std::exchange(pending_, {});
}

std::optional<std::string> WallSockets::CannotCarry(const WireMessage& message) const {
  if (auto why = inner_->CannotCarry(message)) {
    return why;
  }
  if (!words_) {
    return std::nullopt;
  }
  WallWords words = *words_;
  Frames frames = message.frames;
  if (const auto misfit = words.ToIut(frames)) {
    findings_.misfit_ms = misfit;
    return "a time of " + std::to_string(*misfit) + " ms needs a virtual clock";
  }
  if (!message.frames.empty() && message.frames[0].size() > kLongHeader) {
    findings_.refused = "its long header has another length there, and needs a virtual clock";
    return findings_.refused;
  }
  if (words.role() == ack::v1::ROLE_ROUTER && RestsOnDefaults(message.frames)) {
    findings_.refused = "it rests on default times of a policy, which needs a virtual clock";
    return findings_.refused;
  }
  return std::nullopt;
}

std::optional<std::string> WallSockets::Connect(const control::v1::Configured& configured) {
  auto fault = inner_->Connect(configured);
  SetPaths(inner_->paths());
  return fault;
}

bool WallSockets::Disconnect(const std::string& peer) {
  const bool done = inner_->Disconnect(peer);
  SetPaths(inner_->paths());
  return done;
}

bool WallSockets::Reconnect(const std::string& peer) {
  const bool done = inner_->Reconnect(peer);
  SetPaths(inner_->paths());
  return done;
}

bool WallSockets::Send(const WireMessage& message) {
  if (!words_ || IsProof(message)) {
    const bool sent = inner_->Send(message);
    at_once_ += words_ && sent ? 1 : 0;
    return sent;
  }
  pending_.push_back(message);
  static_cast<void>(words_->ToIut(pending_.back().frames));  // CannotCarry was asked before.
  return inner_->Reaches(message);
}

bool WallSockets::Receive(SocketNumber socket, WireMessage& message) {
  if (!inner_->Receive(socket, message)) {
    return false;
  }
  if (words_) {
    words_->FromIut(message.frames);
  }
  return true;
}

}  // namespace cmb::conformance
