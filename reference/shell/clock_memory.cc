#include "reference/shell/clock_memory.h"

#include <algorithm>
#include <fstream>

namespace cmb::reference {
namespace {

constexpr const char* kBootIdFile = "/proc/sys/kernel/random/boot_id";

// CMB-DUR-021; the instants of a change are kept by each commit. Unsigned
// arithmetic brings an instant 0 before the machine's start back.
void Anchor(TxStore& store, const MachineTime& machine, std::uint64_t now_ms) {
  store.SetMeta(kBoot, machine.boot);
  store.SetMeta(kMachineAtZero, std::to_string(machine.since_ms - now_ms));
  store.Commit();
}

// By the wall clock, from the last commit on.
Continued AfterTheMachineRestarted(TxStore& store, const MachineTime& machine) {
  const std::uint64_t last = NumberIn(store, kLastInstant);
  const std::uint64_t last_wall = NumberIn(store, kLastWall);
  const bool tells = last_wall > 0 && machine.wall_ms >= last_wall;
  return tells ? Continued{last + (machine.wall_ms - last_wall), Away::kKnown}
               : Continued{last, Away::kUnknown};
}

}  // namespace

MachineTime TimeOfMachine() {
  MachineTime time;
  std::getline(std::ifstream(kBootIdFile), time.boot);
  time.since_ms = RealClock().NowMs();
  time.wall_ms = RealClock().WallMs();
  return time;
}

Continued Continue(TxStore& store, const MachineTime& machine) {
  const auto boot = store.Meta(kBoot);
  if (!boot) {
    Anchor(store, machine, 0);
    return {};
  }
  if (*boot == machine.boot && !machine.boot.empty()) {
    const std::uint64_t now = machine.since_ms - NumberIn(store, kMachineAtZero);
    return {std::max(now, NumberIn(store, kLastInstant)), Away::kKnown};
  }
  const Continued after = AfterTheMachineRestarted(store, machine);
  store.SetMeta(kBegan, std::to_string(after.now_ms));
  Anchor(store, machine, after.now_ms);
  return after;
}

std::uint64_t BegunMs(TxStore& store, std::uint64_t now_ms) {
  if (store.Meta(kBegan)) {
    return NumberIn(store, kBegan);
  }
  store.SetMeta(kBegan, std::to_string(now_ms));
  store.Commit();
  return now_ms;
}

lifecycle::Instant Began(TxStore& store, lifecycle::Instant now) {
  const auto now_ms = static_cast<std::uint64_t>(lifecycle::MsOf(now));
  return store.IsDurable() ? lifecycle::AtMs(static_cast<std::int64_t>(BegunMs(store, now_ms)))
                           : now;
}

ContinuedClock::ContinuedClock(TxStore& store) {
  if (store.IsDurable()) {
    const Continued continued = Continue(store, TimeOfMachine());
    away = continued.away;
    clock = RealClock::From(continued.now_ms);
  }
}

}  // namespace cmb::reference
