// Whether waits look as if their jitter had been drawn anew for each, evenly (7.5). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cmb::conformance::engine {

// What speaks against it, or nothing. An honest source fails less than once in ten million times.
std::optional<std::string> Unevenness(const std::vector<double>& factors);

}  // namespace cmb::conformance::engine
