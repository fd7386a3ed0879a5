#include "conformance/scenario/nearest.h"

#include <algorithm>
#include <cctype>

namespace cmb::conformance::scenario {
namespace {

char Fold(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Levenshtein with a swap of neighbours as one step, case ignored.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      const std::size_t change = Fold(a[i - 1]) == Fold(b[j - 1]) ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && Fold(a[i - 1]) == Fold(b[j - 2]) && Fold(a[i - 2]) == Fold(b[j - 1])) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

std::string Join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

}  // namespace

std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestWord = 200;
  constexpr std::size_t kLongestList = 16;
  std::size_t best = std::string::npos;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : known) {
    if (word.size() > kLongestWord) {
      break;
    }
    const std::size_t distance = Distance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = &candidate;
    }
  }
  // A third of the letters wrong is a misspelling; more is another word.
  if (nearest != nullptr && best <= std::max<std::size_t>(1, nearest->size() / 3)) {
    return ", did you mean " + *nearest + "?";
  }
  return !known.empty() && known.size() <= kLongestList ? " (known: " + Join(known) + ")" : "";
}

}  // namespace cmb::conformance::scenario
