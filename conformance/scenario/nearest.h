// The known word that is nearest to a misspelt one, for error sentences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cmb::conformance::scenario {

// ", did you mean WORD?" for the nearest of `known`; with nothing near, the
// list of all when there are at most twelve; else empty.
std::string Suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace cmb::conformance::scenario
