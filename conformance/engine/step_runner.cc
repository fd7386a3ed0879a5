#include "conformance/engine/step_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "conformance/engine/describe.h"
#include "conformance/engine/sight.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Level;
using scenario::Step;

// Bound of `advance: until quiet` (scenario language, section 5).
constexpr std::uint64_t kQuietBoundMs = 24ULL * 60 * 60 * 1'000;

Place PlaceOf(const scenario::Where& where) { return {where.file, where.line, where.column}; }

bool IsWatch(const Step& step) {
  const auto* never = std::get_if<scenario::Never>(&step.action);
  return never != nullptr && !never->during;
}

}  // namespace

StepRunner::StepRunner(const scenario::Case& scenario, const PicsGate& pics, Actor& actor,
                       Observer& observer, Recorder& recorder, Timeline& timeline, Window& window,
                       const MessageBook& book, CaseResult& result, bool frames_only)
    : scenario_(scenario),
      pics_(pics),
      actor_(actor),
      observer_(observer),
      recorder_(recorder),
      timeline_(timeline),
      window_(window),
      book_(book),
      result_(result),
      frames_only_(frames_only) {}

// The row that asks for it, where the step does not say who: but after acts that are odd in some
// way, what the scenario is about.
std::string StepRunner::Blame(const Step& step, const Difference& difference) const {
  const std::string& row = difference.row;
  const auto& listed = scenario_.requirements;
  const bool rightly = step.after_plain_acts || difference.scripted ||
                       std::find(listed.begin(), listed.end(), row) != listed.end();
  // A move that was made and not told is that, whatever the step is about.
  const bool said = step.says_requirement && difference.instead_of.empty();
  return row.empty() || said || !rightly ? step.requirement : row;
}

Miss StepRunner::MissOf(const Step& step, const Difference& difference) const {
  Miss miss;
  miss.place = PlaceOf(step.where);
  miss.moment = difference.moment.value_or(timeline_.here());
  miss.requirement = Blame(step, difference);
  miss.row = difference.row;
  miss.about = miss.requirement == step.requirement ? "" : step.requirement;
  miss.step = step.source_text;
  miss.want = difference.want;
  miss.got = difference.got;
  miss.window = DescribeWindow(window_, book_);
  return miss;
}

// What is above the level that the IUT declares may come or not, and is told.
Level StepRunner::LevelOf(const Step& step) const {
  const bool is_free = step.is_above_core && !wire::Holds(pics_.profile(), ack::v1::PROFILE_BASIC);
  return is_free ? Level::kMay : step.level;
}

void StepRunner::File(const Step& step, const Look& look) {
  switch (LevelOf(step)) {
    case Level::kMust:
      if (look.difference) {
        result_.misses.push_back(MissOf(step, *look.difference));
      }
      return;
    case Level::kShould:
      if (look.difference) {
        result_.advice.push_back(MissOf(step, *look.difference));
      }
      return;
    case Level::kMay:
      result_.may.push_back(
          {step.requirement, step.source_text, !look.difference, PlaceOf(step.where)});
      return;
  }
}

void StepRunner::CheckWatches() {
  for (Watch& watch : watches_) {
    const auto& what = std::get<scenario::Never>(watch.step->action).what;
    const auto index = observer_.FindForbidden(what, watch.checked);
    watch.checked = window_.end();
    if (index && !Failed()) {
      File(*watch.step, {std::nullopt, observer_.Forbidden(what, *index)});
    }
  }
}

Look StepRunner::TryBranch(const scenario::Branch& branch) {
  for (const Step& step : branch.observations) {
    if (!pics_.Holds(step.when)) {
      continue;
    }
    ++result_.steps_run;
    const Look look = frames_only_ ? LookAtFrames(step) : LookAt(step);
    if (look.halt || (look.difference && LevelOf(step) == Level::kMust)) {
      return look;
    }
    File(step, look);
    if (IsWatch(step)) {
      watches_.push_back({&step, window_.end()});
    }
  }
  return Holds();
}

Look StepRunner::Choose(const Step& step, const scenario::OneOf& one_of) {
  Difference nearest;
  for (const scenario::Branch& branch : one_of.branches) {
    const std::size_t mark = window_.Mark();
    const auto advice = result_.advice.size();
    const auto may = result_.may.size();
    const auto watches = watches_.size();
    const Look look = TryBranch(branch);
    if (look.holds()) {
      result_.choices.push_back({one_of.choice, branch.label, PlaceOf(step.where)});
      return Holds();
    }
    if (look.halt) {
      return look;
    }
    // What a branch that does not hold has seen counts for nothing.
    window_.Rollback(mark);
    result_.advice.resize(advice);
    result_.may.resize(may);
    watches_.resize(watches);
    const std::string separator = nearest.want.empty() ? "" : "\n";
    nearest.want += separator + branch.label + ": " + look.difference->want;
    nearest.got += separator + branch.label + ": " + look.difference->got;
  }
  return {std::nullopt, std::move(nearest)};
}

Look StepRunner::LookAt(const Step& step) {
  return std::visit(
      [&](const auto& action) -> Look {
        using Action = std::decay_t<decltype(action)>;
        constexpr bool kObserved = std::is_same_v<Action, scenario::Expect> ||
                                   std::is_same_v<Action, scenario::ExpectNothing> ||
                                   std::is_same_v<Action, scenario::Never> ||
                                   std::is_same_v<Action, scenario::InOrder> ||
                                   std::is_same_v<Action, scenario::CheckMessage> ||
                                   std::is_same_v<Action, scenario::CheckFrame> ||
                                   std::is_same_v<Action, scenario::CheckRole>;
        if constexpr (kObserved) {
          return observer_.At(action);
        } else if constexpr (std::is_same_v<Action, scenario::OneOf>) {
          return Choose(step, action);
        } else {
          return Halts(
              {Verdict::kHarnessError, "`" + step.source_text + "` is no observation", ""});
        }
      },
      step.action);
}

Look StepRunner::LookAtFrames(const Step& step) {
  result_.not_observed += IsSeenWhole(step) ? 0 : 1;
  if (const auto seen = SeenOf(step)) {
    return LookAt(*seen);
  }
  if (const auto* expect = std::get_if<scenario::Expect>(&step.action)) {
    return observer_.Wait(*expect);
  }
  const auto* never = std::get_if<scenario::Never>(&step.action);
  return never == nullptr ? Holds() : observer_.At(*never);
}

MaybeHalt StepRunner::Observe(const Step& step) {
  window_.BeginObservation();
  const Look look = frames_only_ ? LookAtFrames(step) : LookAt(step);
  // What a watch forbids came before anything that is still missing now.
  CheckWatches();
  if (look.halt || Failed()) {
    return look.halt;
  }
  File(step, look);
  if (IsWatch(step)) {
    watches_.push_back({&step, window_.end()});
  }
  return std::nullopt;
}

MaybeHalt StepRunner::RunUntilQuiet(const Step& step) {
  const std::uint64_t bound_ms = timeline_.now_ms() + kQuietBoundMs;
  while (const auto next = timeline_.NextEventMs()) {
    if (*next > bound_ms) {
      File(step, Differs("quiet within 24h",
                         "never came to rest: something is due at " + DurationText(*next)));
      return std::nullopt;
    }
    if (auto halt = timeline_.MoveTo(*next)) {
      return halt;
    }
  }
  return std::nullopt;
}

MaybeHalt StepRunner::RunActs(const std::vector<Step>& acts, Timers timers) {
  for (const Step& act : acts) {
    if (!pics_.Holds(act.when)) {
      continue;
    }
    ++result_.steps_run;
    if (auto halt = actor_.Do(act, timers)) {
      return halt;
    }
  }
  return std::nullopt;
}

MaybeHalt StepRunner::RunAdvance(const Step& step, const scenario::Advance& advance) {
  if (advance.until_quiet) {
    return RunUntilQuiet(step);
  }
  const auto by_ms = static_cast<std::uint64_t>(advance.by.count());
  const bool acts = scenario::HasActs(advance);
  const auto never = [] { return false; };
  auto halt =
      timeline_.MoveTo(timeline_.now_ms() + by_ms, never, acts ? Timers::kHold : Timers::kFire);
  halt = halt ? halt : RunActs(advance.before_timers, Timers::kHold);
  halt = halt ? halt : RunActs(advance.after_timers, Timers::kFireFirst);
  return halt || !acts ? halt : timeline_.PlayInstant(Timers::kFire);
}

MaybeHalt StepRunner::RunStep(const Step& step) {
  ++result_.steps_run;
  if (scenario::IsObservation(step)) {
    return Observe(step);
  }
  window_.BeginAct();
  const auto* advance = std::get_if<scenario::Advance>(&step.action);
  auto halt = advance != nullptr ? RunAdvance(step, *advance) : actor_.Do(step);
  CheckWatches();
  return halt;
}

MaybeHalt StepRunner::Run() {
  for (std::size_t i = 0; i < scenario_.steps.size() && !Failed(); ++i) {
    const Step& step = scenario_.steps[i];
    step_ = &step;
    if (!pics_.Holds(step.when)) {
      continue;
    }
    recorder_.SetStep(static_cast<int>(i));
    recorder_.MarkStep(step.where.line, step.source_text, timeline_.now_ms());
    if (auto halt = RunStep(step)) {
      return halt;
    }
  }
  return std::nullopt;
}

}  // namespace cmb::conformance::engine
