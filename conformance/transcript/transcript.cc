#include "conformance/transcript/transcript.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr std::uint64_t kFnvOffset = 14695981039346656037ULL;
constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

bool SameHeader(const std::optional<ack::v1::CognitiveMessage>& a,
                const std::optional<ack::v1::CognitiveMessage>& b) {
  if (!a || !b) {
    return !a && !b;
  }
  return MessageDifferencer::Equals(*a, *b);
}

}  // namespace

const FrameBytes& DataFrame::payload() const {
  static const FrameBytes kNone;
  return frames.size() < 2 ? kNone : frames[1];
}

bool operator==(const DataFrame& a, const DataFrame& b) {
  return a.direction == b.direction && a.socket == b.socket && a.peer == b.peer &&
         a.frames == b.frames && a.fault == b.fault && SameHeader(a.header, b.header);
}

bool operator==(const ControlAct& a, const ControlAct& b) {
  return MessageDifferencer::Equals(a.request, b.request) &&
         MessageDifferencer::Equals(a.reply, b.reply) && a.payload == b.payload;
}

bool operator==(const IutEvent& a, const IutEvent& b) {
  return MessageDifferencer::Equals(a.event, b.event);
}

bool operator==(const Note& a, const Note& b) {
  return a.kind == b.kind && a.text == b.text && a.frame == b.frame;
}

bool operator==(const StepMarker& a, const StepMarker& b) {
  return a.line == b.line && a.text == b.text;
}

bool operator==(const Entry& a, const Entry& b) {
  return a.at_ms == b.at_ms && a.step == b.step && a.exchange == b.exchange && a.what == b.what;
}

bool operator==(const TranscriptHeader& a, const TranscriptHeader& b) {
  return a.case_id == b.case_id && a.role == b.role && a.module_id == b.module_id &&
         a.channels == b.channels && a.profile == b.profile && a.features == b.features &&
         MessageDifferencer::Equals(a.settings, b.settings) && a.seed == b.seed &&
         a.connected == b.connected && a.other_routers == b.other_routers &&
         a.frames_only == b.frames_only;
}

bool IsAckIngress(const std::string& socket) {
  return socket == kAckIngress || socket.starts_with(std::string(kAckIngress) + "/");
}

bool IsAckEgress(const std::string& socket) {
  return socket == kAckEgress || socket.starts_with(std::string(kAckEgress) + "/");
}

std::string IngressBeside(const std::string& egress) {
  return kAckIngress + egress.substr(std::string(kAckEgress).size());
}

std::string TranscriptHeader::RouterOf(const std::string& channel) const {
  for (const auto& [name, own] : other_routers) {
    if (std::find(own.begin(), own.end(), channel) != own.end()) {
      return name;
    }
  }
  return "";
}

std::string TranscriptHeader::IngressOf(const std::string& router) const {
  return router.empty() ? kAckIngress : std::string(kAckIngress) + "/" + router;
}

std::vector<std::string> TranscriptHeader::Sockets() const {
  std::vector<std::string> sockets;
  for (const std::string& channel : channels) {
    if (RouterOf(channel).empty()) {
      sockets.push_back(channel);
    }
  }
  sockets.insert(sockets.end(), {kAckIngress, kAckEgress});
  for (const auto& [name, own] : other_routers) {
    sockets.insert(sockets.end(), own.begin(), own.end());
    sockets.insert(sockets.end(),
                   {std::string(kAckIngress) + "/" + name, std::string(kAckEgress) + "/" + name});
  }
  return sockets;
}

bool operator==(const Transcript& a, const Transcript& b) {
  return a.header == b.header && a.entries == b.entries;
}

FrameBytes MakeFrameBytes(const std::string& bytes, bool keep_always) {
  FrameBytes made;
  made.size = bytes.size();
  made.hash = kFnvOffset;
  for (const char byte : bytes) {
    made.hash = (made.hash ^ static_cast<unsigned char>(byte)) * kFnvPrime;
  }
  made.elided = !keep_always && bytes.size() > kKeptBytes;
  if (!made.elided) {
    made.bytes = bytes;
  }
  return made;
}

DataFrame MakeDataFrame(Direction direction, std::string socket, std::string peer,
                        const std::vector<std::string>& frames) {
  DataFrame made;
  made.direction = direction;
  made.socket = std::move(socket);
  made.peer = std::move(peer);
  for (const std::string& frame : frames) {
    made.frames.push_back(MakeFrameBytes(frame, made.frames.empty()));
  }
  auto decoded = wire::Decode(frames);
  if (auto* good = std::get_if<wire::Decoded>(&decoded)) {
    made.header = std::move(good->header);
  } else {
    made.fault = std::get<wire::DecodeError>(decoded).sentence;
  }
  return made;
}

ControlAct MakeControlAct(control::v1::Request request, control::v1::Reply reply) {
  ControlAct made;
  request.clear_seq();
  request.clear_incarnation();
  request.clear_epoch();
  if (request.has_send()) {
    made.payload = MakeFrameBytes(request.send().payload());
    request.mutable_send()->clear_payload();
  }
  reply.clear_seq();
  reply.clear_epoch();
  reply.clear_events();
  made.request = std::move(request);
  made.reply = std::move(reply);
  return made;
}

IutEvent MakeIutEvent(ack::v1::Event event) {
  if (event.has_transition()) {
    event.mutable_transition()->clear_wall_ms();
  }
  return IutEvent{std::move(event)};
}

}  // namespace cmb::conformance
