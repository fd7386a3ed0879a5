#include "conformance/engine/sight.h"

#include <algorithm>
#include <variant>

namespace cmb::conformance::engine {
namespace {

using scenario::Step;
using scenario::Term;

bool IsOfFrames(const Term& term) {
  switch (term.kind) {
    case Term::Kind::kMessage:
    case Term::Kind::kAck:
    case Term::Kind::kPing:
    case Term::Kind::kPong:
    case Term::Kind::kReply:
    case Term::Kind::kAny:
      return true;
    case Term::Kind::kTransition:
    case Term::Kind::kAnomaly:
    case Term::Kind::kAlert:
    case Term::Kind::kExecution:
      return false;
  }
  return false;
}

// Takes out what is not seen. False: nothing is left.
struct Cut {
  bool operator()(const scenario::Expect& look) const { return IsOfFrames(look.what.term); }
  bool operator()(const scenario::Never& look) const { return IsOfFrames(look.what.term); }
  bool operator()(scenario::InOrder& look) const {
    std::erase_if(look.members,
                  [](const scenario::Expectation& member) { return !IsOfFrames(member.term); });
    return !look.members.empty();
  }
  bool operator()(scenario::OneOf& look) const {
    return std::all_of(look.branches.begin(), look.branches.end(), [](const auto& branch) {
      return std::any_of(branch.observations.begin(), branch.observations.end(),
                         [](const Step& step) { return SeenOf(step).has_value(); });
    });
  }
  // A router's attempts are counted from its frames.
  bool operator()(scenario::CheckMessage& look) const {
    scenario::CheckMessage seen;
    seen.aliases = look.aliases;
    seen.attempts = look.attempts;
    look = seen;
    return look.attempts.has_value();
  }
  bool operator()(const scenario::CheckRole&) const { return false; }
  template <class Action>
  bool operator()(const Action&) const {
    return true;
  }
};

}  // namespace

std::optional<Step> SeenOf(const Step& step) {
  Step seen = step;
  return std::visit(Cut{}, seen.action) ? std::optional(std::move(seen)) : std::nullopt;
}

bool IsSeenWhole(const Step& step) { return SeenOf(step) == step; }

std::size_t CountSeen(const scenario::Case& scenario) {
  return static_cast<std::size_t>(std::count_if(
      scenario.steps.begin(), scenario.steps.end(),
      [](const Step& step) { return scenario::IsObservation(step) && SeenOf(step).has_value(); }));
}

}  // namespace cmb::conformance::engine
