#include "conformance/system/system_bench.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "conformance/engine/frame_factory.h"
#include "conformance/engine/item.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::system {
namespace {

constexpr std::size_t kSender = 0, kRouter = 1, kTarget = 2;
// Parts that answer each other at one instant for ever must end somewhere.
constexpr int kMostRounds = 10'000;

// The aliases of all sends, in the order in which they are done.
void CollectSends(const std::vector<scenario::Step>& steps, std::vector<std::string>& aliases) {
  for (const scenario::Step& step : steps) {
    if (const auto* send = std::get_if<scenario::Send>(&step.action)) {
      aliases.insert(aliases.end(), send->aliases.begin(), send->aliases.end());
    } else if (const auto* advance = std::get_if<scenario::Advance>(&step.action)) {
      CollectSends(advance->before_timers, aliases);
      CollectSends(advance->after_timers, aliases);
    }
  }
}

// What the engine hears of the router and the target: which works were started.
void TakeExecutions(const std::vector<Exchange>& exchanges, StepResult& step) {
  for (const Exchange& exchange : exchanges) {
    Exchange heard;
    heard.reply.set_now_ms(exchange.reply.now_ms());
    for (const ack::v1::Event& event : exchange.reply.events()) {
      if (event.has_execution()) {
        *heard.reply.add_events() = event;
      }
    }
    if (heard.reply.events_size() > 0) {
      step.exchanges.push_back(std::move(heard));
    }
  }
}

std::size_t IndexOf(const std::string& module) {
  return module == "sender" ? kSender : module == "target" ? kTarget : kRouter;
}

}  // namespace

SystemBench::SystemBench(std::unique_ptr<Bench> sender, std::unique_ptr<Bench> router,
                         std::unique_ptr<Bench> target)
    : parts_{Part(ack::v1::ROLE_SENDER, std::move(sender)),
             Part(ack::v1::ROLE_ROUTER, std::move(router)),
             Part(ack::v1::ROLE_TARGET, std::move(target))} {}

void SystemBench::Prepare(const scenario::Case& scenario, std::uint64_t seed) {
  scenario_ = &scenario;
  seed_ = seed;
  aliases_.clear();
  CollectSends(scenario.steps, aliases_);
}

std::vector<FaultCount> SystemBench::Faults() const {
  return pipeline_ ? pipeline_->Counts() : std::vector<FaultCount>();
}

Trouble SystemBench::Named(std::size_t part, Trouble trouble) const {
  const char* const names[] = {"the sender: ", "the router: ", "the target: "};
  trouble.sentence = names[part] + trouble.sentence;
  return trouble;
}

Result<control::v1::Pics> SystemBench::Claims() {
  control::v1::Pics all;
  ack::v1::Profile lowest = ack::v1::PROFILE_DURABLE;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    auto claims = parts_[i].Claims();
    if (!claims) {
      return Named(i, claims.trouble());
    }
    lowest = std::min(lowest, parts_[i].profile());
  }
  all.set_name("system");
  for (const int feature : parts_[kSender].claims().features()) {
    const bool all_have = std::ranges::all_of(parts_, [feature](const Part& part) {
      const auto& own = part.claims().features();
      return std::find(own.begin(), own.end(), feature) != own.end();
    });
    if (all_have) {
      all.add_features(static_cast<ack::v1::Feature>(feature));
    }
  }
  if (lowest != ack::v1::PROFILE_UNSPECIFIED) {
    control::v1::RoleClaim& claim = *all.add_roles();
    claim.set_role(ack::v1::ROLE_SENDER);
    claim.set_profile(lowest);
  }
  return all;
}

Result<Done> SystemBench::StartCase(const CaseSettings& settings) {
  queue_ = {};
  sends_ = 0;
  begin_ = now_ = FromMs(settings.settings.now_ms());
  book_.emplace();
  pipeline_.emplace(*scenario_, *book_, engine::RandomSource(seed_, scenario_->id),
                    [this](NoteKind kind, const std::string& sentence) {
                      parts_[kSender].Note(kind, sentence, now_, nullptr);
                    });
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (auto started = parts_[i].StartCase(settings, scenario_->id, seed_); !started) {
      return Named(i, started.trouble());
    }
  }
  return Done{};
}

// ---------------------------------------------------------------- the links

void SystemBench::SendOn(std::size_t to, const WireMessage& message,
                         const engine::Crossing& crossing) {
  const auto arrive = [this, to, message](std::uint64_t delay_ms, const scenario::Harm& harm) {
    WireMessage copy = message;
    copy.frames = engine::Harmed(std::move(copy.frames), harm);
    queue_.Schedule(FromMs(ToMs(now_) + delay_ms), {to, std::move(copy)});
  };
  if (crossing.header == nullptr) {
    arrive(0, {});
  } else {
    pipeline_->Cross(crossing, ToMs(now_) - ToMs(begin_), arrive);
  }
}

void SystemBench::Cross(std::size_t from, const WireMessage& message) {
  const auto decoded = wire::Decode(message.frames);
  const auto* frame = std::get_if<wire::Decoded>(&decoded);
  const auto type = frame == nullptr ? ack::v1::MSG_TYPE_UNSPECIFIED : frame->header.msg_type();
  if (type == ack::v1::MSG_TYPE_PING || type == ack::v1::MSG_TYPE_PONG) {
    return;  // The bench of the part answers these.
  }
  engine::Crossing crossing;
  crossing.header = frame == nullptr ? nullptr : &frame->header;
  WireMessage on = message;
  if (from != kRouter) {
    crossing.link = on.peer = parts_[from].module_id();
    crossing.toward = "router";
    return SendOn(kRouter, on, crossing);
  }
  if (message.peer == "sender" || message.peer == "target") {
    crossing.link = crossing.toward = message.peer;
    on.peer = kRouterId;
    SendOn(IndexOf(message.peer), on, crossing);
  }
}

Result<Done> SystemBench::Follow(std::size_t from, Result<StepResult> result, StepResult& step) {
  if (!result) {
    return Named(from, result.trouble());
  }
  for (const Exchange& exchange : result->exchanges) {
    for (const WireMessage& message : exchange.received) {
      Cross(from, message);
    }
  }
  if (from == kSender) {
    std::move(result->exchanges.begin(), result->exchanges.end(),
              std::back_inserter(step.exchanges));
  } else {
    TakeExecutions(result->exchanges, step);
  }
  return Done{};
}

// ---------------------------------------------------------------- the clock

std::optional<NextDeadline> SystemBench::next_deadline() const {
  std::optional<NextDeadline> next;
  const auto take = [&next](const NextDeadline& other) {
    if (!next || (next->housekeeping && !other.housekeeping) ||
        (next->housekeeping == other.housekeeping && other.at < next->at)) {
      next = other;
    }
  };
  if (const auto arrival = queue_.Next()) {
    take({*arrival, false});
  }
  for (const Part& part : parts_) {
    if (const auto own = part.next_deadline()) {
      take(*own);
    }
  }
  return next;
}

Result<Done> SystemBench::Deliver(VirtualTime at, StepResult& step) {
  std::array<std::vector<WireMessage>, 3> due;
  while (auto arrival = queue_.TakeDue(at)) {
    due[arrival->to].push_back(std::move(arrival->message));
  }
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (due[i].empty()) {
      continue;
    }
    if (auto followed = Follow(i, parts_[i].Take(due[i], at), step); !followed) {
      return followed;
    }
  }
  return Done{};
}

Result<Done> SystemBench::FireDue(VirtualTime at, StepResult& step, bool& did) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].IsDue(at)) {
      continue;
    }
    did = true;
    auto fired = parts_[i].Advance(at, control::v1::FIRE_AFTER_FRAMES);
    if (auto followed = Follow(i, std::move(fired), step); !followed) {
      return followed;
    }
  }
  return Done{};
}

// Housekeeping of parts that nothing came to.
Result<Done> SystemBench::CatchUp(VirtualTime at, StepResult& step) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].is_down() || parts_[i].bench().now() >= at) {
      continue;
    }
    auto moved = parts_[i].Advance(at, control::v1::FIRE_NONE);
    if (auto followed = Follow(i, std::move(moved), step); !followed) {
      return followed;
    }
  }
  return Done{};
}

Result<StepResult> SystemBench::Finish(const Result<Done>& done, StepResult& step) {
  if (!done) {
    return done.trouble();
  }
  step.now = now_;
  step.next_deadline = next_deadline();
  return std::move(step);
}

Result<StepResult> SystemBench::Advance(VirtualTime to, control::v1::Fire fire) {
  now_ = to;
  StepResult step;
  for (int round = 0; round < kMostRounds; ++round) {
    if (queue_.Next() && *queue_.Next() <= to) {
      if (auto delivered = Deliver(to, step); !delivered) {
        return delivered.trouble();
      }
      continue;
    }
    bool did = false;
    if (fire != control::v1::FIRE_NONE) {
      if (auto fired = FireDue(to, step, did); !fired) {
        return fired.trouble();
      }
    }
    if (!did) {
      return Finish(CatchUp(to, step), step);
    }
  }
  Trouble restless;
  restless.sentence = "the instant " + std::to_string(ToMs(to)) + " ms never came to rest";
  return restless;
}

// ---------------------------------------------------------------- acts

void SystemBench::LearnSend(const std::string& message_id) {
  if (sends_ == aliases_.size()) {
    return;
  }
  const std::string& alias = aliases_[sends_++];
  if (message_id.empty()) {
    return;  // It was refused.
  }
  engine::Known& known = book_->Entry(alias);
  known.fields = &scenario_->messages.at(alias);
  book_->Name(known, message_id, "sender");
}

Result<StepResult> SystemBench::Request(const control::v1::Request& request) {
  const std::size_t of = request.has_script_execution() ? kTarget : kSender;
  if (parts_[of].is_down()) {
    return StepResult{};  // A script; it is told again when the target has started.
  }
  auto result = parts_[of].Request(request, now_);
  if (!result) {
    return Named(of, result.trouble());
  }
  StepResult step;
  step.message_id = result->message_id;
  if (request.has_send()) {
    LearnSend(step.message_id);
  }
  if (of == kTarget) {  // The reply is the engine's.
    step.exchanges = result->exchanges;
    return Finish(Done{}, step);
  }
  return Finish(Follow(of, std::move(result), step), step);
}

Result<Done> SystemBench::Inject(const WireMessage& message) {
  queue_.Schedule(now_, {kRouter, message});
  return Done{};
}

bool SystemBench::Reaches(const WireMessage& message) const {
  return !parts_[kRouter].is_down() && parts_[kRouter].bench().Reaches(message);
}

Result<Done> SystemBench::Crash() { return CrashPart("sender"); }

Result<StepResult> SystemBench::Start(VirtualTime now, std::int64_t wall_jump_ms) {
  now_ = now;
  StepResult step;
  auto started = parts_[kSender].Start(now, wall_jump_ms);
  return Finish(Follow(kSender, std::move(started), step), step);
}

Result<Done> SystemBench::CrashPart(const std::string& role) {
  auto crashed = parts_[IndexOf(role)].Crash(now_);
  return crashed ? std::move(crashed) : Result<Done>(Named(IndexOf(role), crashed.trouble()));
}

Result<StepResult> SystemBench::StartPart(const std::string& role, VirtualTime now) {
  now_ = now;
  StepResult step;
  auto started = parts_[IndexOf(role)].Start(now, 0);
  return Finish(Follow(IndexOf(role), std::move(started), step), step);
}

Result<StepResult> SystemBench::Disconnect(const std::string& module) {
  StepResult step;
  return Finish(Follow(kRouter, parts_[kRouter].Disconnect(module, now_), step), step);
}

Result<StepResult> SystemBench::Connect(const std::string& module) {
  StepResult step;
  return Finish(Follow(kRouter, parts_[kRouter].Connect(module, now_), step), step);
}

Result<StepResult> SystemBench::Fill(const std::string& module, bool) {
  Trouble trouble;
  trouble.kind = TroubleKind::kUnsupported;
  trouble.sentence = "in a system the queue to " + module + " cannot be filled";
  return trouble;
}

// ---------------------------------------------------------------- the end

Result<Done> SystemBench::EndCase() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (auto ended = parts_[i].bench().EndCase(); !ended) {
      return Named(i, ended.trouble());
    }
  }
  return Done{};
}

Result<Done> SystemBench::Leave() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (auto left = parts_[i].bench().Leave(); !left) {
      return Named(i, left.trouble());
    }
  }
  return Done{};
}

void SystemBench::Discard() {
  for (Part& part : parts_) {
    part.bench().Discard();
  }
}

std::string SystemBench::IutStderr() {
  std::string all;
  for (Part& part : parts_) {
    if (const std::string own = part.bench().IutStderr(); !own.empty()) {
      all += "(" + part.module_id() + ")\n" + own;
    }
  }
  return all;
}

}  // namespace cmb::conformance::system
