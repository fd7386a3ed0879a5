// The known word that is nearest to a misspelt one, for error sentences.
//
// Used by the settings and the command lines. Free of state. Spec: none.
#pragma once

#include <string>
#include <vector>

namespace cmb::reference {

// "did you mean WORD?"; with nothing near, where to look instead.
std::string DidYouMean(const std::string& word, const std::vector<std::string>& known);

}  // namespace cmb::reference
