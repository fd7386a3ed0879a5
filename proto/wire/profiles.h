// The order of the profiles, which their numbers do not tell. Pure; any thread.
#pragma once

#include "cmb/ack/v1/vocabulary.pb.h"

namespace cmb::wire {

// 0 for what is no profile, and rising with what a profile holds.
constexpr int RankOf(ack::v1::Profile profile) {
  switch (profile) {
    case ack::v1::PROFILE_CORE:
      return 1;
    case ack::v1::PROFILE_BASIC:
      return 2;
    case ack::v1::PROFILE_TRACKED:
      return 3;
    case ack::v1::PROFILE_DURABLE:
      return 4;
    case ack::v1::PROFILE_UNSPECIFIED:
    default:  // An open enum.
      return 0;
  }
}

// Whether who declares `declared` declares `needed` with it.
constexpr bool Holds(ack::v1::Profile declared, ack::v1::Profile needed) {
  return RankOf(declared) >= RankOf(needed);
}

}  // namespace cmb::wire
