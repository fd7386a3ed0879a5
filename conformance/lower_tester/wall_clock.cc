#include "conformance/lower_tester/wall_clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cmb::conformance {
namespace {

// Neither changes anything.
bool IsLook(const control::v1::Request& request) {
  return request.has_timers() || request.has_get_transaction();
}

// Absent: done.
std::optional<std::uint64_t> TranslateSettings(const WallWords& words,
                                               control::v1::Settings& settings) {
  const std::uint64_t now_ms = settings.now_ms();
  SayDefaults(settings);
  settings.clear_now_ms();
  const auto misfit = words.ToIut(settings);
  settings.set_now_ms(words.scale().ToReal(now_ms).value_or(now_ms));
  return misfit;
}

// What a policy leaves out is the implementation's default, which is not scaled.
bool RestsOnDefaults(const control::v1::Send& send) {
  const ack::v1::DeliveryPolicy& policy = send.policy();
  return policy.router_ack_ms() == 0 || policy.delivery_ack_ms() == 0 ||
         policy.execution_ms() == 0 || !policy.has_backoff_first_ms() ||
         !policy.has_backoff_max_ms();
}

}  // namespace

void WallClock::Serve(WallSockets& sockets, ack::v1::Role role) {
  sockets_ = &sockets;
  role_ = role;
}

Result<control::v1::Reply> WallClock::Call(Request request) {
  if (request.has_configure()) {
    return Configure(std::move(request));
  }
  if (request.has_begin()) {
    return Begin(request);
  }
  if (request.has_reset()) {
    return Reset(std::move(request));
  }
  if (request.has_advance()) {
    return Advance(request);
  }
  return IsLook(request) ? Look(request) : Act(std::move(request));
}

Trouble WallClock::Refuse(std::string sentence) {
  findings_.refused = sentence;
  return MakeTrouble(TroubleKind::kUnsupported, std::move(sentence), child_);
}

Trouble WallClock::Misfit(std::uint64_t ms) {
  findings_.misfit_ms = ms;
  return MakeTrouble(TroubleKind::kUnsupported,
                     fmt::format("a time of {} ms needs a virtual clock", ms), child_);
}

std::uint64_t WallClock::Real(std::uint64_t ms) const {
  return words_.scale().ToReal(ms).value_or(ms);
}

void WallClock::BeginCase(const control::v1::Settings& settings) {
  words_ = WallWords(pace_.scale, role_, settings.wall_base_ms());
  begin_ms_ = now_ms_ = settings.now_ms();
  handed_ = drift_ms_ = 0;
  due_at_begin_ = house_at_now_ = false;
  ahead_ms_.reset();
  unasked_.clear();
  last_.Clear();
  told_.Clear();
}

Result<control::v1::Reply> WallClock::Ask(const Request& request) {
  Request carrying = request;
  sockets_->inner().Carry(carrying);
  auto reply = control_.Call(std::move(carrying), child_);
  if (!reply) {
    return reply;
  }
  if (auto fault = sockets_->inner().Unpack(request, *reply)) {
    return MakeTrouble(TroubleKind::kHarnessError, *std::move(fault), child_);
  }
  const auto ahead = static_cast<std::int64_t>(reply->now_ms()) - WallNow();
  ahead_ms_ = std::max(ahead, ahead_ms_.value_or(ahead));
  unasked_.insert(unasked_.end(), reply->events().begin(), reply->events().end());
  reply->clear_events();
  last_ = *reply;
  return reply;
}

Result<control::v1::Reply> WallClock::AskReport() {
  Request request;
  request.mutable_advance()->set_to_ms(Real(now_ms_));
  request.mutable_advance()->set_after_received(handed_);
  request.mutable_advance()->set_fire(control::v1::FIRE_AFTER_FRAMES);
  return Ask(request);
}

Result<control::v1::Reply> WallClock::Configure(Request request) {
  BeginCase(request.configure().settings());
  if (const auto misfit =
          TranslateSettings(words_, *request.mutable_configure()->mutable_settings())) {
    return Misfit(*misfit);
  }
  return control_.Call(std::move(request), child_);
}

// What it has recovered stands in the reply to Begin; its clock is read once more, since it has
// gone on meanwhile.
Result<control::v1::Reply> WallClock::Begin(const Request& request) {
  sockets_->Begin(words_);
  auto reply = Ask(request);
  if (!reply) {
    return reply;
  }
  due_at_begin_ = IsTimerLeft(now_ms_);
  auto told = Tell(*std::move(reply));
  if (auto report = AskReport(); !report) {
    return report;
  }
  return told;
}

// What the old case has sent since it was last asked is told, so that it is received; its events
// are nobody's.
Result<control::v1::Reply> WallClock::Reset(Request request) {
  const control::v1::Settings settings = request.reset().settings();
  const WallWords words(pace_.scale, role_, settings.wall_base_ms());
  if (const auto misfit = TranslateSettings(words, *request.mutable_reset()->mutable_settings())) {
    return Misfit(*misfit);
  }
  auto reply = Ask(request);
  if (!reply) {
    return reply;
  }
  static_cast<void>(words_.FromIut(*reply));
  Reply of_before = *std::move(reply);
  BeginCase(settings);
  sockets_->Begin(words_);
  if (auto report = AskReport(); !report) {
    return report;
  }
  told_ = last_;
  static_cast<void>(words_.FromIut(told_));
  return of_before;
}

Result<control::v1::Reply> WallClock::Look(const Request& request) {
  if (house_at_now_) {
    return Refuse(kWallOrder);
  }
  auto reply = Ask(request);
  if (!reply) {
    return reply;
  }
  static_cast<void>(words_.FromIut(*reply));
  return AsBefore(*std::move(reply));
}

Result<control::v1::Reply> WallClock::Act(Request request) {
  if (due_at_begin_ || house_at_now_) {
    auto late = LateAt(now_ms_);
    return late ? *std::move(late) : Refuse(kWallOrder);
  }
  if (request.has_send() && RestsOnDefaults(request.send())) {
    return Refuse("it rests on default times of a policy, which needs a virtual clock");
  }
  if (const auto misfit = words_.ToIut(request)) {
    return Misfit(*misfit);
  }
  auto reply = Ask(request);
  if (!reply) {
    return reply;
  }
  if (auto late = LateAt(now_ms_)) {
    return *std::move(late);
  }
  return Tell(*std::move(reply));
}

Result<control::v1::Reply> WallClock::Advance(const Request& request) {
  const std::uint64_t to = request.advance().to_ms();
  if (!words_.scale().ToReal(to)) {
    return Misfit(to);
  }
  if (Real(to) - Real(begin_ms_) > static_cast<std::uint64_t>(pace_.longest.count())) {
    findings_.too_long = true;
    return Refuse(fmt::format("it lasts longer than {} s on the wall clock, which --longest allows",
                              pace_.longest.count() / 1000));
  }
  const bool any_due = IsTimerLeft(to);
  std::vector<WireMessage> messages = sockets_->TakePending();
  const bool any_message = !messages.empty();
  handed_ += sockets_->TakeAtOnce();
  auto played = Play(to, request.advance().fire(), std::move(messages));
  if (!played) {
    return std::move(played).trouble();
  }
  if (auto late = LateAt(to)) {
    return *std::move(late);
  }
  if (any_due || any_message) {
    findings_.lateness_ms.push_back(last_.now_ms() - std::min(last_.now_ms(), Real(to)));
  }
  return Tell(last_);
}

Result<control::v1::Reply> WallClock::Tell(Reply reply) {
  reply.mutable_events()->Clear();
  for (ack::v1::Event& event : unasked_) {
    *reply.add_events() = std::move(event);
  }
  unasked_.clear();
  reply.clear_now_ms();
  if (const auto off = words_.FromIut(reply);
      off > words_.scale().grace_ms() && !findings_.late_by_ms) {
    return Late(off);
  }
  reply.set_now_ms(now_ms_);
  told_ = reply;
  return reply;
}

control::v1::Reply WallClock::AsBefore(Reply reply) const {
  reply.set_now_ms(now_ms_);
  reply.set_received(told_.received());
  reply.set_sent(told_.sent());
  *reply.mutable_sent_by_socket() = told_.sent_by_socket();
  reply.set_undeliverable(told_.undeliverable());
  reply.clear_next_deadline();
  if (told_.has_next_deadline()) {
    *reply.mutable_next_deadline() = told_.next_deadline();
  }
  return reply;
}

}  // namespace cmb::conformance
