// Lives of a core whose acts are read from bytes: drawn by a seed, one life after another, or a
// fuzz target's. Header-only; used by tests and fuzz targets.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "reference/lifecycle/testing/acts.h"

namespace cmb::lifecycle::testing {

inline constexpr int kActsOfOneLife = 50;

// The same numbers everywhere: splitmix64, one byte at a time.
class Bytes {
 public:
  explicit Bytes(std::uint64_t seed) : state_(seed) {}
  std::uint8_t Next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::uint8_t>(z >> 56);
  }

 private:
  std::uint64_t state_;
};

// The first breach, as the witness puts it; empty: none. Five bytes are an act.
template <typename Life>
std::string BreachIn(Life& life, const std::uint8_t* data, std::size_t size) {
  try {
    for (; size >= 5; data += 5, size -= 5) {
      life.Do(ActOf(data, Life::kActs));
    }
    life.ComeToRest();
  } catch (const rc::detail::CaseResult& breach) {
    return breach.description.empty() ? "a breach" : breach.description;
  }
  return "";
}

// The same of so many acts; `make` begins a life.
template <typename Life>
std::string Walk(std::uint32_t seed, int acts, std::function<std::unique_ptr<Life>()> make) {
  Bytes drawn(seed);
  std::string breach;
  for (int done = 0; done < acts && breach.empty(); done += kActsOfOneLife) {
    std::array<std::uint8_t, std::size_t{5} * kActsOfOneLife> bytes;
    std::generate(bytes.begin(), bytes.end(), [&drawn] { return drawn.Next(); });
    breach = BreachIn(*make(), bytes.data(), bytes.size());
  }
  return breach;
}

// How a fuzz target fails.
template <typename Life>
int LiveOrDie(Life life, const std::uint8_t* data, std::size_t size) {
  const std::string breach = BreachIn(life, data, size);
  if (!breach.empty()) {
    std::fprintf(stderr, "%s\n", breach.c_str());
    std::abort();
  }
  return 0;
}

}  // namespace cmb::lifecycle::testing
