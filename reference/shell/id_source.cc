#include "reference/shell/id_source.h"

#include <random>
#include <string_view>

namespace cmb::reference {

std::string RandomIdPrefix() {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  std::random_device device;
  std::string prefix;
  while (prefix.size() < kIdPrefixDigits) {
    prefix += kDigits[device() % kDigits.size()];
  }
  return prefix + '-';
}

}  // namespace cmb::reference
