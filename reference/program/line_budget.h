// A few lines of each cause in each span of time, and then a count: what a stranger sends costs
// no disk. How many causes there are is bounded too; what is beyond shares one of each level.
//
//   if (budget.Takes(level, "MALFORMED from x")) { write the line }
//   for (const auto& told : budget.Over()) { write told.line at told.level }
//
// Used by LogSink. Threads: one owner. Spec: chapter "Authority and security", limits.
#pragma once

#include <spdlog/common.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reference/shell/clock.h"

namespace cmb::reference {

inline constexpr std::uint64_t kLineSpanMs = 10'000;
inline constexpr std::uint64_t kLinesOfACause = 5;
inline constexpr std::size_t kLineCauses = 64;

class LineBudget {
 public:
  using Level = spdlog::level::level_enum;
  struct Told {
    Level level = Level::info;
    std::string line;
  };

  // The clock outlives it.
  explicit LineBudget(const Clock& clock) : clock_(clock) {}

  // False: the line is counted instead.
  bool Takes(Level level, const std::string& cause);

  // What was counted in the spans that are over, or in all of them.
  std::vector<Told> Over() { return Over(clock_.NowMs()); }
  std::vector<Told> All() { return Over(UINT64_MAX); }

 private:
  struct Span {
    std::uint64_t begun_ms = 0;
    std::uint64_t lines = 0;
  };
  std::vector<Told> Over(std::uint64_t at_ms);

  const Clock& clock_;
  std::map<std::pair<Level, std::string>, Span> spans_;
};

}  // namespace cmb::reference
