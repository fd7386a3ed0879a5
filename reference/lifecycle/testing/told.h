// What a core tells of its records agrees with what it says of them when asked. Header-only; used
// by the lives of all three cores.
#pragma once

#include <rapidcheck.h>

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/pending.h"
#include "reference/lifecycle/record.h"

namespace cmb::lifecycle::testing {

inline void AgreesWith(const TransitionEvent& change, const RecordView& record, Instant now) {
  RC_ASSERT(change.role == record.role);
  RC_ASSERT(change.target == record.target && change.channel == record.channel);
  RC_ASSERT(change.reason == record.reason && change.code == record.code);
  RC_ASSERT(change.note == record.note && change.certainty == record.certainty);
  RC_ASSERT(change.at == now && record.changed == now);
  // At a target several messages share a record; a sender sends once it has one.
  const bool differs = change.role == Role::kTarget || change.reason == Reason::kSend;
  RC_ASSERT(differs || change.attempt == record.attempt);
  RC_ASSERT(change.retry_count == (change.attempt > 0 ? change.attempt - 1 : 0));
}

// The last change of each record in one call; `find` gives the record.
template <typename Find>
void ChangesAgree(const Effects& effects, Instant now, Find find) {
  for (const Effect& effect : effects) {
    const auto* emit = std::get_if<EmitEvent>(&effect);
    const auto* change = emit != nullptr ? std::get_if<TransitionEvent>(&emit->event) : nullptr;
    const std::optional<RecordView> record = change != nullptr ? find(change->key) : std::nullopt;
    if (record && record->state == change->new_state) {
      AgreesWith(*change, *record, now);
    }
  }
}

// `states`: of each record one.
inline void CountsAgree(const Pending& pending, const std::vector<State>& states) {
  Pending counted;
  for (const State state : states) {
    counted.Move(State::kUnspecified, state);
  }
  for (const auto& [state, count] : pending.by_state()) {
    const auto found = counted.by_state().find(state);
    RC_ASSERT(count == (found == counted.by_state().end() ? 0u : found->second));
  }
  for (const auto& [state, count] : counted.by_state()) {
    RC_ASSERT(pending.by_state().contains(state));
  }
}

}  // namespace cmb::lifecycle::testing
