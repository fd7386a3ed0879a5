#include "reference/shell/timer_source.h"

namespace cmb::reference {

bool FiresBefore(const std::optional<lifecycle::Timer>& a,
                 const std::optional<lifecycle::Timer>& b) {
  if (!a || !b) {
    return a.has_value();
  }
  if (a->deadline != b->deadline) {
    return a->deadline < b->deadline;
  }
  return a->kind == lifecycle::TimerKind::kTtl && b->kind != lifecycle::TimerKind::kTtl;
}

}  // namespace cmb::reference
