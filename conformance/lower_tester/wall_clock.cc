#include "conformance/lower_tester/wall_clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "conformance/control/wait.h"

namespace cmb::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{1};
constexpr milliseconds kLongestPause{4};

// So many instants can each be a little earlier than the one before.
constexpr std::uint64_t kDrifts = 8;

constexpr std::uint64_t kLateEndMs = 3'000;

constexpr std::uint64_t kNever = ~std::uint64_t{0};

constexpr char kOrder[] = "it needs an order within one instant, and so a virtual clock";

std::int64_t OurNow() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool IsHousekeeping(const control::v1::Timer& timer) {
  return timer.kind() >= ack::v1::TIMER_KIND_RECONCILE;
}

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

std::uint64_t WallClock::TimeOf(std::uint64_t ms) {
  const std::uint64_t grace = words_.scale().grace_ms();
  if (ms > now_ms_) {
    drift_ms_ = std::min(pace_.shrinking ? grace : grace / 2, drift_ms_ + grace / kDrifts);
  }
  return pace_.shrinking ? Real(ms) - std::min(Real(ms), drift_ms_) : Real(ms) + drift_ms_;
}

std::int64_t WallClock::IutNow() const { return OurNow() + ahead_ms_.value_or(0); }

void WallClock::BeginCase(const control::v1::Settings& settings) {
  words_ = WallWords(pace_.scale, role_, settings.wall_base_ms());
  begin_ms_ = now_ms_ = settings.now_ms();
  handed_ = drift_ms_ = 0;
  due_at_begin_ = false;
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
  const auto ahead = static_cast<std::int64_t>(reply->now_ms()) - OurNow();
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
  auto reply = Ask(request);
  if (!reply) {
    return reply;
  }
  static_cast<void>(words_.FromIut(*reply));
  return AsBefore(*std::move(reply));
}

Result<control::v1::Reply> WallClock::Act(Request request) {
  if (!unasked_.empty() || due_at_begin_) {
    return OutOfTurn();
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

Result<Done> WallClock::Play(std::uint64_t to, control::v1::Fire fire,
                             std::vector<WireMessage> messages) {
  if (fire == control::v1::FIRE_BEFORE_FRAMES) {
    if (auto fired = FireAll(to); !fired) {
      return fired;
    }
    return HandOver(to, std::move(messages));
  }
  if (fire == control::v1::FIRE_NONE || !messages.empty()) {
    if (auto handed = HandOverBeforeTimers(to, std::move(messages)); !handed) {
      return handed;
    }
  }
  return fire == control::v1::FIRE_NONE ? Result<Done>(Done{}) : FireAll(to);
}

// Timers of the instant that are armed already must not fire before it has come.
Result<Done> WallClock::HandOverBeforeTimers(std::uint64_t to, std::vector<WireMessage> messages) {
  auto first = FirstTimerAt(to);
  if (!first) {
    return std::move(first).trouble();
  }
  if ((!unasked_.empty() || due_at_begin_) && !messages.empty()) {
    return OutOfTurn();
  }
  const std::uint64_t margin = words_.scale().grace_ms() / 2;
  const std::uint64_t instant = Real(to);
  const std::uint64_t hand_at = std::min(TimeOf(to), *first - std::min(*first, margin));
  if (hand_at + words_.scale().grace_ms() < instant) {
    return Refuse(kOrder);
  }
  if (auto waited = WaitUntil(hand_at); !waited) {
    return waited;
  }
  if (auto handed = HandOver(to, std::move(messages)); !handed) {
    return handed;
  }
  if (last_.now_ms() >= *first) {
    return Late(last_.now_ms() - hand_at);
  }
  return Done{};
}

Result<std::uint64_t> WallClock::FirstTimerAt(std::uint64_t to) {
  Request request;
  request.mutable_timers();
  auto reply = Ask(request);
  if (!reply) {
    return std::move(reply).trouble();
  }
  std::uint64_t first = kNever;
  for (const control::v1::Timer& timer : reply->timers().timers()) {
    const std::uint64_t at = timer.deadline_ms();
    const std::uint64_t last_instant = at - std::min<std::uint64_t>(at, IsHousekeeping(timer));
    if (words_.scale().ToProtocol(last_instant) <= to) {
      first = std::min(first, at);
    }
  }
  return first;
}

// What comes by one connection keeps its order; one after another, so that all does.
Result<Done> WallClock::HandOver(std::uint64_t to, std::vector<WireMessage> messages) {
  now_ms_ = to;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!sockets_->inner().Send(messages[i])) {
      return MakeTrouble(TroubleKind::kHarnessError, "a connection of the IUT is gone", child_);
    }
    ++handed_;
    const bool last = i + 1 == messages.size();
    if (!last && (sockets_->Inline() || (messages[i].socket == messages[i + 1].socket &&
                                         messages[i].peer == messages[i + 1].peer))) {
      continue;
    }
    if (auto read = Read(); !read) {
      return read;
    }
  }
  return messages.empty() ? Read() : Result<Done>(Done{});
}

Result<Done> WallClock::Read() {
  milliseconds pause = kFirstPause;
  while (true) {
    if (auto report = AskReport(); !report) {
      return std::move(report).trouble();
    }
    if (sockets_->Inline() || last_.received() >= handed_) {
      return Done{};
    }
    if (auto late = LateAt(now_ms_)) {
      return *std::move(late);
    }
    if (auto paused = Pause(pause); !paused) {
      return paused;
    }
    pause = std::min(2 * pause, kLongestPause);
  }
}

Result<Done> WallClock::FireAll(std::uint64_t to) {
  const std::uint64_t time = TimeOf(to);
  now_ms_ = to;
  if (auto waited = WaitUntil(time); !waited) {
    return waited;
  }
  milliseconds pause = kFirstPause;
  while (true) {
    if (auto report = AskReport(); !report) {
      return std::move(report).trouble();
    }
    if (!IsTimerLeft(to)) {
      due_at_begin_ = false;
      return Done{};
    }
    if (auto late = LateAt(to)) {
      return *std::move(late);
    }
    if (auto paused = Pause(pause); !paused) {
      return paused;
    }
    pause = std::min(2 * pause, kLongestPause);
  }
}

bool WallClock::IsTimerLeft(std::uint64_t to) const {
  return last_.next_deadline().class_() == control::v1::DEADLINE_CLASS_PROTOCOL &&
         words_.scale().ToProtocol(last_.next_deadline().ms()) <= to;
}

Result<Done> WallClock::WaitUntil(std::uint64_t real_ms) {
  const std::int64_t left = static_cast<std::int64_t>(real_ms) - IutNow();
  return left > 0 ? Pause(milliseconds(left)) : Result<Done>(Done{});
}

Result<Done> WallClock::Pause(milliseconds wait) {
  if (WaitReadable({}, child_, Deadline::In(wait)) == Wake::kChildEnded) {
    return MakeTrouble(TroubleKind::kIutCrashed,
                       fmt::format("the IUT {} between two requests", child_.Kill().Sentence()),
                       child_);
  }
  return Done{};
}

std::optional<Trouble> WallClock::LateAt(std::uint64_t to) {
  const std::uint64_t instant = Real(to);
  // What is late already may still be ended in good order, so that its process can go on.
  const std::uint64_t allowed = findings_.late_by_ms ? kLateEndMs : words_.scale().grace_ms();
  if (last_.now_ms() <= instant + allowed) {
    return std::nullopt;
  }
  return Late(last_.now_ms() - instant);
}

// Something has happened that was expected later than what is asked for now.
Trouble WallClock::OutOfTurn() {
  auto late = LateAt(now_ms_);
  return late ? *std::move(late) : Refuse(kOrder);
}

Trouble WallClock::Late(std::uint64_t by_ms) {
  findings_.late_by_ms = by_ms;
  return MakeTrouble(TroubleKind::kUnsupported,
                     fmt::format("something was {} ms late on a real clock", by_ms), child_);
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
