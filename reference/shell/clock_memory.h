// Lets the protocol's clock go on over restarts: the instants of stored timers
// mean the same in the next process, and the time in which nothing ran has
// passed.
//
// While the machine runs, its own clock tells that time, whatever the wall clock
// does. After the machine restarted only the wall clock can, from the last
// commit on; one that stands before that tells nothing, and then the time is
// unknown (CMB-TMR-010). Called by RouterProgram, ModuleEndpoint and
// RecordKeeper. Threads: the store's owner. Spec: chapter "Persistence and
// recovery".
#pragma once

#include <cstdint>
#include <string>

#include "reference/lifecycle/types.h"
#include "reference/shell/clock.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

// What a store keeps of a clock: which run of the machine it was, what its clock
// showed at instant 0, and the last commit, by the protocol's clock and the wall's.
inline constexpr const char* kBoot = "boot";
inline constexpr const char* kMachineAtZero = "machine_ms_at_instant_0";
inline constexpr const char* kLastInstant = "last_instant_ms";
inline constexpr const char* kLastWall = "last_wall_ms";
// The instant from which on the store surely holds every record (CMB-TGT-012).
inline constexpr const char* kBegan = "began_ms";

struct MachineTime {
  std::string boot;            // Of this run of the machine; empty: not known.
  std::uint64_t since_ms = 0;  // By a clock of the machine that no process ends.
  std::uint64_t wall_ms = 0;
};
MachineTime TimeOfMachine();

// Whether it is known how long nothing ran.
enum class Away { kKnown, kUnknown };

struct Continued {
  std::uint64_t now_ms = 0;
  Away away = Away::kKnown;
};

// The instant that it is now, by the store and the machine. A store that knows no
// clock learns that now is instant 0. Where the machine restarted, its memory
// counts from now (CMB-TMR-011, CMB-TMR-014, CMB-TMR-015).
Continued Continue(TxStore& store, const MachineTime& machine);

// The instant at which the store began empty; one that does not say so begins
// `now_ms`. What a store in memory knows ends with the process.
std::uint64_t BegunMs(TxStore& store, std::uint64_t now_ms);

// The same as an instant; without a durable store: now.
lifecycle::Instant Began(TxStore& store, lifecycle::Instant now);

// The system's clock, going on from there. A store in memory continues nothing.
struct ContinuedClock {
  explicit ContinuedClock(TxStore& store);
  Away away = Away::kKnown;
  RealClock clock;
};

}  // namespace cmb::reference
