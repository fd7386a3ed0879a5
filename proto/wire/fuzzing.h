// What fuzz targets share: bytes cut into pieces, and how a target fails. Used by fuzz
// targets alone. Header only, free of state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace cmb::wire {

// What holds of any input. Breaking it ends the process, with the sentence.
inline void MustHold(bool holds, const char* sentence) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %s\n", sentence);
    std::abort();
  }
}

// Takes bytes from the front of an input until there are none.
class Pieces {
 public:
  Pieces(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }

  // 0 where there is none any more.
  std::uint8_t TakeByte() {
    const auto bytes = Take(1);
    return bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes.front());
  }

  // Two bytes say its length, the smaller one first; what is missing is left out.
  std::string_view TakePiece() {
    const std::size_t low = TakeByte();
    return Take(low + 256 * std::size_t{TakeByte()});
  }

  std::string_view TakeRest() { return Take(rest_.size()); }

 private:
  std::string_view Take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

// `life` does one thing after another, as the input says, until there is none.
template <typename Life>
int Live(Life life, const std::uint8_t* data, std::size_t size) {
  for (Pieces input(data, size); !input.empty();) {
    life.Do(input);
  }
  return 0;
}

}  // namespace cmb::wire
