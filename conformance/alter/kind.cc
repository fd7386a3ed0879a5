#include "conformance/alter/kind.h"

namespace cmb::conformance::alter {

std::string Kind::Text() const {
  const std::string text = role + " | " + item + " | " + done;
  return field.empty() ? text : text + " | " + field;
}

void Count::Add(const Count& other) {
  if (other.not_caught() > 0 && (not_caught() == 0 || other.missed < missed)) {
    missed = other.missed;
  }
  all += other.all;
  caught += other.caught;
  in_place += other.in_place;
}

void Add(const Tally& from, Tally& to) {
  for (const auto& [kind, count] : from) {
    to[kind].Add(count);
  }
}

Count Total(const Tally& tally, const std::string& role) {
  Count total;
  for (const auto& [kind, count] : tally) {
    if (role.empty() || kind.role == role) {
      total.Add(count);
    }
  }
  return total;
}

}  // namespace cmb::conformance::alter
