#include "conformance/report/same_way.h"

namespace cmb::conformance::report {
namespace {

// As the oracle's tables name one, "sender, TTL ends in ROUTED", or a timer that is late or
// missing.
bool NamesARow(const Cause& cause) {
  const bool of_timer =
      cause.want == "next_deadline" && cause.got.find(", the timer ") != std::string::npos;
  return cause.kind == CauseKind::kOracle &&
         (of_timer || cause.want.starts_with("sender, ") || cause.want.starts_with("router, ") ||
          cause.want.starts_with("target, "));
}

// Without ids and numbers, in which cases differ that break alike.
std::string ShapeOf(const std::string& text) {
  std::string shape;
  bool quoted = false;
  for (const char c : text) {
    quoted = quoted != (c == '\'');
    if (!quoted && (c < '0' || c > '9')) {
      shape += c;
    }
  }
  return shape;
}

std::pair<std::string, std::string> WayOf(const Cause& cause) {
  return {cause.want, ShapeOf(cause.got)};
}

}  // namespace

SameWay::SameWay(const RunReport& report) {
  for (const CaseRecord& record : report.cases) {
    if (NeedsWords(record) && !record.causes.empty() && NamesARow(record.causes.front())) {
      ++ways_[WayOf(record.causes.front())][record.causes.front().requirement];
    }
  }
}

std::string SameWay::BlamedFor(const Cause& cause) const {
  const auto way = ways_.find(WayOf(cause));
  if (!NamesARow(cause) || way == ways_.end()) {
    return cause.requirement;
  }
  std::string blamed = cause.requirement;
  for (const auto& [id, cases] : way->second) {
    blamed = cases > way->second.at(blamed) ? id : blamed;
  }
  return blamed;
}

}  // namespace cmb::conformance::report
