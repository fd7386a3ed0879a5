// Field matchers and paths, each with a value that agrees and one that does not.
#include "conformance/engine/field_matcher.h"

#include <gtest/gtest.h>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;
using scenario::Matcher;
using scenario::SetField;

std::string Same(const std::string& text) { return text == "$m1.message_id" ? "m-1" : text; }

Matcher Equal(const std::string& text) { return {Matcher::Kind::kEqual, text, {}, {}}; }
Matcher Of(Matcher::Kind kind, const std::string& text = "") { return {kind, text, {}, {}}; }
Matcher Within(std::uint64_t low, std::uint64_t high) {
  return {Matcher::Kind::kWithin, "", {low, high}, {}};
}
Matcher List(Matcher::Kind kind, std::vector<Matcher> list) {
  return {kind, "", {}, std::move(list)};
}

CognitiveMessage Sample() {
  CognitiveMessage message;
  message.set_msg_type(ack::v1::MSG_TYPE_ACK);
  message.add_targets("a");
  message.add_targets("b");
  message.mutable_ack()->set_ack_type(ack::v1::ACK_TYPE_ROUTER_ACK);
  message.mutable_ack()->set_correlation_id("m-1");
  message.mutable_ack()->set_started(false);
  message.mutable_ack()->set_memory_ms(18446744073709551615ULL);
  return message;
}

bool Agrees(const std::string& path, const Matcher& matcher) {
  return Matches(matcher, ReadField(Sample(), path), Same);
}

TEST(FieldMatcher, EqualComparesInTheWordsOfTheSpec) {
  EXPECT_TRUE(Agrees("ack.ack_type", Equal("ROUTER_ACK")));
  EXPECT_FALSE(Agrees("ack.ack_type", Equal("RECEIPT")));
  EXPECT_TRUE(Agrees("ack.correlation_id", Equal("$m1.message_id")));
  EXPECT_FALSE(Agrees("ack.correlation_id", Equal("m-2")));
}

TEST(FieldMatcher, PresenceOfAnOptionalFieldIsNotItsValue) {
  EXPECT_TRUE(Agrees("ack.started", Of(Matcher::Kind::kPresent)));
  EXPECT_TRUE(Agrees("ack.started", Equal("false")));
  EXPECT_TRUE(Agrees("ack.percent", Of(Matcher::Kind::kAbsent)));
  EXPECT_FALSE(Agrees("ack.percent", Equal("0")));
  EXPECT_FALSE(Agrees("ack.percent", Of(Matcher::Kind::kPresent)));
}

TEST(FieldMatcher, ZeroIsAbsentWhereTheSchemaSaysSo) {
  EXPECT_TRUE(Agrees("attempt", Of(Matcher::Kind::kAbsent)));
  EXPECT_TRUE(Agrees("attempt", Equal("0")));
  EXPECT_FALSE(Agrees("attempt", Of(Matcher::Kind::kPresent)));
}

TEST(FieldMatcher, WithinIncludesBothEndsAndRoundsNothing) {
  EXPECT_TRUE(Agrees("ack.memory_ms", Within(18446744073709551615ULL, 18446744073709551615ULL)));
  EXPECT_FALSE(Agrees("ack.memory_ms", Within(0, 18446744073709551614ULL)));
}

TEST(FieldMatcher, ListsAreComparedAsAWhole) {
  EXPECT_TRUE(Agrees("targets", List(Matcher::Kind::kList, {Equal("a"), Equal("b")})));
  EXPECT_FALSE(Agrees("targets", List(Matcher::Kind::kList, {Equal("b"), Equal("a")})));
  EXPECT_FALSE(Agrees("targets", List(Matcher::Kind::kList, {Equal("a")})));
  EXPECT_FALSE(Agrees("targets", Equal("a")));
}

TEST(FieldMatcher, AnyOfAndContains) {
  EXPECT_TRUE(
      Agrees("ack.ack_type", List(Matcher::Kind::kAnyOf, {Equal("CANCEL"), Equal("ROUTER_ACK")})));
  EXPECT_FALSE(Agrees("ack.ack_type", List(Matcher::Kind::kAnyOf, {Equal("CANCEL")})));
  EXPECT_TRUE(Agrees("ack.correlation_id", Of(Matcher::Kind::kContains, "-1")));
  EXPECT_FALSE(Agrees("ack.correlation_id", Of(Matcher::Kind::kContains, "-2")));
}

TEST(FieldMatcher, APathThatTheSchemaDoesNotHaveAgreesWithNothing) {
  EXPECT_FALSE(Agrees("ack.no_such", Of(Matcher::Kind::kAbsent)));
  EXPECT_FALSE(Agrees("source.inner", Of(Matcher::Kind::kAbsent)));
}

SetField Change(SetField::Kind kind, const std::string& path) {
  SetField change;
  change.kind = kind;
  change.path = path;
  return change;
}

TEST(WriteField, SetsRemovesAndAdds) {
  CognitiveMessage message = Sample();
  EXPECT_FALSE(WriteField(message, Change(SetField::Kind::kValue, "ack.ack_type"), {"99"}));
  EXPECT_EQ(static_cast<int>(message.ack().ack_type()), 99);
  EXPECT_FALSE(WriteField(message, Change(SetField::Kind::kValue, "ack.ack_type"), {"CANCEL"}));
  EXPECT_EQ(message.ack().ack_type(), ack::v1::ACK_TYPE_CANCEL);
  EXPECT_FALSE(WriteField(message, Change(SetField::Kind::kAbsent, "ack.correlation_id"), {}));
  EXPECT_EQ(message.ack().correlation_id(), "");
  EXPECT_FALSE(WriteField(message, Change(SetField::Kind::kList, "targets"), {}));
  EXPECT_EQ(message.targets_size(), 0);
  SetField unknown = Change(SetField::Kind::kUnknown, "unknown.4711");
  unknown.number = 4711;
  EXPECT_FALSE(WriteField(message, unknown, {"hello"}));
  EXPECT_EQ(ReadField(message, "unknown.4711").values, std::vector<std::string>{"hello"});
}

TEST(WriteField, SaysWhatItCannotDo) {
  CognitiveMessage message;
  EXPECT_TRUE(WriteField(message, Change(SetField::Kind::kValue, "no_such"), {"1"}));
  EXPECT_TRUE(WriteField(message, Change(SetField::Kind::kValue, "attempt"), {"many"}));
}

}  // namespace
}  // namespace cmb::conformance::engine
