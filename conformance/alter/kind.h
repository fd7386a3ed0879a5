// Alterations of the same kind: what was altered, in what way, of which role; and how many of them
// the oracle saw. Values. Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace cmb::conformance::alter {

struct Kind {
  std::string role;  // sender, router, target.
  std::string item;  // As Alteration has them.
  std::string done;
  std::string field;

  auto operator<=>(const Kind&) const = default;
  // "target | frame PONG | changed | ack.note"; what is altered as a whole has no field.
  std::string Text() const;
};

// Where one stands, for people. The first by file and line is kept.
struct Example {
  std::string file, case_id;
  std::size_t line = 0;

  bool operator<(const Example& other) const {
    return std::tie(file, line) < std::tie(other.file, other.line);
  }
};

struct Count {
  std::uint64_t all = 0;
  std::uint64_t caught = 0;    // The oracle finds something.
  std::uint64_t in_place = 0;  // And its first finding is no later than what was altered.
  Example missed;              // One that was not caught.

  std::uint64_t not_caught() const { return all - caught; }
  void Add(const Count& other);
};

using Tally = std::map<Kind, Count>;
void Add(const Tally& from, Tally& to);
Count Total(const Tally& tally, const std::string& role = "");  // Empty: of all roles.

}  // namespace cmb::conformance::alter
