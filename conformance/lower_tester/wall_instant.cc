// How one instant is played: what comes before it, at it, and when it is over.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "conformance/control/wait.h"
#include "conformance/lower_tester/wall_clock.h"
#include "conformance/lower_tester/wall_order.h"

namespace cmb::conformance {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{1};
constexpr milliseconds kLongestPause{4};

constexpr std::uint64_t kLateEndMs = 3'000;

}  // namespace

std::int64_t WallNow() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::uint64_t WallClock::TimeOf(std::uint64_t ms) {
  if (ms > now_ms_) {
    drift_ms_ = NextDrift(drift_ms_, words_.scale().grace_ms(), pace_.shrinking);
  }
  return pace_.shrinking ? Real(ms) - std::min(Real(ms), drift_ms_) : Real(ms) + drift_ms_;
}

std::int64_t WallClock::IutNow() const { return WallNow() + ahead_ms_.value_or(0); }

Result<Done> WallClock::Play(std::uint64_t to, control::v1::Fire fire,
                             std::vector<WireMessage> messages) {
  if (auto order = RefuseOrder(to, fire, !messages.empty()); !order) {
    return order;
  }
  const std::uint64_t time = TimeOf(to);
  now_ms_ = to;
  if (auto waited = WaitUntil(time); !waited) {
    return waited;
  }
  if (fire == control::v1::FIRE_BEFORE_FRAMES) {
    if (auto fired = FireAll(to); !fired) {
      return fired;
    }
  }
  if (fire != control::v1::FIRE_AFTER_FRAMES || !messages.empty()) {
    if (auto handed = HandOver(std::move(messages)); !handed) {
      return handed;
    }
  }
  return fire == control::v1::FIRE_AFTER_FRAMES ? FireAll(to) : Result<Done>(Done{});
}

// Before it comes.
Result<Done> WallClock::RefuseOrder(std::uint64_t to, control::v1::Fire fire, bool messages) {
  Request request;
  request.mutable_timers();
  auto reply = Ask(request);
  if (!reply) {
    return std::move(reply).trouble();
  }
  const TimersOfInstant timers = TimersAt(reply->timers(), words_.scale(), to);
  house_at_now_ = timers.behind;
  return NeedsOrder(timers, fire, messages) ? Result<Done>(Refuse(kWallOrder))
                                            : Result<Done>(Done{});
}

// What comes by one connection keeps its order; one after another, so that all does.
Result<Done> WallClock::HandOver(std::vector<WireMessage> messages) {
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
  return AskUntil(now_ms_, [this] { return sockets_->Inline() || last_.received() >= handed_; });
}

Result<Done> WallClock::FireAll(std::uint64_t to) {
  auto fired = AskUntil(to, [this, to] { return !IsTimerLeft(to); });
  due_at_begin_ = due_at_begin_ && !fired;
  return fired;
}

Result<Done> WallClock::AskUntil(std::uint64_t at, const std::function<bool()>& is_done) {
  milliseconds pause = kFirstPause;
  while (true) {
    if (auto report = AskReport(); !report) {
      return std::move(report).trouble();
    }
    if (is_done()) {
      return Done{};
    }
    if (auto late = LateAt(at)) {
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

Trouble WallClock::Late(std::uint64_t by_ms) {
  findings_.late_by_ms = by_ms;
  return MakeTrouble(TroubleKind::kUnsupported,
                     fmt::format("something was {} ms late on a real clock", by_ms), child_);
}

}  // namespace cmb::conformance
