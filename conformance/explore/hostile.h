// What makes a frame wrong: fields with values that no implementation sends, broken encodings, and
// frames that are nothing at all. Only while there is a Drawing.
#pragma once

#include <string>

#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {

// `set` or `corrupt` beside an act, seldom both. `ack`: the frame bears an ACK; `in_batch`: it
// stands in one, where only fields of the ACK may be set.
void PutHarm(Fields& act, bool ack, bool in_batch);

// How a frame is broken.
const std::string& DrawCorruption();

// {raw: …} by a module.
scenario::Node RawStep(const std::string& by);

}  // namespace cmb::conformance::explore
