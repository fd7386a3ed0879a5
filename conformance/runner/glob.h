// Patterns for case ids: `*` is any text, slashes included, `?` one character. Pure.
#pragma once

#include <string_view>

namespace cmb::conformance::runner {

bool GlobMatches(std::string_view pattern, std::string_view text);

}  // namespace cmb::conformance::runner
