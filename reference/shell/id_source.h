// Message ids: a prefix and a counter from 1. With a prefix that nobody else
// uses (random on the real clock, the case's own in the harness) no id is ever
// used twice, not even after a restart (CMB-SND-002).
//
// Threads: one owner. Spec: chapter "Model and vocabulary", identity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace cmb::reference {

class IdSource {
 public:
  explicit IdSource(std::string prefix) : prefix_(std::move(prefix)) {}

  // The id that Take would give.
  std::string Next() const { return prefix_ + std::to_string(last_ + 1); }
  void Take() { ++last_; }

  // How many were taken, and how many had been before a restart.
  std::uint64_t last() const { return last_; }
  void Continue(std::uint64_t last) { last_ = last; }

 private:
  std::string prefix_;
  std::uint64_t last_ = 0;
};

// 125 random bits in base 32, 5 to a digit, and a dash: short enough that a router keeps the mark
// of such an id in one slot.
inline constexpr std::size_t kIdPrefixDigits = 25;
std::string RandomIdPrefix();

}  // namespace cmb::reference
