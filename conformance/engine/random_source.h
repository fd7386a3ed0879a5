// The case's own source of chance: the same seed and case id give the same
// numbers on every machine (the standard's distributions do not). Called by the
// fault pipeline. Scenario language, section 6 ("drawn from the case's seed").
#pragma once

#include <cstdint>
#include <string_view>

namespace cmb::conformance::engine {

// FNV-1a, 64 bit.
constexpr std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
  }
  return hash;
}

class RandomSource {
 public:
  RandomSource(std::uint64_t seed, std::string_view case_id) : state_(seed ^ HashOf(case_id)) {}

  // Uniform in low..high, both included. REQUIRES: low <= high, and a range
  // that is short beside 2^64 (the remainder's bias is not corrected).
  std::uint64_t Between(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t size = high - low + 1;
    return size == 0 ? Next() : low + Next() % size;
  }

 private:
  // SplitMix64.
  std::uint64_t Next() {
    std::uint64_t value = (state_ += 0x9e3779b97f4a7c15ULL);
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
  }

  std::uint64_t state_;
};

}  // namespace cmb::conformance::engine
