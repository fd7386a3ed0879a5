// One function for each of many indices, on some threads. Called by check and alter.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace cmb::conformance::check {

// Calls work(0) to work(count - 1), each once, from up to `jobs` threads (0: one for each
// processor). `stop` true: no further one begins.
template <typename Work>
void ForEachIndex(std::size_t count, unsigned jobs, const std::atomic<bool>& stop, Work work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    for (std::size_t i = next++; i < count && !stop; i = next++) {
      work(i);
    }
  };
  const std::size_t wanted = jobs != 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(wanted, count); ++i) {
    others.emplace_back(take);
  }
  take();
  for (std::thread& other : others) {
    other.join();
  }
}

}  // namespace cmb::conformance::check
