// Every single alteration of a frame of the implementation: the fields of its header, with the
// bytes that say the same, its payload, its parts, and where it was sent. Called by alterations.cc.
// Pure.
#pragma once

#include "conformance/alter/field_alterations.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::alter {

// Where a frame could also have been sent.
struct Ways {
  std::set<std::string> sockets, peers;
};

// As ForEachFieldAlteration. The fields of the header have no prefix; the others are called
// (header), (payload), (parts), (socket) and (peer).
void ForEachFrameAlteration(DataFrame& frame, const Texts& texts, const Ways& ways,
                            const FieldVisit& visit);

}  // namespace cmb::conformance::alter
