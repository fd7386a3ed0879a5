// What an IUT says of its timers, held against those that the tables armed. Pure; no threads.
#pragma once

#include <optional>

#include "conformance/oracle/tables/model.h"

namespace cmb::conformance::oracle::tables {

// `next_deadline` of a reply (CMB-CTL-014).
std::optional<Difference> OfNextDeadline(const World& world, const Model& model, const Seen& seen);
// The answer to Timers, if that was asked for.
std::optional<Difference> OfTimers(const World& world, const Seen& seen);

}  // namespace cmb::conformance::oracle::tables
