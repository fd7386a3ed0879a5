// Paths that lead through a list of messages.
#include "conformance/engine/field_path.h"

#include <gtest/gtest.h>

#include "cmb/ack/v1/message.pb.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;
using Texts = std::vector<std::string>;

void Write(CognitiveMessage& header, const std::string& path, const Texts& values,
           scenario::SetField::Kind kind = scenario::SetField::Kind::kList) {
  scenario::SetField change;
  change.kind = kind;
  change.path = path;
  EXPECT_EQ(WriteField(header, change, values), std::nullopt);
}

TEST(FieldPath, MakesOneElementForEachValue) {
  CognitiveMessage header;
  Write(header, "metadata.key", {"a", "b"});
  EXPECT_EQ(ReadField(header, "metadata.key").values, (Texts{"a", "b"}));
}

TEST(FieldPath, ASecondPathFillsTheElementsThatAreThereAndAddsTheOthers) {
  CognitiveMessage header;
  Write(header, "metadata.key", {"a", "b"});
  Write(header, "metadata.value", {"1", "2", "3"});
  EXPECT_EQ(ReadField(header, "metadata.key").values, (Texts{"a", "b", ""}));
  EXPECT_EQ(ReadField(header, "metadata.value").values, (Texts{"1", "2", "3"}));
}

TEST(FieldPath, AbsentRemovesTheElements) {
  CognitiveMessage header;
  Write(header, "metadata.key", {"a"});
  Write(header, "metadata.key", {}, scenario::SetField::Kind::kAbsent);
  EXPECT_FALSE(ReadField(header, "metadata.key").present);
}

}  // namespace
}  // namespace cmb::conformance::engine
