#include "conformance/control/control_client.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "conformance/control/control_faults.h"
#include "conformance/control/wait.h"

namespace cmb::conformance {
namespace {

using control::v1::FromHarness;
using control::v1::Pics;
using control::v1::Reply;
using control::v1::Request;

std::string ErrorWord(control::v1::ErrorKind kind) {
  constexpr std::string_view kPrefix = "ERROR_KIND_";
  const std::string& name = control::v1::ErrorKind_Name(kind);
  return name.empty() ? fmt::format("error {}", static_cast<int>(kind))
                      : name.substr(kPrefix.size());
}

}  // namespace

struct ControlClient::Impl {
  using Incoming = ControlLink::Incoming;

  Impl(std::shared_ptr<ControlLink> link_of, std::string incarnation_of, Guards guards_of)
      : link(std::move(link_of)), incarnation(std::move(incarnation_of)), guards(guards_of) {}

  // Waits for a message of `wanted` (empty: of anybody). `during` completes the sentences.
  Result<Incoming> Await(ChildProcess& child, const std::string& wanted, Deadline deadline,
                         const std::string& during);
  Trouble Silence(ChildProcess& child, const std::string& during) const;
  Trouble Crash(ChildProcess& child, const std::string& during) const;
  void Address(Request& request) const;
  // Sends `encoded`, which is `request`, called `name`, and waits for its reply.
  Result<Reply> Ask(const Request& request, const std::string& encoded, const std::string& name,
                    ChildProcess& child);
  Result<Reply> CheckReply(Reply reply, const Request& request, const std::string& name,
                           ChildProcess& child);

  std::shared_ptr<ControlLink> link;
  std::string incarnation;
  Guards guards;
  bool greeted = false;           // It has said Hello.
  std::string peer;               // Routing id of the harness; empty on standard output.
  std::string other_incarnation;  // That a Hello named.
  std::uint64_t seq = 0;
  std::uint64_t epoch = 0;
};

Trouble ControlClient::Impl::Silence(ChildProcess& child, const std::string& during) const {
  if (!greeted && !other_incarnation.empty()) {
    return MakeTrouble(TroubleKind::kCannotStart,
                       Fault{fmt::format("the IUT said Hello as incarnation '{}' instead of '{}' "
                                         "(CMB_INCARNATION)",
                                         other_incarnation, incarnation),
                             kHelloFirst},
                       child);
  }
  if (!greeted) {
    Trouble trouble = MakeTrouble(
        TroubleKind::kCannotStart,
        fmt::format("the IUT did not say Hello within {} ms", guards.hello.count()), child);
    trouble.timed_out = true;
    return trouble;
  }
  return MakeTrouble(
      TroubleKind::kUnresponsive,
      fmt::format("the IUT did not answer {} within {} ms", during, guards.reply.count()), child);
}

Trouble ControlClient::Impl::Crash(ChildProcess& child, const std::string& during) const {
  const std::string how = child.Kill().Sentence();
  if (!greeted) {
    return MakeTrouble(TroubleKind::kCannotStart,
                       fmt::format("the IUT {} before it said Hello", how), child);
  }
  return MakeTrouble(TroubleKind::kIutCrashed, fmt::format("the IUT {} during {}", how, during),
                     child);
}

Result<ControlClient::Impl::Incoming> ControlClient::Impl::Await(ChildProcess& child,
                                                                 const std::string& wanted,
                                                                 Deadline deadline,
                                                                 const std::string& during) {
  while (true) {
    while (auto incoming = link->Receive(child)) {
      if (wanted.empty() || incoming->from == wanted) {
        return std::move(*incoming);
      }
    }
    switch (WaitReadable(link->handles(), child, deadline)) {
      case Wake::kReadable:
        break;
      case Wake::kChildEnded:
        WaitForLastWords(link->handles());
        child.DrainOutput();
        if (auto incoming = link->Receive(child);
            incoming && (wanted.empty() || incoming->from == wanted)) {
          return std::move(*incoming);
        }
        return Crash(child, during);
      case Wake::kDeadline:
        return Silence(child, during);
    }
  }
}

namespace {

// What `incoming` says, or what is wrong with it.
std::variant<FromHarness, std::string> Content(ControlLink::Incoming& incoming) {
  auto* message = std::get_if<FromHarness>(&incoming.message);
  if (message != nullptr && message->message_case() == FromHarness::MESSAGE_NOT_SET) {
    return std::string("a message on the control channel that is neither Hello nor Reply");
  }
  return std::move(incoming.message);
}

// Whether a sender takes a message is its own affair, and the oracle's (CMB-SND-004).
bool IsRefusedSend(const Request& request, const Reply& reply) {
  return request.has_send() && reply.error().kind() == control::v1::ERROR_KIND_BAD_REQUEST;
}

}  // namespace

ControlClient::ControlClient(std::shared_ptr<ControlLink> link, std::string incarnation,
                             Guards guards)
    : impl_(std::make_unique<Impl>(std::move(link), std::move(incarnation), guards)) {}

ControlClient::~ControlClient() = default;

std::string ControlClient::address() const { return impl_->link->address(); }
const std::string& ControlClient::incarnation() const { return impl_->incarnation; }

Result<Pics> ControlClient::AwaitHello(ChildProcess& child) {
  const Deadline deadline = Deadline::OfGuard(impl_->guards.hello);
  while (true) {
    auto incoming = impl_->Await(child, "", deadline, "Hello");
    if (!incoming) {
      return std::move(incoming).trouble();
    }
    auto parsed = Content(*incoming);
    if (const auto* fault = std::get_if<std::string>(&parsed)) {
      return MakeTrouble(TroubleKind::kGarbage,
                         Fault{"the IUT sent " + *fault + " before its Hello",
                               std::string(impl_->link->framing())},
                         child);
    }
    const FromHarness& message = std::get<FromHarness>(parsed);
    if (!message.has_hello() && !child.IsOurs()) {
      continue;  // Of the attached process before this one.
    }
    if (!message.has_hello()) {
      return MakeTrouble(TroubleKind::kGarbage,
                         Fault{"the IUT sent a Reply before its Hello", kHelloFirst}, child);
    }
    if (message.hello().incarnation() != impl_->incarnation) {
      impl_->other_incarnation = message.hello().incarnation();
      continue;  // Of an orphan, perhaps: the right one may still come.
    }
    if (const auto fault = FaultOf(message.hello().pics())) {
      return MakeTrouble(TroubleKind::kGarbage,
                         Fault{"the Hello of the IUT " + *fault, kHelloFirst}, child);
    }
    impl_->peer = incoming->from;
    impl_->greeted = true;
    return message.hello().pics();
  }
}

Result<Reply> ControlClient::Impl::CheckReply(Reply reply, const Request& request,
                                              const std::string& name, ChildProcess& child) {
  if (const auto fault = Stray(reply, request, name)) {
    return MakeTrouble(TroubleKind::kGarbage, Fault{*fault, kOneReply}, child);
  }
  if (reply.has_error() && !IsRefusedSend(request, reply)) {
    Trouble trouble =
        MakeTrouble(TroubleKind::kHarnessError,
                    Fault{fmt::format("the IUT answered {} with {}: {}", name,
                                      ErrorWord(reply.error().kind()), reply.error().sentence()),
                          RequirementOf(request, reply.error().kind())},
                    child);
    trouble.code = reply.error().kind();
    if (trouble.code == control::v1::ERROR_KIND_WAIT_TIMEOUT) {
      trouble.sentence += fmt::format(" (it has read {} messages)", reply.received());
    }
    return trouble;
  }
  return reply;
}

void ControlClient::Impl::Address(Request& request) const {
  request.set_seq(seq + 1);
  request.set_incarnation(incarnation);
  request.set_epoch(epoch);
}

Result<Reply> ControlClient::Impl::Ask(const Request& request, const std::string& encoded,
                                       const std::string& name, ChildProcess& child) {
  if (!link->Send(peer, encoded, child)) {
    // Either it is dead, or it has closed the control channel, which comes to the same.
    if (child.Ended()) {
      return Crash(child, name);
    }
    return MakeTrouble(TroubleKind::kUnresponsive,
                       "the IUT had closed its control channel before " + name, child);
  }
  auto incoming = Await(child, peer, Deadline::OfGuard(guards.reply), name);
  if (!incoming) {
    return std::move(incoming).trouble();
  }
  auto parsed = Content(*incoming);
  if (const auto* fault = std::get_if<std::string>(&parsed)) {
    return MakeTrouble(
        TroubleKind::kGarbage,
        Fault{"the IUT answered " + name + " with " + *fault, std::string(link->framing())}, child);
  }
  FromHarness& message = std::get<FromHarness>(parsed);
  if (!message.has_reply()) {
    return MakeTrouble(TroubleKind::kGarbage,
                       Fault{"the IUT said Hello again instead of answering " + name, kOneReply},
                       child);
  }
  return CheckReply(std::move(*message.mutable_reply()), request, name, child);
}

Result<Reply> ControlClient::Call(Request request, ChildProcess& child) {
  const bool is_reset = request.has_reset();
  auto reply = CallForged(std::move(request), nullptr, child);
  if (reply && is_reset) {
    ++impl_->epoch;
  }
  return reply;
}

Result<Reply> ControlClient::CallForged(Request request, const Forge& forge, ChildProcess& child) {
  impl_->Address(request);
  if (forge) {
    forge(request);
  }
  if (request.seq() == impl_->seq + 1) {
    ++impl_->seq;
  }
  return impl_->Ask(request, impl_->link->Encode(request), RequestName(request), child);
}

Result<Reply> ControlClient::CallBytes(const std::string& bytes, ChildProcess& child) {
  return impl_->Ask({}, bytes, "what is no request", child);
}

void ControlClient::Dismiss(ChildProcess& child) {
  Request request;
  request.mutable_shutdown();
  impl_->Address(request);
  ++impl_->seq;
  static_cast<void>(impl_->link->Send(impl_->peer, impl_->link->Encode(request), child));
}

}  // namespace cmb::conformance
