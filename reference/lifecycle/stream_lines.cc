#include "reference/lifecycle/stream_lines.h"

namespace cmb::lifecycle {

bool StreamLines::Enter(const Work& work) {
  Line& line = lines_[{work.key.source, work.stream}];
  const bool first = line.works.empty();
  line.works.emplace(work.turn, work.key);
  if (first) {
    line.turn = work.turn;
  }
  return first;
}

std::optional<WorkKey> StreamLines::Leave(const Work& work) {
  const auto line = lines_.find({work.key.source, work.stream});
  if (line == lines_.end() || line->second.works.erase(work.turn) == 0) {
    return std::nullopt;
  }
  if (line->second.works.empty()) {
    lines_.erase(line);
    return std::nullopt;
  }
  if (line->second.turn != work.turn) {
    return std::nullopt;  // It only waited.
  }
  const auto& [turn, next] = *line->second.works.begin();
  line->second.turn = turn;
  return next;
}

}  // namespace cmb::lifecycle
