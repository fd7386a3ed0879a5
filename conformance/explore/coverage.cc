#include "conformance/explore/coverage.h"

#include <fmt/format.h>

#include <algorithm>

namespace cmb::conformance::explore {
namespace {

using oracle::tables::Applied;

// "sender, TIMEOUT [retry waits] in ROUTED" without its state.
std::string EventOf(const std::string& row) { return row.substr(0, row.rfind(" in ")); }

std::string BaseOf(const std::string& event) { return event.substr(0, event.find(" [")); }

std::set<std::string> GuardsOf(const std::string& event) {
  std::set<std::string> guards;
  std::size_t at = event.find(" [");
  const std::size_t end = event.find(']');
  while (at != std::string::npos && at < end) {
    const std::size_t next = std::min(event.find(", ", at + 2), end);
    guards.insert(event.substr(at + 2, next - at - 2));
    at = next;
  }
  return guards;
}

std::size_t CountOf(const Features& features, const std::string& kind) {
  return static_cast<std::size_t>(std::count_if(
      features.begin(), features.end(), [&](const std::string& f) { return f.starts_with(kind); }));
}

}  // namespace

Coverage::Coverage(ack::v1::Role role) : cells_(oracle::tables::CellsOf(role)) {
  for (const std::string& row : cells_) {
    guards_[BaseOf(EventOf(row))].merge(GuardsOf(EventOf(row)));
  }
  for (const std::string& row : cells_) {
    AddRow(row, all_);
  }
}

void Coverage::AddRow(const std::string& row, Features& features) const {
  if (!cells_.contains(row)) {
    return;  // What a model judges before its table.
  }
  features.insert("cell " + row);
  const std::string event = EventOf(row);
  const std::set<std::string> held = GuardsOf(event);
  for (const std::string& guard : guards_.at(BaseOf(event))) {
    features.insert(fmt::format("guard {}: {}{}", BaseOf(event),
                                held.contains(guard) ? "" : "otherwise than ", guard));
  }
}

Features Coverage::Of(const std::vector<Applied>& applied) const {
  Features features;
  std::map<std::string, std::string> last;  // Event of each message.
  for (const Applied& one : applied) {
    AddRow(one.row, features);
    const std::string event = EventOf(one.row);
    std::string& before = last[one.message];
    if (!before.empty()) {
      features.insert(fmt::format("pair {} -> {}", before, event));
    }
    before = event;
  }
  return features;
}

std::string Coverage::Text(const Features& reached) const {
  return fmt::format("{} of {} cells, {} of {} guards, {} pairs of events",
                     CountOf(reached, "cell "), CountOf(all_, "cell "), CountOf(reached, "guard "),
                     CountOf(all_, "guard "), CountOf(reached, "pair "));
}

}  // namespace cmb::conformance::explore
