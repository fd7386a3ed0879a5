// Lets the protocol's clock go on over restarts: the instants of stored timers
// mean the same in the next process, and the time in which nothing ran has
// passed.
//
// The wall clock is asked once, at the start; if it was set back meanwhile, the
// protocol's clock goes on from the last instant that was committed, since it
// never goes back. Called by RouterProgram, ModuleEndpoint and RecordKeeper.
// Threads: the store's owner. Spec: chapter "Persistence and recovery".
#pragma once

#include "reference/shell/clock.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

// What a store keeps of a clock: the wall time of instant 0, and the last
// instant of which it knows.
inline constexpr const char* kWallOfZero = "wall_ms_of_instant_0";
inline constexpr const char* kLastInstant = "last_instant_ms";
// The instant at which the store began empty.
inline constexpr const char* kBegan = "began_ms";

// The instant that it is now, by the store and by `wall_ms`. A store that knows
// no clock learns that now is instant 0.
std::uint64_t ContinuedNowMs(TxStore& store, std::uint64_t wall_ms);

// The instant at which the store began empty; one that does not say so begins
// `now_ms`. What a store in memory knows ends with the process.
std::uint64_t BegunMs(TxStore& store, std::uint64_t now_ms);

// The system's clock, going on from there. A store in memory continues nothing.
RealClock ContinuedClock(TxStore& store);

}  // namespace cmb::reference
