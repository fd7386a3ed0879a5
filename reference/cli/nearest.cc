#include "reference/cli/nearest.h"

#include <algorithm>
#include <cstddef>

namespace cmb::reference {
namespace {

// Edits that make one word of the other.
std::size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

// Letters at the beginning that are those of the other: whoever goes astray does so later.
std::size_t CommonBeginning(const std::string& a, const std::string& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

// Empty: none is like it.
std::string Nearest(const std::string& word, const std::vector<std::string>& words) {
  std::string nearest;
  std::size_t least = word.size() / 2 + 2;  // Further away it is no help.
  std::size_t common = 0;
  for (const auto& known : words) {
    const std::size_t distance = Distance(word, known);
    const std::size_t beginning = CommonBeginning(word, known);
    if (distance < least || (distance == least && !nearest.empty() && beginning > common)) {
      least = distance;
      common = beginning;
      nearest = known;
    }
  }
  return nearest;
}

}  // namespace

std::string DidYouMean(const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return nearest.empty() ? "--help lists what there is" : "did you mean " + nearest + "?";
}

}  // namespace cmb::reference
