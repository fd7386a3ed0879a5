// Anything with timers that must fire in one common order: a role's shell, the
// scripts of the harness. Those who run it ask for the next deadline, wait
// however they like, and fire what is due, one timer a call.
//
// Threads: one owner. Spec: chapter "Timers and retry".
#pragma once

#include <optional>
#include <vector>

#include "reference/lifecycle/timers.h"

namespace cmb::reference {

class TimerSource {
 public:
  virtual ~TimerSource() = default;

  // The first timer of the class in firing order; none: nothing is armed.
  virtual std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const = 0;

  // Every armed timer.
  virtual std::vector<lifecycle::Timer> Timers() const = 0;

  // Fires the first timer of the class if it is due now. False: none was.
  virtual bool FireNext(lifecycle::TimerClass timer_class) = 0;
};

// True if `a` fires before `b`: the earlier deadline, and at one instant the
// TTL. An absent timer is after every other; equal ones keep the order in
// which they are asked for.
bool FiresBefore(const std::optional<lifecycle::Timer>& a,
                 const std::optional<lifecycle::Timer>& b);

}  // namespace cmb::reference
