// The codec against the byte vectors, which another encoder made.
#include "proto/wire/frame_codec.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "proto/wire/mutilate.h"

namespace cmb::wire {
namespace {

int Nibble(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

std::string FromHex(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c <= ' '; }), text.end());
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<char>(Nibble(text[i]) * 16 + Nibble(text[i + 1])));
  }
  return bytes;
}

YAML::Node Vectors(const std::string& file) {
  return YAML::LoadFile(std::string(CMB_SOURCE_DIR) + "/proto/wire/vectors/" + file);
}

Frames MinimalMessage() {
  const auto vectors = Vectors("valid.yaml")["vectors"];
  return {FromHex(vectors[0]["header"].as<std::string>()), "payload"};
}

TEST(FrameCodec, TakesEveryValidVectorAndGivesTheSameBytesBack) {
  int seen = 0;
  for (const auto& list : {"vectors", "later"}) {
    for (const auto& vector : Vectors("valid.yaml")[list]) {
      SCOPED_TRACE(vector["name"].as<std::string>());
      const std::string bytes = FromHex(vector["header"].as<std::string>());
      const auto result = Decode({bytes, "p"});
      ASSERT_TRUE(std::holds_alternative<Decoded>(result)) << std::get<1>(result).sentence;
      EXPECT_EQ(EncodeHeader(std::get<Decoded>(result).header), bytes);
      EXPECT_EQ(std::get<Decoded>(result).payload, "p");
      ++seen;
    }
  }
  EXPECT_GE(seen, 25);
}

TEST(FrameCodec, EncodesTheTextOfEveryVectorToItsBytes) {
  for (const auto& vector : Vectors("valid.yaml")["vectors"]) {
    SCOPED_TRACE(vector["name"].as<std::string>());
    ack::v1::CognitiveMessage header;
    ASSERT_TRUE(
        google::protobuf::TextFormat::ParseFromString(vector["text"].as<std::string>(), &header));
    EXPECT_EQ(EncodeHeader(header), FromHex(vector["header"].as<std::string>()));
  }
}

TEST(FrameCodec, RefusesEveryInvalidVectorForItsOwnFault) {
  int seen = 0;
  for (const auto& vector : Vectors("invalid.yaml")["vectors"]) {
    SCOPED_TRACE(vector["name"].as<std::string>());
    Frames frames;
    for (const auto& frame : vector["frames"]) {
      frames.push_back(FromHex(frame.as<std::string>()));
    }
    const auto result = Decode(frames);
    ASSERT_TRUE(std::holds_alternative<DecodeError>(result));
    EXPECT_EQ(FaultName(std::get<DecodeError>(result).fault), vector["fault"].as<std::string>());
    EXPECT_FALSE(std::get<DecodeError>(result).sentence.empty());
    ++seen;
  }
  EXPECT_GE(seen, 25);
}

TEST(FrameCodec, EveryNamedHarmIsRefused) {
  ASSERT_TRUE(std::holds_alternative<Decoded>(Decode(MinimalMessage())));
  for (const auto& name : AllHarms()) {
    SCOPED_TRACE(name);
    const auto harm = ParseHarm(name);
    ASSERT_TRUE(harm);
    EXPECT_EQ(HarmName(*harm), name);
    EXPECT_TRUE(std::holds_alternative<DecodeError>(Decode(Mutilate(MinimalMessage(), *harm))));
  }
  EXPECT_FALSE(ParseHarm("no_such_harm"));
}

RC_GTEST_PROP(FrameCodec, NoBytesCrashIt, (const std::vector<std::string>& frames)) {
  const auto result = Decode(frames);
  RC_ASSERT(frames.size() == 2 || std::holds_alternative<DecodeError>(result));
}

RC_GTEST_PROP(FrameCodec, NoFlippedBitCrashesIt, (unsigned bit)) {
  const auto result = Decode(FlipHeaderBit(MinimalMessage(), bit));
  RC_SUCCEED_IF(std::holds_alternative<DecodeError>(result));
  // What still decodes encodes to something that decodes to the same value.
  const auto& header = std::get<Decoded>(result).header;
  const auto again = Decode(Encode(header, ""));
  RC_ASSERT(std::holds_alternative<Decoded>(again));
  RC_ASSERT(EncodeHeader(std::get<Decoded>(again).header) == EncodeHeader(header));
}

RC_GTEST_PROP(FrameCodec, NoProperPrefixOfAHeaderIsTakenAsTheWhole, ()) {
  const Frames message = MinimalMessage();
  const auto size = *rc::gen::inRange<std::size_t>(0, message[0].size());
  const auto result = Decode(TruncateHeader(message, size));
  const auto* decoded = std::get_if<Decoded>(&result);
  const bool taken_as_the_whole = decoded != nullptr && EncodeHeader(decoded->header) == message[0];
  RC_ASSERT_FALSE(taken_as_the_whole);
}

}  // namespace
}  // namespace cmb::wire
