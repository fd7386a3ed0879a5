#include "reference/lifecycle/stream_lines.h"

#include <algorithm>
#include <iterator>

#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

namespace {

std::uint64_t NumberOf(const Work& work) { return work.messages.at(work.name.id).sequence; }

}  // namespace

StreamLines::Stream StreamOf(const Work& work) { return {work.key.source, work.stream}; }

void StreamLines::Come(const Stream& stream, std::uint64_t number) {
  Line& line = lines_[stream];
  ++line.held;
  if (number > 0 && !line.passed) {
    line.passed = number - 1;  // A stream begins with whatever number comes first.
  }
  if (!line.IsPassed(number)) {
    line.come.insert(number);
  }
}

void StreamLines::Forget(const Stream& stream) {
  const auto line = lines_.find(stream);
  Check(line != lines_.end(), "what is forgotten has come");
  if (--line->second.held == 0) {
    Check(line->second.places.empty(), "who stands in line is remembered");
    lines_.erase(line);
  }
}

void StreamLines::Pass(const Stream& stream, std::uint64_t number) {
  Line& line = lines_.at(stream);
  if (!line.IsPassed(number)) {
    line.passed = number;
    line.come.erase(line.come.begin(), line.come.upper_bound(number));
  }
}

void StreamLines::Enter(const Work& work) {
  lines_.at(StreamOf(work)).places.emplace(work.turn, Place{work.name, NumberOf(work)});
}

void StreamLines::Resume(const Work& work) { lines_.at(StreamOf(work)).turn = work.turn; }

void StreamLines::Leave(const Work& work) {
  Line& line = lines_.at(StreamOf(work));
  line.places.erase(work.turn);
  if (line.turn == work.turn) {
    line.turn.reset();
  }
}

// The lowest number that is not passed, if every number below it has come.
std::optional<std::uint64_t> StreamLines::Line::FirstByNumber() const {
  const auto lowest =
      std::min_element(places.begin(), places.end(), [this](const auto& a, const auto& b) {
        const bool a_is_passed = IsPassed(a.second.number);
        const bool b_is_passed = IsPassed(b.second.number);
        return a_is_passed != b_is_passed ? b_is_passed : a.second.number < b.second.number;
      });
  if (lowest == places.end() || IsPassed(lowest->second.number)) {
    return std::nullopt;
  }
  const std::uint64_t number = lowest->second.number;
  const auto below = std::distance(come.begin(), come.lower_bound(number));
  const bool is_missing = static_cast<std::uint64_t>(below) < number - *passed - 1;
  return is_missing ? std::nullopt : std::optional(lowest->first);
}

// Without a number, or with one that nobody waits for.
std::optional<std::uint64_t> StreamLines::Line::FirstByTurn() const {
  const auto first = std::find_if(places.begin(), places.end(), [this](const auto& place) {
    return IsPassed(place.second.number);
  });
  return first == places.end() ? std::nullopt : std::optional(first->first);
}

std::optional<MessageKey> StreamLines::Next(const Stream& stream) {
  Line& line = lines_.at(stream);
  if (line.turn) {
    return std::nullopt;
  }
  const auto by_number = line.FirstByNumber();
  const auto by_turn = line.FirstByTurn();
  line.turn =
      by_number && by_turn ? std::min(by_number, by_turn) : (by_number ? by_number : by_turn);
  return line.turn ? std::optional(line.places.at(*line.turn).name) : std::nullopt;
}

}  // namespace cmb::lifecycle
