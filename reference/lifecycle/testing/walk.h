// Random walks through the lives of a core: acts drawn by a seed, one life after another.
// Header-only; used by tests alone.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
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

// The first breach, as the witness puts it; empty: none in `acts` acts. `make` begins a life.
template <typename Life>
std::string Walk(std::uint32_t seed, int acts, std::function<std::unique_ptr<Life>()> make) {
  Bytes drawn(seed);
  try {
    for (int done = 0; done < acts; done += kActsOfOneLife) {
      const std::unique_ptr<Life> life = make();
      for (int i = 0; i < kActsOfOneLife; ++i) {
        std::uint8_t bytes[5];
        for (std::uint8_t& byte : bytes) {
          byte = drawn.Next();
        }
        life->Do(ActOf(bytes, Life::kActs));
      }
      life->ComeToRest();
    }
  } catch (const rc::detail::CaseResult& breach) {
    return breach.description.empty() ? "a breach" : breach.description;
  }
  return "";
}

}  // namespace cmb::lifecycle::testing
