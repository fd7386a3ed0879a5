// Every single alteration of a recording in what the implementation produced: each frame, event and
// reply, deleted, doubled, delayed or changed in one field. Called by the alter tool. Pure; any
// thread, each with a recording of its own.
//
// The events are numbered anew where one goes, comes or moves, as an implementation would have done
// that never produced it so. What the harness counts (messages received and sent) stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance::alter {

struct Alteration {
  std::string item;            // "event transition IDLE -> SEND_PENDING"; see item_name.h.
  std::string done;            // deleted, doubled, delayed; else as in field_alterations.h.
  std::string field;           // Empty: the whole item.
  std::size_t entry = 0;       // Of the item in the original.
  std::uint64_t exchange = 0;  // The last one that differs from the original.
};

// Asked for the number of each, from 0, in the same order every time; where it says no the
// recording need not be altered.
using Wanted = std::function<bool(std::uint64_t)>;
using AlterationVisit = std::function<void(const Alteration&, const Transcript&)>;

// `recording` is altered in place while `visit` looks at it; as it was at the end. Returns how many
// alterations there are.
std::uint64_t ForEachAlteration(Transcript& recording, const Wanted& wanted,
                                const AlterationVisit& visit);

}  // namespace cmb::conformance::alter
