#include "conformance/transcript/transcript.h"

#include <gtest/gtest.h>

#include <sstream>

#include "conformance/transcript/transcript_json.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

ack::v1::CognitiveMessage AHeader() {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id("m-1");
  header.set_source("sender");
  header.set_attempt(1);
  header.set_ttl_ms(18446744073709551615ULL);
  return header;
}

Transcript OneOfEverything() {
  Transcript transcript;
  transcript.header.case_id = "sender/x@a=b";
  transcript.header.role = ack::v1::ROLE_SENDER;
  transcript.header.module_id = "sender";
  transcript.header.channels = {"main", "bulk"};
  transcript.header.profile = ack::v1::PROFILE_BASIC;
  transcript.header.features = {ack::v1::FEATURE_VIRTUAL_CLOCK};
  transcript.header.settings.add_jitter_factors(0.75);
  transcript.header.seed = 7;
  control::v1::Request request;
  request.set_seq(3);
  request.set_incarnation("i");
  request.mutable_send()->set_payload("hello");
  control::v1::Reply reply;
  reply.set_seq(3);
  reply.set_now_ms(5);
  reply.add_events()->set_number(1);
  transcript.entries.push_back({5, 0, 1, StepMarker{12, "send: m1"}});
  transcript.entries.push_back({5, 0, 1, MakeControlAct(request, reply)});
  const DataFrame frame =
      MakeDataFrame(Direction::kFromIut, "main", "@router", wire::Encode(AHeader(), "payload"));
  transcript.entries.push_back({5, 0, 1, frame});
  ack::v1::Event event;
  event.mutable_transition()->set_wall_ms(99);
  event.mutable_transition()->set_message_id("m-1");
  transcript.entries.push_back({5, 0, 1, MakeIutEvent(event)});
  transcript.entries.push_back({5, kClosingStep, 2, Note{NoteKind::kFault, "dropped", frame}});
  transcript.entries.push_back({5, 1, 2, Note{NoteKind::kDrawn, "delay 3 ms", std::nullopt}});
  transcript.entries.push_back(
      {6, 1, 2, MakeDataFrame(Direction::kToIut, "ack_egress", "@router", {"\xff\xff", ""})});
  transcript.entries.push_back({6, 1, 2, ProcessMark{ProcessMoment::kCrashed}});
  transcript.entries.push_back({7, 1, 3, ProcessMark{ProcessMoment::kStarted}});
  return transcript;
}

Transcript ReadBack(const std::string& text) {
  std::istringstream in(text);
  auto read = ReadTranscript(in);
  if (auto* error = std::get_if<TranscriptError>(&read)) {
    ADD_FAILURE() << error->line << ": " << error->sentence;
    return {};
  }
  return std::get<Transcript>(std::move(read));
}

TEST(Transcript, ReadsBackWhatItWrote) {
  const Transcript transcript = OneOfEverything();
  EXPECT_EQ(ReadBack(TranscriptLines(transcript)), transcript);
  EXPECT_EQ(TranscriptLines(ReadBack(TranscriptLines(transcript))), TranscriptLines(transcript));
}

TEST(Transcript, ADifferenceInAnyEntryIsADifference) {
  for (std::size_t i = 0; i < OneOfEverything().entries.size(); ++i) {
    Transcript changed = OneOfEverything();
    changed.entries.erase(changed.entries.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(changed == OneOfEverything()) << "entry " << i;
  }
}

TEST(Transcript, KeepsFieldsOfTheFutureInTheHeader) {
  std::string header = wire::EncodeHeader(AHeader());
  header += std::string("\xf8\x07\x05", 3);  // Field 127, varint 5.
  Transcript transcript;
  transcript.header.role = ack::v1::ROLE_TARGET;
  transcript.entries.push_back(
      {0, 0, 1, MakeDataFrame(Direction::kToIut, "main", "@router", {header, ""})});
  const auto& frame = std::get<DataFrame>(transcript.entries[0].what);
  ASSERT_TRUE(frame.header.has_value());
  EXPECT_EQ(ReadBack(TranscriptLines(transcript)), transcript);
  const Transcript read = ReadBack(TranscriptLines(transcript));
  EXPECT_EQ(std::get<DataFrame>(read.entries.at(0).what).frames.at(0).bytes, header);
}

TEST(Transcript, HasNoTraceOfTheControlChannelsNumbersOrTheWallClock) {
  const std::string text = TranscriptLines(OneOfEverything());
  for (const char* word : {"\"seq\"", "incarnation", "epoch", "wall_ms"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
}

TEST(Transcript, KeepsLongPayloadsAsSizeAndHash) {
  const std::string longer(kKeptBytes + 1, 'x');
  std::string other = longer;
  other.back() = 'y';
  const FrameBytes one = MakeFrameBytes(longer);
  EXPECT_TRUE(one.elided);
  EXPECT_EQ(one.size, kKeptBytes + 1);
  EXPECT_TRUE(one.bytes.empty());
  EXPECT_NE(one.hash, MakeFrameBytes(other).hash);
  EXPECT_FALSE(MakeFrameBytes(std::string(kKeptBytes, 'x')).elided);
}

TEST(Transcript, AFrameThatDoesNotDecodeSaysWhy) {
  const DataFrame frame = MakeDataFrame(Direction::kFromIut, "main", "p", {"only one"});
  EXPECT_FALSE(frame.header.has_value());
  EXPECT_NE(frame.fault, "");
  EXPECT_EQ(frame.payload().size, 0U);
}

TEST(Transcript, NamesTheLineThatIsBroken) {
  std::string text = TranscriptLines(OneOfEverything());
  text += "{\"at_ms\": oops\n";
  std::istringstream in(text);
  const auto read = ReadTranscript(in);
  ASSERT_TRUE(std::holds_alternative<TranscriptError>(read));
  EXPECT_EQ(std::get<TranscriptError>(read).line, 11);
}

TEST(Transcript, AnEmptyFileIsNoTranscript) {
  std::istringstream in("");
  EXPECT_TRUE(std::holds_alternative<TranscriptError>(ReadTranscript(in)));
}

TEST(TranscriptFileName, IsPlainAndDistinct) {
  EXPECT_EQ(TranscriptFileName("plain"), "plain.jsonl");
  const std::string a = TranscriptFileName("a/b@x=1,y=2");
  EXPECT_EQ(a.substr(0, 12), "a_b_x_1_y_2-");
  EXPECT_NE(a, TranscriptFileName("a_b@x=1,y=2"));
  EXPECT_LT(TranscriptFileName(std::string(900, 'q')).size(), 255U);
}

}  // namespace
}  // namespace cmb::conformance
