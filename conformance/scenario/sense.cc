// What a whole case must make sense of: it observes something, no `never`
// proves only its own instant, wall time is not asked for what only virtual
// time can give.
#include <algorithm>
#include <variant>

#include "conformance/scenario/builder.h"

namespace cmb::conformance::scenario {
namespace {

template <class Action>
const Action* As(const Step& step) {
  return std::get_if<Action>(&step.action);
}

// Whether something can still happen after a `never` because of this step.
bool GoesOn(const Step& step) {
  if (!IsObservation(step)) {
    return true;
  }
  const auto* expect = As<Expect>(step);
  const auto* nothing = As<ExpectNothing>(step);
  const auto* never = As<Never>(step);
  return (expect != nullptr && expect->in) || (nothing != nullptr && nothing->during) ||
         (never != nullptr && never->during);
}

void CheckNevers(const std::vector<Step>& steps, bool goes_on_after, Report& report) {
  bool goes_on = goes_on_after;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const auto* never = As<Never>(*step);
    if (never != nullptr && !never->during && !goes_on) {
      report.Error(step->where, ErrorNumber::kSense,
                   "this never proves only this instant: write for: T, or act or move the clock "
                   "after it");
    }
    if (const auto* one_of = As<OneOf>(*step)) {
      for (const Branch& branch : one_of->branches) {
        CheckNevers(branch.observations, goes_on, report);
      }
    }
    goes_on = goes_on || GoesOn(*step);
  }
}

// The step that only virtual time can execute, or null.
const Step* NeedsVirtualTime(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    const auto* advance = As<Advance>(step);
    const auto* message = As<CheckMessage>(step);
    const auto* role = As<CheckRole>(step);
    if (As<WallJump>(step) != nullptr || (advance != nullptr && HasActs(*advance)) ||
        (message != nullptr && message->timers) ||
        (role != nullptr && (role->no_deadline || role->next_deadline))) {
      return &step;
    }
    if (const auto* one_of = As<OneOf>(step)) {
      for (const Branch& branch : one_of->branches) {
        if (const Step* inner = NeedsVirtualTime(branch.observations)) {
          return inner;
        }
      }
    }
  }
  return nullptr;
}

}  // namespace

bool IsObservation(const Step& step) {
  return As<Expect>(step) != nullptr || As<ExpectNothing>(step) != nullptr ||
         As<Never>(step) != nullptr || As<InOrder>(step) != nullptr || As<OneOf>(step) != nullptr ||
         As<CheckMessage>(step) != nullptr || As<CheckFrame>(step) != nullptr ||
         As<CheckRole>(step) != nullptr;
}

void CheckSense(Case& built, Report& report) {
  if (std::none_of(built.steps.begin(), built.steps.end(), IsObservation)) {
    report.Error(built.where, ErrorNumber::kSense,
                 built.id +
                     " observes nothing: without expect, in_order, never, check, one_of or "
                     "outcome it could not fail");
  }
  CheckNevers(built.steps, false, report);
  CheckOutages(built, report);
  CheckPossible(built, report);
  const Step* needs_virtual = NeedsVirtualTime(built.steps);
  if (needs_virtual != nullptr && built.clock == Clock::kWall) {
    report.Error(needs_virtual->where, ErrorNumber::kSense,
                 "only virtual time can do this, and the document says clock: wall");
  }
  if (needs_virtual != nullptr) {
    built.clock = Clock::kVirtual;
  }
}

}  // namespace cmb::conformance::scenario
