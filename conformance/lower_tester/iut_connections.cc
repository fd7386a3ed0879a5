// Connections of a router IUT's modules that close and open in the middle of a case, and the PINGs
// that prove it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/control/wait.h"
#include "conformance/lower_tester/collector.h"
#include "conformance/lower_tester/iut_session.h"
#include "conformance/lower_tester/ping.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

// As in the open phase: quick where the IUT is quick, and never faster than a slow one can answer.
constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kLongestPause{100};

// The nonce that `message` refuses with NO_ROUTE. Empty: it is no such answer.
std::string NonceOfNoRoute(const WireMessage& message) {
  ack::v1::CognitiveMessage header;
  if (message.frames.size() != 2 || wire::DecodeHeader(message.frames[0], header) ||
      header.ack().error_code() != ack::v1::ERROR_CODE_NO_ROUTE) {
    return "";
  }
  return header.ack().correlation_id();
}

}  // namespace

// What is to be proven, and how far that is. A PING over `path` is to be answered with a PONG, or
// with NO_ROUTE where `of_departure`.
struct IutSession::Proof {
  struct Open {
    Path path;
    std::string nonce;
    bool sent = false;
  };
  Proof(bool of_departure_of, std::string module_of, Deadline deadline_of)
      : of_departure(of_departure_of), module(std::move(module_of)), deadline(deadline_of) {}

  bool of_departure;
  std::string module;
  Path barrier;  // Of a departure: its PONG comes behind every NO_ROUTE.
  std::string barrier_nonce;
  std::vector<Open> open;
  std::vector<WireMessage> kept;  // What the IUT sent besides.
  control::v1::Request request;
  control::v1::Reply reply;  // The last one, with every event.
  Deadline deadline;
  std::chrono::milliseconds pause = kFirstPause;

  // True: it is the answer to a PING of ours.
  bool Take(const WireMessage& message) {
    const auto pong = NonceOfPong(message.frames);
    if (pong && *pong == barrier_nonce) {
      barrier_nonce.clear();
      return true;
    }
    const std::string nonce = of_departure ? NonceOfNoRoute(message) : pong.value_or("");
    const auto found =
        std::find_if(open.begin(), open.end(), [&](const Open& one) { return one.nonce == nonce; });
    if (nonce.empty() || found == open.end()) {
      return false;
    }
    open.erase(found);
    return true;
  }
};

// Absent: all that could be sent is on its way.
std::optional<std::string> IutSession::PutProbes(Proof& proof) {
  ++proofs_;
  std::size_t number = 0;
  const auto put = [&](const Path& path, std::string& nonce) {
    nonce = fmt::format("{}{}-{}", kProofNonce, proofs_, ++number);
    const bool sent = sockets_->Send(MakePing(path, nonce));
    if (sent) {
      ledger_.CountInjected();
      ++proven_.received;
    }
    return sent;
  };
  for (Proof::Open& one : proof.open) {
    one.sent = put(one.path, one.nonce);
    if (!one.sent && proof.of_departure) {
      return fmt::format("the connection of {} is gone", one.path.peer);
    }
  }
  if (proof.of_departure && !put(proof.barrier, proof.barrier_nonce)) {
    return fmt::format("the connection of {} is gone", proof.barrier.peer);
  }
  return std::nullopt;
}

// A PING that the IUT has passed on to the connection that is gone never comes, but was counted;
// the barrier shows which.
std::optional<std::string> IutSession::ReadUntilBarrier(Proof& proof) {
  WireMessage message;
  while (!proof.barrier_nonce.empty()) {
    std::vector<void*> handles;
    for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
      while (ledger_.Owes(socket) && sockets_->Receive(socket, message)) {
        ledger_.CountReceived(socket);
        if (!proof.Take(message)) {
          proof.kept.push_back(message);
        }
      }
      const auto of_socket = sockets_->Handles(socket);
      handles.insert(handles.end(), of_socket.begin(), of_socket.end());
    }
    if (!proof.barrier_nonce.empty() &&
        WaitReadable(handles, *child_, proof.deadline) != Wake::kReadable) {
      return fmt::format("no PONG came to {}, who asked for {}", proof.barrier.peer, proof.module);
    }
  }
  for (const Proof::Open& one : proof.open) {
    ledger_.Forgive(layout().IsChannel(one.path.out) ? one.path.out : layout().egress());
  }
  return std::nullopt;
}

Result<Done> IutSession::Probe(Proof& proof) {
  std::vector<std::uint64_t> before;
  for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
    before.push_back(ledger_.promised(socket));
  }
  const std::size_t kept_before = proof.kept.size();
  const std::uint64_t undeliverable = undeliverable_;
  if (auto fault = PutProbes(proof)) {
    return Broken({*std::move(fault), ""});
  }
  proof.request.mutable_advance()->set_to_ms(ToMs(now_));
  proof.request.mutable_advance()->set_after_received(ledger_.injected());
  proof.request.mutable_advance()->set_fire(control::v1::FIRE_NONE);
  auto reply = CallChecked(proof.request);
  if (!reply) {
    return std::move(reply).trouble();
  }
  TakeOver(*reply);
  if (proof.of_departure) {
    if (auto fault = ReadUntilBarrier(proof)) {
      return Broken({*std::move(fault), ""});
    }
  }
  auto rest = Collect(*sockets_, ledger_, *child_, guards_.reply, "a PING");
  if (!rest) {
    return std::move(rest).trouble();
  }
  for (WireMessage& message : *rest) {
    if (!proof.Take(message)) {
      proof.kept.push_back(std::move(message));
    }
  }
  proven_.sent.resize(layout().size());
  for (SocketNumber socket = 0; socket < layout().size(); ++socket) {
    const auto kept =
        std::count_if(proof.kept.begin() + static_cast<std::ptrdiff_t>(kept_before),
                      proof.kept.end(), [&](const WireMessage& m) { return m.socket == socket; });
    proven_.sent[socket] +=
        ledger_.promised(socket) - before[socket] - static_cast<std::uint64_t>(kept);
  }
  proven_.undeliverable += undeliverable_ - undeliverable;
  const auto events = std::move(*proof.reply.mutable_events());
  proof.reply = *std::move(reply);
  auto later = std::move(*proof.reply.mutable_events());
  *proof.reply.mutable_events() = events;
  proof.reply.mutable_events()->MergeFrom(later);
  return Done{};
}

// False: the time for the proof is up.
Result<bool> IutSession::Pause(Proof& proof) {
  if (WaitReadable({}, *child_, Earlier(proof.deadline, Deadline::In(proof.pause))) ==
      Wake::kChildEnded) {
    return MakeTrouble(
        TroubleKind::kIutCrashed,
        fmt::format("the IUT {} while connections changed", child_->Kill().Sentence()), *child_);
  }
  proof.pause = std::min(2 * proof.pause, kLongestPause);
  return !proof.deadline.Passed();
}

Result<Exchange> IutSession::EndProof(Proof& proof) {
  while (true) {
    auto probed = Probe(proof);
    if (!probed) {
      return std::move(probed).trouble();
    }
    if (proof.open.empty()) {
      break;
    }
    auto goes_on = Pause(proof);
    if (!goes_on) {
      return std::move(goes_on).trouble();
    }
    if (!*goes_on) {
      return Broken(
          proof.of_departure
              ? Fault{fmt::format("a PING to {}, whose connections have closed, is not answered "
                                  "NO_ROUTE",
                                  proof.module),
                      "CMB-WIRE-013"}
              : Fault{fmt::format("no PONG to the PINGs of {}, which has connected again",
                                  proof.module),
                      "CMB-WIRE-012"});
    }
  }
  Exchange exchange;
  exchange.request = proof.request;
  exchange.reply = proof.reply;
  exchange.reply.clear_seq();
  exchange.reply.clear_epoch();
  exchange.received = std::move(proof.kept);
  proven_.SubtractFrom(exchange);
  return exchange;
}

Result<Exchange> IutSession::Disconnect(const std::string& module) {
  Proof proof(true, module, Deadline::OfGuard(guards_.reply));
  if (!sockets_->Disconnect(module) || (sockets_->paths().empty() && !sockets_->Inline())) {
    return MakeTrouble(TroubleKind::kMisuse,
                       fmt::format("{} cannot leave: it is not there, or nobody else is", module),
                       *child_);
  }
  std::erase(settings_.connected, module);
  if (sockets_->Inline()) {
    return Announce(module, false);
  }
  for (Path path : sockets_->paths()) {
    if (path.peer != sockets_->paths().front().peer) {
      break;
    }
    proof.barrier = path;  // The last path of a peer is that of its ACKs.
    path.module = module;
    proof.open.push_back({path, "", false});
  }
  return EndProof(proof);
}

Result<Exchange> IutSession::Connect(const std::string& module) {
  Proof proof(false, module, Deadline::OfGuard(guards_.reply));
  if (!sockets_->Reconnect(module)) {
    return MakeTrouble(TroubleKind::kMisuse, fmt::format("{} is there already", module), *child_);
  }
  settings_.connected.push_back(module);
  ever_there_.insert(module);
  if (sockets_->Inline()) {
    return Announce(module, true);
  }
  for (const Path& path : sockets_->paths()) {
    if (path.peer == module) {
      proof.open.push_back({path, "", false});
    }
  }
  return EndProof(proof);
}

}  // namespace cmb::conformance
