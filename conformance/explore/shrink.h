// Makes a failing scenario small: it drops steps, takes acts out of others, drops fields, lowers
// numbers, and begins again until nothing more can go. Pure but for what it is given.
#pragma once

#include <cstddef>
#include <functional>

#include "conformance/explore/document.h"

namespace cmb::conformance::explore {

// Whether the case fails as the one that was found.
using Fails = std::function<bool(const scenario::Case&)>;

// `most_tries` bounds the runs. The result fails, as `found` did.
Loaded Shrunk(const Loaded& found, const scenario::Knowledge& knowledge, const Fails& fails,
              std::size_t most_tries);

}  // namespace cmb::conformance::explore
