#include "conformance/system/system_bench.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "conformance/engine/case_settings.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::system {
namespace {

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

}  // namespace

SystemBench::SystemBench(std::unique_ptr<Bench> sender, std::unique_ptr<Bench> router,
                         std::unique_ptr<Bench> target, std::unique_ptr<Bench> second_router)
    : parts_{Part(ack::v1::ROLE_SENDER, "sender", 's', std::move(sender)),
             Part(ack::v1::ROLE_ROUTER, kRouterId, 'r', std::move(router)),
             Part(ack::v1::ROLE_TARGET, "target", 't', std::move(target)),
             Part(ack::v1::ROLE_ROUTER, scenario::kSecondRouter, 'q', std::move(second_router))} {}

void SystemBench::Prepare(const scenario::Case& scenario, std::uint64_t seed) {
  scenario_ = &scenario;
  seed_ = seed;
  has_second_ = !scenario.config.second_router.empty();
  layout_ = engine::LayoutOf(scenario);
  aliases_.clear();
  CollectSends(scenario.steps, aliases_);
}

std::vector<FaultCount> SystemBench::Faults() const {
  return pipeline_ ? pipeline_->Counts() : std::vector<FaultCount>();
}

Trouble SystemBench::Named(std::size_t part, Trouble trouble) const {
  const char* const names[] = {
      "the sender: ", "the router: ", "the target: ", "the second router: "};
  trouble.sentence = names[part] + trouble.sentence;
  return trouble;
}

Result<control::v1::Pics> SystemBench::Claims() {
  control::v1::Pics all;
  ack::v1::Profile lowest = ack::v1::PROFILE_DURABLE;
  for (std::size_t i = 0; i < kSecond; ++i) {
    auto claims = parts_[i].Claims();
    if (!claims) {
      return Named(i, claims.trouble());
    }
    lowest = wire::Holds(parts_[i].profile(), lowest) ? lowest : parts_[i].profile();
  }
  all.set_name("system");
  for (const int feature : parts_[kSender].claims().features()) {
    const std::span<const Part> three(parts_.data(), kSecond);
    const bool all_have = std::ranges::all_of(three, [feature](const Part& part) {
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
  for (std::size_t i = 0; i < Count(); ++i) {
    if (i == kSecond) {  // It is the same implementation as the first.
      if (auto claims = parts_[i].Claims(); !claims) {
        return Named(i, claims.trouble());
      }
    }
    if (auto started = parts_[i].StartCase(SettingsOf(i, settings), scenario_->id, seed_);
        !started) {
      return Named(i, started.trouble());
    }
  }
  return Done{};
}

CaseSettings SystemBench::SettingsOf(std::size_t part, const CaseSettings& of_sender) const {
  CaseSettings own = of_sender;
  if (part == kRouter || part == kSecond) {
    own.channels = part == kSecond ? of_sender.other_routers.front().second : of_sender.channels;
    own.other_routers.clear();
  }
  return own;
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

Result<StepResult> SystemBench::JumpPart(const std::string& role, std::int64_t by_ms) {
  StepResult step;
  auto jumped = parts_[IndexOf(role)].JumpWall(by_ms, now_);
  return Finish(Follow(IndexOf(role), std::move(jumped), step), step);
}

Result<StepResult> SystemBench::Disconnect(const std::string& module) {
  return Change(module, false);
}

Result<StepResult> SystemBench::Connect(const std::string& module) { return Change(module, true); }

// With every router.
Result<StepResult> SystemBench::Change(const std::string& module, bool connect) {
  StepResult step;
  for (std::size_t i = kRouter; i < Count(); i += kSecond - kRouter) {
    auto changed = connect ? parts_[i].Connect(module, now_) : parts_[i].Disconnect(module, now_);
    if (auto followed = Follow(i, std::move(changed), step); !followed) {
      return followed.trouble();
    }
  }
  return Finish(Done{}, step);
}

Result<StepResult> SystemBench::Fill(const std::string& module, bool) {
  Trouble trouble;
  trouble.kind = TroubleKind::kUnsupported;
  trouble.sentence = "in a system the queue to " + module + " cannot be filled";
  return trouble;
}

// ---------------------------------------------------------------- the end

Result<Done> SystemBench::EndCase() {
  for (std::size_t i = 0; i < Count(); ++i) {
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
