#include "proto/wire/words.h"

#include <gtest/gtest.h>

#include "cmb/ack/v1/vocabulary.pb.h"

namespace cmb::wire {
namespace {

using ack::v1::AckType;
using ack::v1::State;

TEST(Words, AWordIsWrittenWithoutItsPrefix) {
  EXPECT_EQ(Word(ack::v1::ACK_TYPE_ROUTER_ACK), "ROUTER_ACK");
  EXPECT_EQ(Word(ack::v1::STATE_COMPLETED_SUCCESS), "COMPLETED_SUCCESS");
}

TEST(Words, AValueOfALaterSchemaIsItsNumber) { EXPECT_EQ(Word(static_cast<AckType>(99)), "99"); }

TEST(Words, AWordIsReadWithAndWithoutItsPrefix) {
  EXPECT_EQ(ParseWord<AckType>("RECEIPT"), ack::v1::ACK_TYPE_RECEIPT);
  EXPECT_EQ(ParseWord<AckType>("ACK_TYPE_RECEIPT"), ack::v1::ACK_TYPE_RECEIPT);
}

TEST(Words, WhatIsNoWordIsAbsent) {
  EXPECT_FALSE(ParseWord<AckType>("RECIEPT"));
  EXPECT_FALSE(ParseWord<AckType>("UNSPECIFIED"));
  EXPECT_FALSE(ParseWord<AckType>(""));
}

TEST(Words, EveryWordOfEveryEnumComesBack) {
  for (const auto& word : AllWords<State>()) {
    const auto value = ParseWord<State>(word);
    ASSERT_TRUE(value) << word;
    EXPECT_EQ(Word(*value), word);
  }
  EXPECT_EQ(AllWords<State>().size(), 16U);
}

}  // namespace
}  // namespace cmb::wire
