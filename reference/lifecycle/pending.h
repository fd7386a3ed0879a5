// How many records of one core stand in each state that is not terminal, kept with every
// change: metrics ask at every turn of a loop.
//
// Threads: its core's. Spec: chapter observability, metrics.
#pragma once

#include <cstddef>
#include <map>

#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

class Pending {
 public:
  // A record changes from one state into another. States in which nothing is awaited, and
  // those of what was no record before, are not counted.
  void Move(State from, State to) {
    if (IsCounted(from)) {
      --by_state_[from];
    }
    if (IsCounted(to)) {
      ++by_state_[to];
    }
  }

  // A state that any record was ever in stays, with 0.
  const std::map<State, std::size_t>& by_state() const { return by_state_; }

 private:
  static bool IsCounted(State state) {
    return state == State::kSendPending || state == State::kRouted || state == State::kDelivered ||
           state == State::kReceived || state == State::kExecuting;
  }

  std::map<State, std::size_t> by_state_;
};

}  // namespace cmb::lifecycle
