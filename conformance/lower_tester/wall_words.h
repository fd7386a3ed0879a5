// Translates what is said to an implementation under test (IUT) on a real clock and what it says:
// every field that holds milliseconds, in requests, replies and headers, found by reflection.
// Pure; one thread. Owned by WallClock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "cmb/control/v1/control.pb.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/wall_scale.h"

namespace cmb::conformance {

// Of what ends one millisecond behind an instant of the case, not at it (10.3).
bool IsBehind(const control::v1::Timer& timer);

// Fills in the defaults of chapter 7 and 19, which no IUT knows to be scaled.
void SayDefaults(control::v1::Settings& settings);

class WallWords {
 public:
  WallWords() = default;
  WallWords(WallScale scale, ack::v1::Role role, std::uint64_t wall_base_ms)
      : scale_(scale), role_(role), wall_base_ms_(wall_base_ms) {}

  const WallScale& scale() const { return scale_; }
  ack::v1::Role role() const { return role_; }

  // To the IUT. The value that is no multiple of the unit, or too large to keep its meaning;
  // absent: it was translated.
  std::optional<std::uint64_t> ToIut(google::protobuf::Message& message) const;
  std::optional<std::uint64_t> ToIut(Frames& frames);

  // From the IUT. The greatest distance of an instant in it from its tick.
  std::uint64_t FromIut(google::protobuf::Message& message) const;
  void FromIut(Frames& frames) const;

 private:
  WallScale scale_;
  ack::v1::Role role_ = ack::v1::ROLE_UNSPECIFIED;
  std::uint64_t wall_base_ms_ = 0;
  std::map<std::string, std::string> shown_;  // Headers as they were, by what the IUT was shown.
};

}  // namespace cmb::conformance
