#include "conformance/report/same_way.h"

namespace cmb::conformance::report {
namespace {

// By how much a sentence that rests on another must have more cases to explain it.
constexpr std::size_t kManyTimes = 3;

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

SameWay::SameWay(const RunReport& report) : requirements_(report.requirements) {
  for (const CaseRecord& record : report.cases) {
    if (NeedsWords(record) && !record.causes.empty() && NamesARow(record.causes.front())) {
      ++ways_[WayOf(record.causes.front())][record.causes.front().requirement];
    }
  }
}

int SameWay::OrderOf(const std::string& id) const {
  const Requirement* requirement = requirements_.Find(id);
  return requirement == nullptr ? 0 : requirement->order;
}

std::string SameWay::BlamedFor(const Cause& cause) const {
  const auto way = ways_.find(WayOf(cause));
  if (!NamesARow(cause) || way == ways_.end()) {
    return cause.requirement;
  }
  std::string blamed = cause.requirement;
  for (const auto& [id, cases] : way->second) {
    const std::size_t own = way->second.at(blamed);
    const bool no_less_basic = OrderOf(id) <= OrderOf(blamed);
    blamed = cases > own && (no_less_basic || cases >= kManyTimes * own) ? id : blamed;
  }
  return blamed;
}

}  // namespace cmb::conformance::report
