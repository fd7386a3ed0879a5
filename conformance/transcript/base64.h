// Bytes as letters (RFC 4648, section 4). Called by what writes JSON and the page. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cmb::conformance {

// Three bytes are four letters; what is missing of the last three is '='.
inline std::string Base64(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned three = 0;
    for (std::size_t i = at; i < at + 3; ++i) {
      three = three << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += at + i > bytes.size() ? '=' : kLetters[three >> (18U - 6U * i) & 63U];
    }
  }
  return text;
}

}  // namespace cmb::conformance
