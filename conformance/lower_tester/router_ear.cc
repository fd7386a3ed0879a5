#include "conformance/lower_tester/router_ear.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "conformance/control/wait.h"
#include "conformance/lower_tester/ping.h"
#include "conformance/lower_tester/proof_counts.h"
#include "conformance/lower_tester/wall_clock.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

using ack::v1::CognitiveMessage;

std::optional<CognitiveMessage> HeaderOf(const WireMessage& message) {
  CognitiveMessage header;
  if (message.frames.size() != 2 || wire::DecodeHeader(message.frames[0], header)) {
    return std::nullopt;
  }
  return header;
}

bool IsOurs(const std::string& nonce) { return nonce.starts_with(kProofNonce); }

bool IsSame(const Path& path, const WireMessage& message) {
  return path.in == message.socket && path.peer == message.peer;
}

}  // namespace

void RouterEar::Begin(std::int64_t base_ms, std::uint64_t tick_ms, std::uint64_t grace_ms) {
  base_ms_ = base_ms;
  tick_ms_ = tick_ms;
  grace_ms_ = grace_ms;
  heard_.clear();
}

void RouterEar::ListenUntil(std::int64_t real_ms) {
  for (std::int64_t left = real_ms - WallNow(); left > 0; left = real_ms - WallNow()) {
    Listen(std::chrono::milliseconds(left));
  }
}

void RouterEar::Listen(std::chrono::milliseconds wait) {
  std::vector<void*> handles;
  for (SocketNumber socket = 0; socket < sockets_.layout().size(); ++socket) {
    const auto of_socket = sockets_.Handles(socket);
    handles.insert(handles.end(), of_socket.begin(), of_socket.end());
  }
  static_cast<void>(WaitReadable(handles, *nobody_, Deadline::In(wait)));
  ReadAll();
}

void RouterEar::ReadAll() {
  WireMessage message;
  for (SocketNumber socket = 0; socket < sockets_.layout().size(); ++socket) {
    while (sockets_.Receive(socket, message)) {
      Hear(message);
    }
  }
}

void RouterEar::Hear(WireMessage message) {
  const auto header = HeaderOf(message);
  const std::string answered = header ? header->correlation_id() : "";
  if (header && header->msg_type() == ack::v1::MSG_TYPE_PONG && IsOurs(answered)) {
    const auto open = open_.find(answered);
    if (open != open_.end() && IsSame(open->second, message)) {
      open_.erase(open);
    }
    return;
  }
  if (header && IsOurs(header->ack().correlation_id())) {
    refused_.insert(header->ack().correlation_id());
    return;
  }
  if (const auto pong = AnswerToPing(message, sockets_.layout(), {})) {
    has_answered_ |= sockets_.inner().Send(*pong);
  }
  if (!IsRedelivery(message)) {
    JudgeInstant();
  }
  heard_.push_back(std::move(message));
}

bool RouterEar::IsRedelivery(const WireMessage& message) {
  const auto header = HeaderOf(message);
  return header && header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
         !forwarded_
              .insert(fmt::format("{} {} {}", header->source(), header->message_id(),
                                  header->attempt()))
              .second;
}

void RouterEar::JudgeInstant() {
  const auto tick = static_cast<std::int64_t>(tick_ms_);
  const std::int64_t since = WallNow() - base_ms_;
  const std::int64_t nearest = (since + tick / 2) / tick * tick;
  const auto off = static_cast<std::uint64_t>(std::abs(since - nearest));
  if (off > grace_ms_) {
    findings_.late_by_ms = std::max(findings_.late_by_ms.value_or(0), off);
  }
}

void RouterEar::NoteSaid(const WireMessage& message) {
  const auto header = HeaderOf(message);
  if (!header || header->source() != message.peer ||
      (header->msg_type() != ack::v1::MSG_TYPE_MESSAGE &&
       header->msg_type() != ack::v1::MSG_TYPE_PING &&
       header->msg_type() != ack::v1::MSG_TYPE_PONG)) {
    return;
  }
  features_[message.peer].assign(header->features().begin(), header->features().end());
}

std::string RouterEar::SendPing(const Path& path, bool& sent) {
  std::string nonce = fmt::format("{}{}", kProofNonce, ++pings_);
  WireMessage ping = MakePing(path, nonce);
  if (const auto said = features_.find(path.peer); said != features_.end()) {
    CognitiveMessage header;
    static_cast<void>(wire::DecodeHeader(ping.frames[0], header));
    for (const int feature : said->second) {
      header.add_features(static_cast<ack::v1::Feature>(feature));
    }
    ping.frames[0] = wire::EncodeHeader(header);
  }
  sent = sockets_.inner().Send(ping);
  return nonce;
}

std::optional<Path> RouterEar::Prove(const std::vector<Path>& paths,
                                     std::chrono::milliseconds guard) {
  open_.clear();
  has_answered_ = false;
  for (const Path& path : paths) {
    bool sent = false;
    const std::string nonce = SendPing(path, sent);
    if (!sent) {
      return path;
    }
    open_[nonce] = path;
  }
  const Deadline deadline = Deadline::OfGuard(guard);
  for (ReadAll(); !open_.empty() && !deadline.Passed();) {
    Listen(deadline.Left());
  }
  if (open_.empty()) {
    // What a module has said meanwhile is to be handled too.
    return has_answered_ ? Prove(paths, guard) : std::nullopt;
  }
  return open_.begin()->second;
}

std::vector<WireMessage> RouterEar::Take() {
  std::stable_sort(heard_.begin(), heard_.end(), [](const auto& a, const auto& b) {
    return std::tie(a.socket, a.peer) < std::tie(b.socket, b.peer);
  });
  return std::exchange(heard_, {});
}

}  // namespace cmb::conformance
