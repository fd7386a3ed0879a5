// One function for each of many indices, on some threads. Called by check and alter.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "conformance/control/caught.h"

namespace cmb::conformance::check {

// Calls work(0) to work(count - 1), each once, from up to `jobs` threads (0: one for each
// processor). `stop` true: no further one begins. What one of them throws ends that one alone:
// `failed` is told which, and in words, by one thread at a time.
template <typename Work, typename Failed>
void ForEachIndex(std::size_t count, unsigned jobs, const std::atomic<bool>& stop, Work work,
                  Failed failed) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  const auto take = [&] {
    for (std::size_t i = next++; i < count && !stop; i = next++) {
      const std::string thrown = Caught([&] { work(i); });
      if (!thrown.empty()) {
        const std::lock_guard<std::mutex> lock(mutex);
        failed(i, thrown);
      }
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
