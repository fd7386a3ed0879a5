#include "conformance/explore/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace cmb::conformance::explore {
namespace {

using oracle::tables::Applied;
using oracle::tables::TableCell;

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

Features Both(const Features& one, const Features& other) {
  Features both;
  std::set_intersection(one.begin(), one.end(), other.begin(), other.end(),
                        std::inserter(both, both.end()));
  return both;
}

// A guard may be about what is claimed: BASIC (no more than that), DURABLE, not DURABLE.
bool MayHold(const std::string& guard, const Claims& claims) {
  constexpr std::string_view kNot = "not ";
  if (guard.starts_with(kNot)) {
    return !claims.Declares(guard.substr(kNot.size()));
  }
  return guard == "BASIC" ? !claims.IsTracked() : guard != "DURABLE" || claims.IsDurable();
}

bool IsReachable(const TableCell& cell, const Claims& claims,
                 const scenario::Knowledge& knowledge) {
  const std::set<std::string> guards = GuardsOf(EventOf(cell.name));
  const auto declared_by = knowledge.declared_by.find(cell.requirement);
  return cell.applies && !knowledge.by_inspection.contains(cell.requirement) &&
         (declared_by == knowledge.declared_by.end() || claims.Declares(declared_by->second)) &&
         std::all_of(guards.begin(), guards.end(),
                     [&](const std::string& guard) { return MayHold(guard, claims); });
}

ack::v1::Role RoleOf(const Claims& claims) {
  return claims.role == "sender"   ? ack::v1::ROLE_SENDER
         : claims.role == "router" ? ack::v1::ROLE_ROUTER
                                   : ack::v1::ROLE_TARGET;
}

}  // namespace

Coverage::Coverage(const Claims& claims, const scenario::Knowledge& knowledge) {
  const std::vector<TableCell> cells = oracle::tables::CellsOf(RoleOf(claims));
  for (const TableCell& cell : cells) {
    cells_.insert(cell.name);
    guards_[BaseOf(EventOf(cell.name))].merge(GuardsOf(EventOf(cell.name)));
  }
  for (const TableCell& cell : cells) {
    if (IsReachable(cell, claims, knowledge)) {
      AddRow(cell.name, all_);
    }
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
  const Features of_all = Both(reached, all_);
  return fmt::format("{} of {} cells, {} of {} guards, {} pairs of events",
                     CountOf(of_all, "cell "), CountOf(all_, "cell "), CountOf(of_all, "guard "),
                     CountOf(all_, "guard "), CountOf(reached, "pair "));
}

}  // namespace cmb::conformance::explore
