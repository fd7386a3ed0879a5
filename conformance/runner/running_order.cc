#include "conformance/runner/running_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "conformance/engine/case_settings.h"

namespace cmb::conformance::runner {
namespace {

struct Standing {
  CaseSettings settings;
  std::size_t size = 0;
};

Standing StandingOf(const scenario::Case& one) {
  return {engine::SettingsOf(one, one.id, 0), std::max(one.steps.size(), one.messages.size())};
}

bool ComesBefore(const Standing& a, const Standing& b) {
  const auto process = [](const CaseSettings& s) {
    return std::tie(s.role, s.channels, s.curve, s.bad_keys, s.connected, s.absent);
  };
  return process(a.settings) != process(b.settings) ? process(a.settings) < process(b.settings)
                                                    : a.size > b.size;
}

}  // namespace

std::vector<std::size_t> RunningOrder(const std::vector<scenario::Case>& cases) {
  std::vector<Standing> standings;
  std::transform(cases.begin(), cases.end(), std::back_inserter(standings), StandingOf);
  std::vector<std::size_t> order(cases.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&standings](std::size_t a, std::size_t b) {
    return ComesBefore(standings[a], standings[b]);
  });
  return order;
}

}  // namespace cmb::conformance::runner
