// Who may take room in a bounded table that several sources share: one source
// never takes all of it. Spec: chapter "Authority and security", limits
// (CMB-RTR-006, CMB-TGT-008).
//
// Threads: values only; owned by one core.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

// A source's share where nothing else is set: this part of the bound.
inline constexpr std::size_t kSourceShares = 8;

struct TableBound {
  std::size_t entries = 0;
  std::size_t source_shares = kSourceShares;  // At least 1; 1: a source may take the whole.
};

// True if a source that has `own` of the `taken` entries may take one more: while
// the table is less than three quarters full anybody may, above that only who is
// below its share.
inline bool MayTake(const TableBound& bound, std::size_t taken, std::size_t own) {
  const std::size_t shares = std::max<std::size_t>(1, bound.source_shares);
  const std::size_t share =
      std::max<std::size_t>(1, bound.entries / shares + (bound.entries % shares != 0 ? 1 : 0));
  return taken < bound.entries && (4 * taken < 3 * bound.entries || own < share);
}

// How many entries of one table each source has.
class SharedRoom {
 public:
  explicit SharedRoom(const TableBound& bound) : bound_(bound) {}

  // For one more entry of this source (CMB-SEC-014).
  bool HasRoom(const ModuleId& source) const { return MayTake(bound_, taken_, Of(source)); }
  void Take(const ModuleId& source) {
    ++taken_;
    ++by_source_[source];
  }
  void Give(const ModuleId& source) {
    const auto found = by_source_.find(source);
    Check(found != by_source_.end(), "who gives room back has taken it");
    --taken_;
    if (--found->second == 0) {
      by_source_.erase(found);
    }
  }
  std::size_t taken() const { return taken_; }
  std::size_t Of(const ModuleId& source) const {
    const auto found = by_source_.find(source);
    return found == by_source_.end() ? 0 : found->second;
  }

 private:
  TableBound bound_;
  std::size_t taken_ = 0;
  std::map<ModuleId, std::size_t> by_source_;
};

}  // namespace cmb::lifecycle
