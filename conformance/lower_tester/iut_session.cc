#include "conformance/lower_tester/iut_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "conformance/lower_tester/closing_check.h"
#include "conformance/lower_tester/collector.h"
#include "conformance/lower_tester/inline_sockets.h"
#include "conformance/lower_tester/open_phase.h"
#include "conformance/lower_tester/ping.h"
#include "conformance/lower_tester/reply_check.h"

namespace cmb::conformance {
namespace {

using control::v1::Reply;
using control::v1::Request;

// What was sent before the last reply is there by then.
constexpr std::chrono::milliseconds kUncountedGuard{200};

bool Contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

Trouble Misuse(std::string sentence) {
  Trouble trouble;
  trouble.kind = TroubleKind::kMisuse;
  trouble.sentence = std::move(sentence);
  return trouble;
}

std::unique_ptr<WireSockets> SocketsFor(zmq::context_t& context, const CaseSettings& settings,
                                        CurveKeys* keys, control::v1::Binding binding) {
  if (binding != control::v1::BINDING_UNSPECIFIED) {
    return MakeInlineSockets(settings, binding);
  }
  return settings.role == ack::v1::ROLE_ROUTER ? MakeModuleSide(context, settings, keys)
                                               : MakeRouterSide(context, settings, keys);
}

}  // namespace

void IutSession::SetPace(const WallPace& pace, WallFindings& findings) {
  wall_findings_ = &findings;
  if (wall_clock_ == nullptr) {
    wall_clock_ = std::make_unique<WallClock>(pace, findings, *control_, *child_);
  }
  wall_clock_->SetPace(pace);
}

void IutSession::MakeSockets(CurveKeys* keys) {
  sockets_ = SocketsFor(context_, settings_, keys, wanted_binding_);
  if (wall_clock_ != nullptr) {
    auto around = std::make_unique<WallSockets>(std::move(sockets_), *wall_findings_);
    wall_clock_->Serve(*around, settings_.role);
    sockets_ = std::move(around);
  }
}

bool IutSession::Serves(const CaseSettings& settings) const {
  if (settings.role != settings_.role || settings.module_id != settings_.module_id ||
      settings.channels != settings_.channels ||
      settings.other_routers != settings_.other_routers || settings.curve != settings_.curve) {
    return false;
  }
  // Each case has strangers of its own, who knock once.
  if (!settings.bad_keys.empty() || !settings_.bad_keys.empty()) {
    return false;
  }
  if (settings.role != ack::v1::ROLE_ROUTER) {
    return true;  // Modules behind the suite's own router are only names.
  }
  const auto& live = settings_.connected;
  return std::all_of(settings.connected.begin(), settings.connected.end(),
                     [&live](const std::string& peer) { return Contains(live, peer); }) &&
         std::none_of(settings.absent.begin(), settings.absent.end(),
                      [this](const std::string& peer) { return ever_there_.contains(peer); });
}

Trouble IutSession::Broken(Fault fault) {
  return MakeTrouble(TroubleKind::kHarnessError, std::move(fault), *child_);
}

Result<Exchange> IutSession::BeginFirst(const CaseSettings& settings, const std::string& store,
                                        CurveKeys* keys) {
  settings_ = settings;
  ever_there_.insert(settings.connected.begin(), settings.connected.end());
  MakeSockets(keys);
  ledger_ = Ledger(sockets_->layout());
  Request configure;
  configure.mutable_configure()->set_role(settings.role);
  configure.mutable_configure()->set_module_id(settings.module_id);
  configure.mutable_configure()->set_store(store);
  *configure.mutable_configure()->mutable_settings() = settings.settings;
  if (keys != nullptr) {
    *configure.mutable_configure()->mutable_curve() = keys->Settings(settings);
  }
  sockets_->FillAddresses(*configure.mutable_configure());
  auto configured = Call(configure);
  if (!configured) {
    return std::move(configured).trouble();
  }
  if (auto fault = sockets_->Connect(configured->configured())) {
    return Broken({*std::move(fault), "CMB-CTL-007"});
  }
  auto open = RunOpenPhase(*sockets_, settings.absent, *child_, guards_.reply);
  if (!open) {
    return std::move(open).trouble();
  }
  sockets_->LetStrangersKnock(*child_, Deadline::OfGuard(guards_.reply));
  now_ = FromMs(settings.settings.now_ms());
  fresh_ = true;
  Request begin;
  begin.mutable_begin();
  return Transact(std::move(begin));
}

Result<Exchange> IutSession::BeginNext(const CaseSettings& settings) {
  Request reset;
  reset.mutable_reset()->set_after_received(ledger_.injected());
  *reset.mutable_reset()->mutable_settings() = settings.settings;
  auto done = Transact(std::move(reset));
  if (!done) {
    return done;
  }
  ledger_.Clear();
  injected_.clear();
  undeliverable_ = 0;
  proven_ = {};
  // What is connected stays so; the rest is the new case's.
  std::vector<std::string> connected = std::move(settings_.connected);
  settings_ = settings;
  if (settings.role == ack::v1::ROLE_ROUTER) {
    settings_.connected = std::move(connected);
  }
  now_ = FromMs(settings.settings.now_ms());
  fresh_ = true;
  // The reply to Reset speaks of the case before; nothing is armed in the new one.
  next_deadline_.reset();
  return done;
}

Result<Done> IutSession::Inject(const WireMessage& message) {
  if (message.socket >= layout().size() || message.frames.empty()) {
    return Misuse("a message without frames, or for a socket that does not exist");
  }
  if (!sockets_->Reaches(message)) {
    return Misuse(fmt::format("'{}' is not connected to the IUT", message.peer));
  }
  if (auto why = sockets_->CannotCarry(message)) {
    return MakeTrouble(TroubleKind::kUnsupported, *std::move(why), *child_);
  }
  if (!sockets_->Send(message)) {
    if (const auto end = child_->Ended()) {
      return MakeTrouble(TroubleKind::kIutCrashed,
                         fmt::format("the IUT {} between two requests", end->Sentence()), *child_);
    }
    return Broken({fmt::format("the connection on {} is gone", layout().Name(message.socket)), ""});
  }
  ledger_.CountInjected();
  injected_.push_back(message);
  return Done{};
}

Result<Exchange> IutSession::Advance(VirtualTime to, control::v1::Fire fire) {
  if (to < now_) {
    return Misuse(fmt::format("Advance from {} ms back to {} ms", ToMs(now_), ToMs(to)));
  }
  if (next_deadline_ && !next_deadline_->housekeeping && to > next_deadline_->at) {
    return Misuse(fmt::format("Advance to {} ms, beyond the deadline at {} ms", ToMs(to),
                              ToMs(next_deadline_->at)));
  }
  Request request;
  request.mutable_advance()->set_to_ms(ToMs(to));
  request.mutable_advance()->set_after_received(ledger_.injected());
  request.mutable_advance()->set_fire(fire);
  auto exchange = Transact(std::move(request));
  if (exchange) {
    exchange->injected = std::exchange(injected_, {});
  }
  return exchange;
}

Result<Exchange> IutSession::Perform(const Request& request) {
  if (!IsAct(request)) {
    return Misuse(RequestName(request) + " is not for the engine to ask");
  }
  return Transact(request);
}

Result<Done> IutSession::CheckClosing() {
  if (sockets_->Inline()) {
    return Done{};  // What was sent stood in the replies.
  }
  ++closings_;
  const std::uint64_t before = ledger_.promised();
  std::vector<ClosingPing> pings;
  for (const Path& path : sockets_->paths()) {
    pings.push_back({path, fmt::format("@close-{}-{}", closings_, pings.size() + 1)});
    auto put = Inject(MakePing(path, pings.back().nonce));
    if (!put) {
      return put;
    }
  }
  auto exchange = Advance(now_, control::v1::FIRE_NONE);
  if (!exchange) {
    return std::move(exchange).trouble();
  }
  auto fault =
      JudgeClosing(pings, exchange->received, ledger_.promised() - before, sockets_->layout());
  if (fault && fault->requirement == kPongs && AnythingWaits(*sockets_, *child_, kUncountedGuard)) {
    // The PONG is there, behind one of before.
    *fault = {fault->sentence + "; that one had not been counted in `sent`", "CMB-CTL-018"};
  }
  if (fault) {
    return Broken(*std::move(fault));
  }
  return Done{};
}

Result<Exchange> IutSession::Transact(Request request) {
  auto reply = CallChecked(request);
  if (!reply) {
    return std::move(reply).trouble();
  }
  auto received = Collect(*sockets_, ledger_, *child_, guards_.reply, RequestName(request));
  if (!received) {
    return std::move(received).trouble();
  }
  TakeOver(*reply);
  if (request.has_send() || request.has_advance()) {
    if (auto proven = ProveDeadline(); !proven) {
      return std::move(proven).trouble();
    }
  }
  Exchange exchange;
  exchange.request = std::move(request);
  exchange.reply = *std::move(reply);
  exchange.reply.clear_seq();
  exchange.reply.clear_epoch();
  exchange.received = *std::move(received);
  proven_.SubtractFrom(exchange);
  return exchange;
}

Result<Reply> IutSession::Call(const Request& request) {
  if (wall_clock_ != nullptr) {
    return wall_clock_->Call(request);
  }
  Request carrying = request;
  sockets_->Carry(carrying);
  return control_->Call(std::move(carrying), *child_);
}

Result<Reply> IutSession::CallChecked(const Request& request) {
  auto reply = Call(request);
  if (!reply) {
    return reply;
  }
  auto fault = sockets_->Unpack(request, *reply);
  fault = fault ? fault : ledger_.Enter(*reply, request.has_advance() || request.has_reset());
  if (!fault) {
    fault = FaultOfReply(request, *reply, ToMs(now_), fresh_);
  }
  fresh_ = false;
  const std::string& id = reply->sent_message().message_id();
  if (!fault && reply->has_sent_message() &&
      id.find(settings_.settings.id_prefix()) == std::string::npos) {
    fault = Fault{fmt::format("the message_id '{}' is made without id_prefix", id), "CMB-CTL-010"};
  }
  if (fault) {
    fault->sentence = fmt::format("in the reply to {}: {}", RequestName(request), fault->sentence);
    return Broken(*std::move(fault));
  }
  return reply;
}

void IutSession::TakeOver(const Reply& reply) {
  now_ = FromMs(reply.now_ms());
  undeliverable_ = reply.undeliverable();
  next_deadline_.reset();
  if (reply.has_next_deadline()) {
    const bool housekeeping =
        reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_HOUSEKEEPING;
    next_deadline_ = NextDeadline{FromMs(reply.next_deadline().ms()), housekeeping};
  }
}

}  // namespace cmb::conformance
