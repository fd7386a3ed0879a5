// Which observations look at nothing but what correct peers bring about.
#include <algorithm>
#include <type_traits>
#include <variant>

#include "conformance/scenario/builder.h"

namespace cmb::conformance::scenario {
namespace {

bool IsPlain(const Message& message) {
  return message.set.empty() && message.corrupt == Harm{} && message.on.empty() &&
         !message.policy_said;
}

bool IsPlain(const AckAct& ack) {
  return ack.by.empty() && !ack.attempt && ack.payload == Payload{} && ack.set.empty() &&
         ack.corrupt == Harm{} && ack.on.empty();
}

bool IsPlainAct(const Step& step, const Case& built) {
  return std::visit(
      [&](const auto& action) {
        using Action = std::decay_t<decltype(action)>;
        if constexpr (std::is_same_v<Action, Send>) {
          return std::all_of(action.aliases.begin(), action.aliases.end(), [&](const auto& alias) {
            const auto message = built.messages.find(alias);
            return message != built.messages.end() && IsPlain(message->second);
          });
        } else if constexpr (std::is_same_v<Action, AckAct>) {
          return IsPlain(action);
        } else if constexpr (std::is_same_v<Action, Resend>) {
          return action.set.empty() && action.corrupt == Harm{} && action.on.empty();
        } else if constexpr (std::is_same_v<Action, Advance>) {
          return action.before_timers.empty();
        } else {
          return std::is_same_v<Action, CancelMessages>;
        }
      },
      step.action);
}

}  // namespace

void MarkPlain(Case& built) {
  // What a feature changes is what its scenarios are about.
  const bool usual = built.faults.empty() && built.needs.empty();
  bool plain = usual;
  bool observed = false;
  for (Step& step : built.steps) {
    if (IsObservation(step)) {
      step.after_plain_acts = plain;
      observed = true;
      continue;
    }
    plain = (plain || observed) && usual && step.repeat == 1 && IsPlainAct(step, built);
    observed = false;
  }
}

}  // namespace cmb::conformance::scenario
