#include "reference/shell/frame_judge.h"

#include <gtest/gtest.h>

#include "proto/wire/frame_codec.h"
#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

using ack::v1::CognitiveMessage;

CognitiveMessage Ack() {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source("target");
  header.add_targets("sender");
  header.mutable_ack()->set_ack_type(ack::v1::ACK_TYPE_EXECUTION_ACK);
  header.mutable_ack()->set_status(ack::v1::STATUS_SUCCESS);
  header.mutable_ack()->set_correlation_id("m1");
  header.mutable_ack()->set_attempt(2);
  return header;
}

CognitiveMessage Of(ack::v1::MsgType type) {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(type);
  header.set_message_id(type == ack::v1::MSG_TYPE_PING ? "@n1" : "m1");
  header.set_correlation_id("m1");
  header.set_source("target");
  header.add_targets("sender");
  return header;
}

Inbound FramesOf(const wire::Frames& frames, const std::string& peer = "target") {
  Inbound inbound;
  inbound.peer = peer;
  for (const auto& frame : frames) {
    inbound.frames.emplace_back(frame.data(), frame.size());
  }
  return inbound;
}

// The word of the anomaly, or "passes".
std::string Judge(Inbound inbound, SocketKind kind, Side side) {
  const JudgeConfig config{.side = side, .role = lifecycle::Role::kRouter};
  const auto judged = JudgeFrames(std::move(inbound), kind, config, lifecycle::AtMs(7));
  const auto* anomaly = std::get_if<lifecycle::AnomalyEvent>(&judged);
  return anomaly == nullptr ? "passes" : lifecycle::Word(anomaly->kind);
}
std::string Judge(const CognitiveMessage& header, SocketKind kind, Side side) {
  return Judge(FramesOf(wire::Encode(header, "p")), kind, side);
}
std::string AtRouter(const CognitiveMessage& header) {
  return Judge(header, SocketKind::kAckIngress, Side::kRouter);
}

TEST(FrameJudge, PassesAGoodAckWithItsBytes) {
  const auto frames = wire::Encode(Ack(), "diagnostics");
  auto judged = JudgeFrames(FramesOf(frames), SocketKind::kAckIngress, {.side = Side::kRouter}, {});
  const auto& arrived = std::get<Arrived>(judged);
  EXPECT_EQ(arrived.parcel->HeaderBytes(), frames[0]);
  EXPECT_EQ(arrived.parcel->Payload(), "diagnostics");
  EXPECT_EQ(arrived.peer, "target");
}

TEST(FrameJudge, OtherThanTwoFramesIsMalformed) {
  const std::string header = wire::EncodeHeader(Ack());
  for (const wire::Frames& frames :
       {wire::Frames{}, wire::Frames{header}, wire::Frames{header, "", ""}}) {
    EXPECT_EQ(Judge(FramesOf(frames), SocketKind::kAckIngress, Side::kRouter), "MALFORMED")
        << frames.size();
  }
}

TEST(FrameJudge, AHeaderBeyondTheLimitIsMalformed) {
  const auto frames = wire::Encode(Ack(), "");
  const JudgeConfig exact{.side = Side::kRouter, .header_bytes = frames[0].size()};
  const JudgeConfig less{.side = Side::kRouter, .header_bytes = frames[0].size() - 1};
  const auto judge = [&](const JudgeConfig& config) {
    return JudgeFrames(FramesOf(frames), SocketKind::kAckIngress, config, {}).index();
  };
  EXPECT_EQ(judge(exact), 0u);
  EXPECT_EQ(judge(less), 1u);
}

TEST(FrameJudge, WhatAnAckNeedsIsNeeded) {
  const std::pair<const char*, void (*)(CognitiveMessage&)> harms[] = {
      {"source", [](CognitiveMessage& h) { h.clear_source(); }},
      {"ack", [](CognitiveMessage& h) { h.clear_ack(); }},
      {"correlation", [](CognitiveMessage& h) { h.mutable_ack()->clear_correlation_id(); }},
      {"attempt", [](CognitiveMessage& h) { h.mutable_ack()->clear_attempt(); }},
      {"both", [](CognitiveMessage& h) { *h.mutable_ack_batch()->add_acks() = h.ack(); }},
      {"empty batch",
       [](CognitiveMessage& h) {
         h.clear_ack();
         h.mutable_ack_batch();
       }},
      {"batch of 257",
       [](CognitiveMessage& h) {
         for (int i = 0; i < 257; ++i) {
           *h.mutable_ack_batch()->add_acks() = h.ack();
         }
         h.clear_ack();
       }},
      {"no target", [](CognitiveMessage& h) { h.clear_targets(); }},
      {"two targets", [](CognitiveMessage& h) { h.add_targets("another"); }},
  };
  for (const auto& [name, harm] : harms) {
    auto header = Ack();
    harm(header);
    EXPECT_EQ(AtRouter(header), "MALFORMED") << name;
  }
}

// CMB-BAT-002: what an ACK of a batch lacks is that ACK's alone.
TEST(FrameJudge, AnAckThatLacksSomethingDoesNotSpoilItsBatch) {
  auto header = Ack();
  *header.mutable_ack_batch()->add_acks() = header.ack();
  header.mutable_ack_batch()->add_acks();
  header.clear_ack();
  EXPECT_EQ(AtRouter(header), "passes");
}

TEST(FrameJudge, AnEndpointDoesNotJudgeTheTargetsOfAnAck) {
  auto header = Ack();
  header.clear_targets();
  EXPECT_EQ(Judge(header, SocketKind::kAckEgress, Side::kEndpoint), "passes");
}

TEST(FrameJudge, EachTypeNeedsTheIdThatNamesIt) {
  for (const auto type : {ack::v1::MSG_TYPE_MESSAGE, ack::v1::MSG_TYPE_PING,
                          ack::v1::MSG_TYPE_QUERY, static_cast<ack::v1::MsgType>(77)}) {
    auto header = Of(type);
    header.clear_message_id();
    EXPECT_EQ(Judge(header, SocketKind::kChannel, Side::kEndpoint), "MALFORMED")
        << wire::Word(type);
  }
  for (const auto type : {ack::v1::MSG_TYPE_PONG, ack::v1::MSG_TYPE_REPLY}) {
    auto header = Of(type);
    header.clear_correlation_id();
    EXPECT_EQ(Judge(header, SocketKind::kChannel, Side::kEndpoint), "MALFORMED")
        << wire::Word(type);
  }
}

// CMB-WIRE-022: by its id it could be taken for a message.
TEST(FrameJudge, APingIsToldByItsId) {
  auto ping = Of(ack::v1::MSG_TYPE_PING);
  EXPECT_EQ(Judge(ping, SocketKind::kChannel, Side::kEndpoint), "passes");
  ping.set_message_id("m1");
  EXPECT_EQ(Judge(ping, SocketKind::kChannel, Side::kEndpoint), "MALFORMED");
}

TEST(FrameJudge, APingOrPongOfMoreThanItsBoundIsMalformed) {
  for (const auto type : {ack::v1::MSG_TYPE_PING, ack::v1::MSG_TYPE_PONG}) {
    const auto judge = [&](std::size_t bytes) {
      return Judge(FramesOf(wire::Encode(Of(type), std::string(bytes, 'x'))), SocketKind::kChannel,
                   Side::kRouter);
    };
    EXPECT_EQ(judge(kLargestPingBytes), "passes");
    EXPECT_EQ(judge(kLargestPingBytes + 1), "MALFORMED");
  }
}

// CMB-SEC-011.
TEST(FrameJudge, ARouterHearsNobodyUnderAReservedName) {
  for (const std::string name : {"@router", "@other"}) {
    auto header = Ack();
    header.set_source(name);
    EXPECT_EQ(
        Judge(FramesOf(wire::Encode(header, ""), name), SocketKind::kAckIngress, Side::kRouter),
        "UNAUTHORIZED_ACK");
    EXPECT_EQ(
        Judge(FramesOf(wire::Encode(header, ""), name), SocketKind::kAckEgress, Side::kEndpoint),
        "passes");
  }
}

TEST(FrameJudge, EverySocketTakesItsOwnKindsOnly) {
  const auto message = Of(ack::v1::MSG_TYPE_MESSAGE);
  const auto ping = Of(ack::v1::MSG_TYPE_PING);
  const auto unknown = Of(static_cast<ack::v1::MsgType>(77));
  const auto row = [&](SocketKind kind, Side side) {
    return Judge(message, kind, side) + " " + Judge(Ack(), kind, side) + " " +
           Judge(ping, kind, side) + " " + Judge(unknown, kind, side);
  };
  const std::string channel = "passes CHANNEL_MISMATCH passes passes";
  const std::string acks = "CHANNEL_MISMATCH passes passes CHANNEL_MISMATCH";
  const std::string none = "CHANNEL_MISMATCH CHANNEL_MISMATCH CHANNEL_MISMATCH CHANNEL_MISMATCH";
  EXPECT_EQ(row(SocketKind::kChannel, Side::kRouter), channel);
  EXPECT_EQ(row(SocketKind::kAckIngress, Side::kRouter), acks);
  EXPECT_EQ(row(SocketKind::kAckEgress, Side::kRouter), none);
  EXPECT_EQ(row(SocketKind::kChannel, Side::kEndpoint), channel);
  EXPECT_EQ(row(SocketKind::kAckIngress, Side::kEndpoint), none);
  EXPECT_EQ(row(SocketKind::kAckEgress, Side::kEndpoint), acks);
}

TEST(FrameJudge, ARouterBelievesNoSourceButTheConnection) {
  const auto inbound = [] { return FramesOf(wire::Encode(Ack(), ""), "sender"); };
  EXPECT_EQ(Judge(inbound(), SocketKind::kAckIngress, Side::kRouter), "UNAUTHORIZED_ACK");
}

TEST(FrameJudge, ARouterWithCurveBelievesTheKeyAndNotTheConnection) {
  auto own = FramesOf(wire::Encode(Ack(), "p"));
  own.key_owner = "target";
  EXPECT_EQ(Judge(std::move(own), SocketKind::kAckIngress, Side::kRouter), "passes");
  auto claimed = FramesOf(wire::Encode(Ack(), "p"));
  claimed.key_owner = "arm";
  EXPECT_EQ(Judge(std::move(claimed), SocketKind::kAckIngress, Side::kRouter), "UNAUTHORIZED_ACK");
}

TEST(FrameJudge, MalformedIsSaidBeforeMismatchAndMismatchBeforeUnauthorised) {
  auto malformed = Ack();
  malformed.mutable_ack()->clear_attempt();
  EXPECT_EQ(Judge(malformed, SocketKind::kChannel, Side::kRouter), "MALFORMED");
  const auto forged = FramesOf(wire::Encode(Ack(), ""), "sender");
  Inbound copy = FramesOf(wire::Encode(Ack(), ""), forged.peer);
  EXPECT_EQ(Judge(std::move(copy), SocketKind::kChannel, Side::kRouter), "CHANNEL_MISMATCH");
}

TEST(FrameJudge, AnAnomalyNamesWhatTheFrameSpokeOf) {
  const auto judged =
      JudgeFrames(FramesOf(wire::Encode(Ack(), ""), "sender"), SocketKind::kAckIngress,
                  {.side = Side::kRouter}, lifecycle::AtMs(7));
  const auto& anomaly = std::get<lifecycle::AnomalyEvent>(judged);
  EXPECT_EQ(anomaly.id.str(), "m1");
  EXPECT_EQ(anomaly.attempt, 2u);
  EXPECT_EQ(anomaly.type, lifecycle::AckType::kExecutionAck);
  EXPECT_EQ(anomaly.note, "it came from sender");
  EXPECT_EQ(lifecycle::MsOf(anomaly.at), 7);
}

}  // namespace
}  // namespace cmb::reference
