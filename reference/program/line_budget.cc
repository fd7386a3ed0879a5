#include "reference/program/line_budget.h"

#include <fmt/format.h>

namespace cmb::reference {

bool LineBudget::Takes(Level level, const std::string& cause) {
  auto span = spans_.find({level, cause});
  if (span == spans_.end()) {
    const bool is_room = spans_.size() < kLineCauses;
    const Span begun{clock_.NowMs(), 0};
    span = spans_.try_emplace({level, is_room ? cause : "of other causes"}, begun).first;
  }
  return ++span->second.lines <= kLinesOfACause;
}

std::vector<LineBudget::Told> LineBudget::Over(std::uint64_t at_ms) {
  std::vector<Told> told;
  const std::uint64_t now_ms = clock_.NowMs();
  for (auto at = spans_.begin(); at != spans_.end();) {
    const auto& [begun_ms, lines] = at->second;
    const auto& [level, cause] = at->first;
    if (at_ms - begun_ms < kLineSpanMs) {
      ++at;
      continue;
    }
    if (lines > kLinesOfACause) {
      told.push_back({level, fmt::format("{} more in {} s: {}", lines - kLinesOfACause,
                                         (now_ms - begun_ms + 999) / 1000, cause)});
    }
    at = spans_.erase(at);
  }
  return told;
}

}  // namespace cmb::reference
