// The numbers that scenarios are drawn from: plain ones, and the boundaries of every range in the
// tables, each with its neighbours. Only while there is a Drawing.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {

std::string Ms(std::uint64_t milliseconds);

// A timer of a policy, 1 ms to a week; mostly short, so that timers meet.
std::uint64_t DrawTimerMs();
// Any duration that the language can say.
std::uint64_t DrawLifeMs();
// Of a field of a hostile frame, up to 2^64 - 1.
std::uint64_t DrawAny64();
std::uint64_t DrawAny32();
// An attempt that an ACK or a copy names.
std::uint64_t DrawAttempt();

// A few keys of a policy, within the ranges of chapter 7.
// `cancels`: with a CANCEL on giving up. `sent_by_iut`: with a life that an application may ask
// for.
void PutPolicy(Fields& fields, bool cancels, bool sent_by_iut);

}  // namespace cmb::conformance::explore
