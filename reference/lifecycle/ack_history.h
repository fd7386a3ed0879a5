// The ACKs that took effect on a record, with their instants: the first ones and the
// last ones (CMB-INS-011). Spec: chapter model.
//
// Threads: values only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <variant>
#include <vector>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

using SeenAck = std::tuple<AckType, Status, Attempt, Instant>;
using AckHistory = std::vector<SeenAck>;

inline constexpr std::size_t kFirstAcks = 16;
inline constexpr std::size_t kLastAcks = 16;

inline bool IsAnomaly(const Effect& effect) {
  const auto* emit = std::get_if<EmitEvent>(&effect);
  return emit != nullptr && std::holds_alternative<AnomalyEvent>(emit->event);
}

inline bool IsTransition(const Effect& effect) {
  const auto* emit = std::get_if<EmitEvent>(&effect);
  return emit != nullptr && std::holds_alternative<TransitionEvent>(emit->event);
}

// `effects` is all that came of the ACK. One that reconciles takes effect although it is a
// CONFLICT too (CMB-LATE-016). Says whether it was noted.
inline bool NoteIfItTookEffect(AckHistory& history, const AckIn& ack, const Effects& effects,
                               Instant now) {
  if (std::any_of(effects.begin(), effects.end(), IsAnomaly) &&
      std::none_of(effects.begin(), effects.end(), IsTransition)) {
    return false;
  }
  if (history.size() == kFirstAcks + kLastAcks) {
    history.erase(history.begin() + kFirstAcks);
  }
  history.emplace_back(ack.type, ack.status, ack.attempt, now);
  return true;
}

}  // namespace cmb::lifecycle
