// Entries of a transcript as lines for people: what a failure shows as its last frames. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance::report {

// "1000 ms  IUT -> @router  main  MESSAGE 'x-m1' attempt 1 ttl 299000 ms". Empty for control acts
// that say nothing to people (clock moves, queries).
std::string EntryText(const Entry& entry);

// The same without its instant.
std::string WhatText(const Entry& entry);

// The last `most` entries that have a text, oldest first. PINGs and PONGs are left out.
std::vector<std::string> LastEntries(const Transcript& transcript, std::size_t most);

}  // namespace cmb::conformance::report
