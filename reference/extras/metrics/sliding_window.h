// What happened in each of the last seconds, and their sum.
//
//   SlidingWindow<std::uint64_t> acks(60);
//   ++acks.At(now_ms);
//   acks.SumBefore(now_ms);
//
// `Sum` begins at nothing and can be added up. Header only. Threads: its owner's.
// Spec: chapter "Observability", metrics.
#pragma once

#include <cstdint>
#include <map>

namespace cmb::reference {

template <typename Sum>
class SlidingWindow {
 public:
  explicit SlidingWindow(std::uint64_t seconds) : seconds_(seconds) {}

  // What happened in the second of `now_ms`; what is too old is forgotten.
  Sum& At(std::uint64_t now_ms) {
    by_second_.erase(by_second_.begin(), by_second_.lower_bound(Oldest(now_ms)));
    return by_second_[now_ms / kMs];
  }

  Sum SumBefore(std::uint64_t now_ms) const {
    Sum sum{};
    for (auto at = by_second_.lower_bound(Oldest(now_ms)); at != by_second_.end(); ++at) {
      sum += at->second;
    }
    return sum;
  }

 private:
  static constexpr std::uint64_t kMs = 1000;

  std::uint64_t Oldest(std::uint64_t now_ms) const {
    const auto second = now_ms / kMs;
    return second > seconds_ ? second - seconds_ : 0;
  }

  std::uint64_t seconds_;
  std::map<std::uint64_t, Sum> by_second_;
};

}  // namespace cmb::reference
