#include "conformance/engine/timeline.h"

#include <fmt/format.h>

#include <utility>

namespace cmb::conformance::engine {
namespace {

// Peers of the suite and an IUT that answer each other at one instant for ever
// must end somewhere; the largest instant of a sane case has a few thousand.
constexpr int kMostPlaysOfOneInstant = 10'000;

// Of what the IUT sends and tells in one case, eight times what the longest scenario brings: one
// that never comes to rest must not take the suite's memory.
constexpr std::size_t kMostItemsOfCase = 50'000;

}  // namespace

Timeline::Timeline(Bench& bench, Recorder& recorder, Window& window)
    : bench_(bench), recorder_(recorder), window_(window), now_(bench.now()) {}

void Timeline::Schedule(std::uint64_t delay_ms, std::vector<WireMessage> frames) {
  queue_.Schedule(FromMs(now_ms() + delay_ms), Due{std::move(frames), {}});
}

void Timeline::Schedule(std::uint64_t delay_ms, std::function<void()> act) {
  queue_.Schedule(FromMs(now_ms() + delay_ms), Due{{}, std::move(act)});
}

std::optional<VirtualTime> Timeline::Deadline() const {
  const auto next = bench_.next_deadline();
  if (!next || next->housekeeping) {
    return std::nullopt;
  }
  return next->at;
}

bool Timeline::DeadlineDue(VirtualTime at) const {
  const auto deadline = Deadline();
  return deadline && *deadline <= at;
}

std::optional<std::uint64_t> Timeline::NextEventMs() const {
  const VirtualTime next = NextStop(now_, kEndOfTime, queue_.Next(), Deadline());
  return next == kEndOfTime ? std::nullopt : std::optional(ToMs(next));
}

void Timeline::TakeItems(std::vector<Item> items) {
  // The answer to a redrive names the message that may stand before it in the same exchange.
  for (const bool replies : {true, false}) {
    for (const Item& item : items) {
      if (hear_ && (item.kind == ItemKind::kReply) == replies) {
        hear_(item);
      }
    }
  }
  for (Item& item : items) {
    window_.Add(std::move(item));
  }
}

void Timeline::Take(const std::vector<Exchange>& exchanges) {
  for (const Exchange& exchange : exchanges) {
    std::vector<Item> items = recorder_.Record(exchange);
    items_ += items.size();
    TakeItems(std::move(items));
  }
}

// What was recorded is whole, and says whose fault it is.
Halt Timeline::Restless(std::string sentence) const {
  Halt halt;
  halt.verdict = Verdict::kHarnessError;
  halt.reason = std::move(sentence);
  halt.transcript_whole = true;
  return halt;
}

MaybeHalt Timeline::Advance(VirtualTime at, control::v1::Fire fire) {
  ++advances_;
  auto result = bench_.Advance(at, fire);
  if (!result) {
    return HaltOf(result.trouble());
  }
  Take(result->exchanges);
  if (items_ > kMostItemsOfCase) {
    return Restless(fmt::format("the IUT sent and told more than {} things by {} ms, and goes on",
                                kMostItemsOfCase, now_ms()));
  }
  return std::nullopt;
}

MaybeHalt Timeline::Inject(const std::vector<WireMessage>& frames, bool& any) {
  for (const WireMessage& frame : frames) {
    if (!bench_.Reaches(frame)) {
      recorder_.Note(NoteKind::kLost, down_ ? "the IUT is down" : "no connection", now_ms(),
                     &frame);
      continue;
    }
    if (auto injected = bench_.Inject(frame); !injected) {
      return HaltOf(injected.trouble());
    }
    any = true;
  }
  return std::nullopt;
}

MaybeHalt Timeline::PlayDue(Due due, VirtualTime at, Timers timers) {
  if (due.act) {
    due.act();
    return std::nullopt;
  }
  bool any = false;
  if (auto halt = Inject(due.frames, any)) {
    return halt;
  }
  if (!any && !due.frames.empty()) {
    return std::nullopt;
  }
  if (timers == Timers::kFireFirst) {
    return Advance(at, control::v1::FIRE_BEFORE_FRAMES);
  }
  // Frames go first: timers wait while another frame of this instant does.
  const bool more = queue_.Next() && *queue_.Next() <= at;
  const bool hold = timers == Timers::kHold || more || DeadlineDue(at);
  return Advance(at, hold ? control::v1::FIRE_NONE : control::v1::FIRE_AFTER_FRAMES);
}

MaybeHalt Timeline::PlayAt(VirtualTime at, Timers timers) {
  now_ = at;
  for (int plays = 0; plays < kMostPlaysOfOneInstant; ++plays) {
    MaybeHalt halt;
    if (auto due = queue_.TakeDue(at)) {
      halt = PlayDue(std::move(*due), at, timers);
    } else if (timers != Timers::kHold && DeadlineDue(at)) {
      halt = Advance(at, control::v1::FIRE_AFTER_FRAMES);
    } else if (!down_ && bench_.now() < at) {
      halt = Advance(
          at, timers == Timers::kHold ? control::v1::FIRE_NONE : control::v1::FIRE_AFTER_FRAMES);
    } else {
      return std::nullopt;
    }
    if (halt) {
      return halt;
    }
  }
  return Restless(fmt::format("the instant {} ms never came to rest in {} advances", ToMs(at),
                              kMostPlaysOfOneInstant));
}

MaybeHalt Timeline::PlayInstant(Timers timers) { return PlayAt(now_, timers); }

MaybeHalt Timeline::MoveTo(std::uint64_t goal_ms, const std::function<bool()>& stop,
                           Timers at_goal) {
  const VirtualTime goal = FromMs(goal_ms);
  while (true) {
    const VirtualTime next = NextStop(now_, goal, queue_.Next(), Deadline());
    const bool last = next >= goal;
    if (auto halt = PlayAt(next, last ? at_goal : Timers::kFire)) {
      return halt;
    }
    if (last || stop()) {
      return std::nullopt;
    }
  }
}

MaybeHalt Timeline::Crash(const std::string& part) {
  if (!part.empty()) {
    recorder_.Note(NoteKind::kOther, part + " crashes", now_ms());
    auto crashed = bench_.CrashPart(part);
    return crashed ? MaybeHalt() : HaltOf(crashed.trouble());
  }
  if (auto crashed = bench_.Crash(); !crashed) {
    return HaltOf(crashed.trouble());
  }
  down_ = true;
  recorder_.Crashed(now_ms());
  return std::nullopt;
}

MaybeHalt Timeline::Start(const std::string& part) {
  if (!part.empty()) {
    recorder_.Note(NoteKind::kOther, part + " starts", now_ms());
    return TakeChange(bench_.StartPart(part, now_));
  }
  auto started = bench_.Start(now_, std::exchange(wall_jump_ms_, 0));
  if (!started) {
    return HaltOf(started.trouble());
  }
  down_ = false;
  std::vector<Exchange>& exchanges = started->exchanges;
  if (!exchanges.empty()) {
    TakeItems(recorder_.Started(exchanges.front()));
    exchanges.erase(exchanges.begin());
  }
  Take(exchanges);
  return std::nullopt;
}

MaybeHalt Timeline::JumpWall(const std::string& part, std::int64_t by_ms) {
  if (!part.empty()) {
    return TakeChange(bench_.JumpPart(part, by_ms));
  }
  wall_jump_ms_ += by_ms;
  if (down_) {
    recorder_.Note(NoteKind::kOther, fmt::format("the wall clock jumps by {} ms", by_ms), now_ms());
    return std::nullopt;
  }
  control::v1::Request request;
  request.mutable_wall_jump()->set_by_ms(by_ms);
  control::v1::Reply reply;
  return Request(request, reply);
}

MaybeHalt Timeline::TakeChange(Result<StepResult> change) {
  if (!change) {
    return HaltOf(change.trouble());
  }
  for (const Exchange& exchange : change->exchanges) {
    // What was only PINGed and answered is no part of the case.
    if (!exchange.received.empty() || exchange.reply.events_size() > 0) {
      TakeItems(recorder_.Record(exchange));
    }
  }
  return std::nullopt;
}

MaybeHalt Timeline::Disconnect(const std::string& module) {
  recorder_.Note(NoteKind::kOther, module + " disconnects", now_ms());
  return TakeChange(bench_.Disconnect(module));
}

MaybeHalt Timeline::Connect(const std::string& module) {
  recorder_.Note(NoteKind::kOther, module + " connects", now_ms());
  return TakeChange(bench_.Connect(module));
}

MaybeHalt Timeline::Fill(const std::string& module, bool full) {
  recorder_.Note(NoteKind::kOther, module + (full ? " takes no more" : " takes more again"),
                 now_ms());
  return TakeChange(bench_.Fill(module, full));
}

MaybeHalt Timeline::Request(const control::v1::Request& request, control::v1::Reply& reply,
                            const std::function<void(const StepResult&)>& before_items) {
  auto result = bench_.Request(request);
  if (!result) {
    return HaltOf(result.trouble());
  }
  if (before_items) {
    before_items(*result);
  }
  if (!result->exchanges.empty()) {
    reply = result->exchanges.front().reply;
  }
  Take(result->exchanges);
  return std::nullopt;
}

}  // namespace cmb::conformance::engine
