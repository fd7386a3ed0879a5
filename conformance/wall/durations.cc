#include "conformance/wall/durations.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <variant>

namespace cmb::conformance::wall {
namespace {

using scenario::Milliseconds;
using scenario::Step;

// Backoffs that differ from each other at most: then the longest is reached in every scenario.
constexpr std::uint32_t kMostBackoffs = 12;

class Unit {
 public:
  void Add(std::uint64_t ms) { ms_ = std::gcd(ms_, ms); }
  void Add(Milliseconds duration) { Add(static_cast<std::uint64_t>(std::abs(duration.count()))); }
  template <class Duration>
  void Add(const std::optional<Duration>& duration) {
    if (duration) {
      Add(*duration);
    }
  }
  void Add(const scenario::DurationRange& range) {
    Add(range.low);
    Add(range.high);
  }
  void Add(const scenario::Work& work) {
    Add(work.starts);
    Add(work.hold);
    Add(work.after);
    for (const scenario::Progress& progress : work.progress) {
      Add(progress.at);
    }
  }
  std::uint64_t ms() const { return ms_; }

 private:
  std::uint64_t ms_ = 0;
};

void AddConfig(const scenario::Config& config, Unit& unit) {
  for (const auto& duration :
       {config.reconcile_window, config.key_window, config.dead_letter, config.max_latency,
        config.max_ttl, config.circuit.window, config.circuit.open, config.circuit.slow}) {
    unit.Add(duration);
  }
  unit.Add(Milliseconds(30'000));  // The least of the defaults, by which all can be divided (7.1).
}

// 7.5: min(first * factor^n, max) * jitter.
void AddBackoffs(const scenario::Policy& policy, const std::vector<double>& jitter, Unit& unit) {
  const auto first = static_cast<double>(policy.backoff_first.count());
  const auto most = static_cast<double>(policy.backoff_max.count());
  for (std::uint32_t n = 0; n < kMostBackoffs; ++n) {
    const double wait = std::min(first * std::pow(policy.backoff_factor, n), most);
    for (const double factor : jitter) {
      unit.Add(static_cast<std::uint64_t>(wait * factor));
    }
  }
}

void AddPolicy(const scenario::Policy& policy, const std::vector<double>& jitter, Unit& unit) {
  unit.Add(policy.router_ack);
  unit.Add(policy.delivery_ack);
  unit.Add(policy.delivery_ack * 9 / 10);  // CMB-RTR-012.
  unit.Add(policy.execution);
  unit.Add(policy.ttl);
  AddBackoffs(policy, jitter, unit);
}

void AddSteps(const std::vector<Step>& steps, Unit& unit);

// What a verb says of time; of most nothing.
struct OfAction {
  Unit& unit;

  void operator()(const scenario::Resend& act) const { unit.Add(act.work); }
  void operator()(const scenario::AckAct& act) const { unit.Add(act.hold); }
  void operator()(const scenario::Batch& act) const { AddSteps(act.acks, unit); }
  void operator()(const scenario::WallJump& act) const { unit.Add(act.by); }
  void operator()(const scenario::Advance& act) const {
    unit.Add(act.by);
    AddSteps(act.before_timers, unit);
    AddSteps(act.after_timers, unit);
  }
  void operator()(const scenario::Together& act) const { AddSteps(act.acts, unit); }
  void operator()(const scenario::Expect& look) const { unit.Add(look.in); }
  void operator()(const scenario::ExpectNothing& look) const { unit.Add(look.during); }
  void operator()(const scenario::Never& look) const { unit.Add(look.during); }
  void operator()(const scenario::OneOf& look) const {
    for (const scenario::Branch& branch : look.branches) {
      AddSteps(branch.observations, unit);
    }
  }
  template <class Action>
  void operator()(const Action&) const {}
};

void AddSteps(const std::vector<Step>& steps, Unit& unit) {
  for (const Step& step : steps) {
    std::visit(OfAction{unit}, step.action);
  }
}

// How far a step moves the clock at most.
Milliseconds MostOf(const Step& step) {
  if (const auto* advance = std::get_if<scenario::Advance>(&step.action)) {
    return advance->by;
  }
  if (const auto* look = std::get_if<scenario::Expect>(&step.action)) {
    return look->in ? look->in->high : Milliseconds(0);
  }
  if (const auto* nothing = std::get_if<scenario::ExpectNothing>(&step.action)) {
    return nothing->during.value_or(Milliseconds(0));
  }
  const auto* never = std::get_if<scenario::Never>(&step.action);
  return never != nullptr ? never->during.value_or(Milliseconds(0)) : Milliseconds(0);
}

}  // namespace

std::uint64_t LengthMs(const scenario::Case& scenario) {
  Milliseconds length{0};
  for (const Step& step : scenario.steps) {
    length += MostOf(step);
  }
  return static_cast<std::uint64_t>(length.count());
}

std::uint64_t CommonUnitMs(const scenario::Case& scenario) {
  Unit unit;
  AddConfig(scenario.config, unit);
  for (const auto& [alias, message] : scenario.messages) {
    AddPolicy(message.policy, scenario.config.jitter, unit);
    unit.Add(message.reconcile_window);
    unit.Add(message.work);
  }
  for (const scenario::Fault& fault : scenario.faults) {
    unit.Add(fault.by);
    unit.Add(fault.each);
    unit.Add(fault.during);
  }
  AddSteps(scenario.steps, unit);
  return unit.ms();
}

}  // namespace cmb::conformance::wall
