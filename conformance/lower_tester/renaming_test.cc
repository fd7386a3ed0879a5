#include "conformance/lower_tester/renaming.h"

#include <gtest/gtest.h>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

ack::v1::CognitiveMessage Message() {
  ack::v1::CognitiveMessage header;
  header.set_source("sender");
  header.add_targets("target");
  header.set_message_id("sender-1");
  return header;
}

TEST(Renaming, NamesOfAHeaderBecomeOthersAsLongAndComeBack) {
  const Renaming names({"sender", "target"});
  const std::string written = Message().SerializeAsString();
  std::string header = written;
  names.HeaderOut(header);
  ack::v1::CognitiveMessage there;
  ASSERT_TRUE(there.ParseFromString(header));
  EXPECT_EQ(there.source(), names.Out("sender"));
  EXPECT_EQ(there.targets(0), names.Out("target"));
  EXPECT_NE(there.source(), "sender");
  EXPECT_EQ(there.message_id(), "sender-1") << "it is no name";
  EXPECT_EQ(header.size(), written.size());
  names.HeaderBack(header);
  EXPECT_EQ(header, written);
}

TEST(Renaming, WhatIsMalformedIsRenamedAndStaysSo) {
  const Renaming names({"sender"});
  std::string header = "\xff\x06sender\xff";
  names.HeaderOut(header);
  EXPECT_EQ(header, "\xff\x06" + names.Out("sender") + "\xff");
}

TEST(Renaming, EachCaseHasItsOwn) {
  const Renaming one({"sender"}), other({"sender"});
  EXPECT_NE(one.Out("sender"), other.Out("sender"));
  EXPECT_EQ(one.Back(one.Out("sender")), "sender");
  EXPECT_EQ(one.Out("@router"), "@router");
}

TEST(Renaming, NamesThatAreNeededAsTheyAreAreTold) {
  EXPECT_TRUE(IsRenamable("ghost"));
  EXPECT_FALSE(IsRenamable("ant"));
  EXPECT_FALSE(IsRenamable("@other"));
  EXPECT_FALSE(IsRenamable("ghost "));
  EXPECT_FALSE(IsRenamable("Ünï cødé"));
}

}  // namespace
}  // namespace cmb::conformance
