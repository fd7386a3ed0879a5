#include "conformance/report/outer_text.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

namespace cmb::conformance::report {
namespace {

constexpr std::string_view kMore = " ...";

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

unsigned char ByteAt(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// How many bytes a character has that begins so; 0: none does.
std::size_t LengthOf(unsigned char first) {
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xc2) {
    return 0;
  }
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

// The character that begins at `at`. Absent: its bytes are no UTF-8.
std::optional<Character> At(std::string_view text, std::size_t at) {
  constexpr std::array<unsigned char, 5> kMasks{0, 0x7f, 0x1f, 0x0f, 0x07};
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const std::size_t bytes = LengthOf(ByteAt(text, at));
  if (bytes == 0 || at + bytes > text.size()) {
    return std::nullopt;
  }
  auto code = static_cast<char32_t>(ByteAt(text, at) & kMasks[bytes]);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((ByteAt(text, at + i) & 0xc0) != 0x80) {
      return std::nullopt;
    }
    code = (code << 6) | (ByteAt(text, at + i) & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[bytes] || code > 0x10ffff || surrogate) {
    return std::nullopt;
  }
  return Character{code, bytes};
}

bool IsShownAsItIs(char32_t code) {
  const bool control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const bool hides = (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
                     (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
  const bool no_character = (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
  return code == '\n' || code == '\t' || !(control || hides || no_character);
}

// `bytes` less what would cut a character in two.
std::size_t WholeCharacters(std::string_view text, std::size_t bytes) {
  while (bytes > 0 && bytes < text.size() && (ByteAt(text, bytes) & 0xc0) == 0x80) {
    --bytes;
  }
  return bytes;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = At(text, at);
    if (!character) {
      out += fmt::format("\\x{:02x}", ByteAt(text, at));
      ++at;
      continue;
    }
    if (IsShownAsItIs(character->code)) {
      out += text.substr(at, character->bytes);
    } else if (character->code < 0x80) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(character->code));
    } else {
      out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(character->code));
    }
    at += character->bytes;
  }
  return out;
}

std::string Cut(std::string_view text, std::size_t most_bytes) {
  std::string line = Printable(text.substr(0, text.size()));
  for (char& c : line) {
    c = c == '\n' || c == '\t' ? ' ' : c;
  }
  if (line.size() > most_bytes) {
    line.resize(WholeCharacters(line, most_bytes - kMore.size()));
    line += kMore;
  }
  return line;
}

std::string Bounded(std::string_view text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) {
    return Printable(text);
  }
  const std::size_t half = most_bytes / 2;
  return fmt::format("{}\n[{} bytes are left out here]\n{}", Printable(text.substr(0, half)),
                     text.size() - 2 * half, Printable(text.substr(text.size() - half)));
}

}  // namespace cmb::conformance::report
