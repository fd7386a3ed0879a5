// What is written here is what protobuf's own reader of JSON reads.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conformance/transcript/base64.h"
#include "conformance/transcript/frame_json.h"

namespace cmb::conformance {
namespace {

template <typename Message>
void ExpectReadBack(const Message& message) {
  Message read;
  FromJson(ToJson(message), read);
  EXPECT_EQ(read.SerializeAsString(), message.SerializeAsString()) << ToJson(message).dump();
}

TEST(MessageJson, NumbersAtTheirBounds) {
  control::v1::Settings settings;
  for (const double factor : {0.75, 2.0, 1e300, 5e-324, std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity()}) {
    settings.add_jitter_factors(factor);
  }
  settings.set_wall_base_ms(std::numeric_limits<std::int64_t>::min());
  settings.set_seed(std::numeric_limits<std::uint64_t>::max());
  ExpectReadBack(settings);
  ack::v1::Event event;
  event.mutable_transition()->set_attempt(std::numeric_limits<std::uint32_t>::max());
  ExpectReadBack(event);
}

TEST(MessageJson, ANumberThatIsNoneStaysNone) {
  control::v1::Settings settings, read;
  settings.add_jitter_factors(std::nan(""));
  FromJson(ToJson(settings), read);
  EXPECT_TRUE(std::isnan(read.jitter_factors(0)));
}

TEST(MessageJson, WordsThatHaveNoNameAreNumbers) {
  ack::v1::CognitiveMessage header;
  header.set_msg_type(static_cast<ack::v1::MsgType>(99));
  EXPECT_EQ(ToJson(header).dump(), R"({"msg_type":99})");
  ExpectReadBack(header);
}

TEST(MessageJson, BytesOfEveryLengthAndValue) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    control::v1::Send send;
    send.set_payload(bytes);
    ExpectReadBack(send);
    bytes += static_cast<char>(255 - i);
  }
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
}

TEST(MessageJson, OptionalFieldsThatAreSetToNothing) {
  ack::v1::CognitiveMessage header;
  header.mutable_policy()->set_max_retries(0);
  header.mutable_ack()->set_correlation_id("");
  header.add_targets("");
  ExpectReadBack(header);
  EXPECT_EQ(ToJson(ack::v1::CognitiveMessage()).dump(), "{}");
}

}  // namespace
}  // namespace cmb::conformance
