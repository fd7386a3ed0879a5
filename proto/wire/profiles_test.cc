#include "proto/wire/profiles.h"

#include <gtest/gtest.h>

#include "proto/wire/words.h"

namespace cmb::wire {
namespace {

TEST(Profiles, EachHoldsThoseBeforeItAndNoOther) {
  const auto words = AllWords<ack::v1::Profile>();
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t j = 0; j < words.size(); ++j) {
      EXPECT_EQ(
          Holds(*ParseWord<ack::v1::Profile>(words[i]), *ParseWord<ack::v1::Profile>(words[j])),
          j <= i)
          << words[i] << " and " << words[j];
    }
  }
  EXPECT_FALSE(Holds(ack::v1::PROFILE_UNSPECIFIED, ack::v1::PROFILE_CORE));
}

}  // namespace
}  // namespace cmb::wire
