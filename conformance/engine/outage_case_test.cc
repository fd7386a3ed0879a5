// crash, start, disconnect, connect, fill, drain, wall_jump, keys: what the bench is asked and what
// is lost.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/engine/fake_bench_testing.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

int NotesOfKind(const Transcript& transcript, NoteKind kind) {
  return static_cast<int>(std::count_if(transcript.entries.begin(), transcript.entries.end(),
                                        [kind](const Entry& entry) {
                                          const auto* note = std::get_if<Note>(&entry.what);
                                          return note != nullptr && note->kind == kind;
                                        }));
}

// A sender that says nothing of itself but its messages.
void MakeSender(FakeBench& bench) {
  bench.on_send = [&bench](const control::v1::Send& send, const std::string& id) {
    bench.Say(0, kRouterId, MessageOf(id, send.target()));
  };
}

TEST(OutageCase, WhatBeginBringsIsInTheWindowOfTheStart) {
  FakeBench bench;
  MakeSender(bench);
  bench.on_start = [&bench] {
    const auto id = bench.settings.settings.id_prefix() + "1";
    bench.Say(0, kRouterId, MessageOf(id, "target", 2));
  };
  Transcript transcript;
  const CaseResult result = RunText(bench,
                                    Document("sender",
                                             "steps:\n"
                                             "  - send: m1\n"
                                             "  - {expect: MESSAGE, attempt: 1}\n"
                                             "  - advance: 1s\n"
                                             "  - crash: sender\n"
                                             "  - advance: 2s\n"
                                             "  - start: sender\n"
                                             "  - {expect: MESSAGE, attempt: 2}\n"),
                                    1, &transcript);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.starts, std::vector<std::uint64_t>{3'000});
  // The mark of the start and its Begin are one exchange.
  const auto mark =
      std::find_if(transcript.entries.begin(), transcript.entries.end(), [](const Entry& entry) {
        const auto* process = std::get_if<ProcessMark>(&entry.what);
        return process != nullptr && process->moment == ProcessMoment::kStarted;
      });
  ASSERT_NE(mark, transcript.entries.end());
  EXPECT_TRUE(std::get<ControlAct>((mark + 1)->what).request.has_begin());
  EXPECT_EQ(mark->exchange, (mark + 1)->exchange);
  EXPECT_EQ(mark->at_ms, 3'000U);
}

TEST(OutageCase, WhatIsDueAtACrashedIutIsLostAndShownAsLost) {
  FakeBench bench;
  MakeSender(bench);
  Transcript transcript;
  const CaseResult result = RunText(bench,
                                    Document("sender",
                                             "faults: [{delay: ROUTER_ACK, by: 1s}]\n"
                                             "steps:\n"
                                             "  - send: m1\n"
                                             "  - expect: MESSAGE\n"
                                             "  - crash: sender\n"
                                             "  - advance: 5s\n"
                                             "  - start: sender\n"
                                             "  - {expect: nothing, for: 1s}\n"),
                                    1, &transcript);
  EXPECT_EQ(bench.heard.size(), 2U);  // DELIVERY_ACK and EXECUTION_ACK came before the crash.
  EXPECT_EQ(NotesOfKind(transcript, NoteKind::kLost), 1);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
}

TEST(OutageCase, ScriptsAreSaidAgainBeforeTheInstantIsPlayed) {
  FakeBench bench;
  bench.profile = ack::v1::PROFILE_DURABLE;
  bool offered = false;
  bench.on_start = [&] {
    bench.At(4'000, [&] { offered = true; });  // Restored work is due at once.
  };
  const CaseResult result =
      RunText(bench, Document("target",
                              "profile: DURABLE\n"
                              "steps:\n"
                              "  - {send: m1, work: {ends: FAILURE TOOL_TIMEOUT, after: 9s}}\n"
                              "  - {send: m2}\n"
                              "  - advance: 4s\n"
                              "  - crash: target\n"
                              "  - start: target\n"
                              "  - expect: nothing\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_TRUE(offered);
  const auto scripts = std::count_if(bench.requests.begin(), bench.requests.end(),
                                     [](const auto& one) { return one.has_script_execution(); });
  EXPECT_EQ(scripts, 2);  // m2 has the default, which needs none.
}

TEST(OutageCase, ACaseMayEndWhileTheIutIsDown) {
  FakeBench bench;
  MakeSender(bench);
  const CaseResult result = RunText(bench, Document("sender",
                                                    "steps:\n"
                                                    "  - send: m1\n"
                                                    "  - {expect: MESSAGE}\n"
                                                    "  - crash: sender\n"
                                                    "  - {check: m1, attempts: 1}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_TRUE(std::none_of(bench.requests.begin(), bench.requests.end(),
                           [](const auto& one) { return one.has_get_transaction(); }));
}

TEST(OutageCase, FramesOfADisconnectedModuleAreLost) {
  FakeBench bench;
  bench.on_frame = [&bench](const CognitiveMessage& header) {
    if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
      bench.Say(0, "target", header);
    }
  };
  Transcript transcript;
  const CaseResult result = RunText(bench,
                                    Document("router",
                                             "faults: none\n"
                                             "steps:\n"
                                             "  - {send: m1, work: {ends: SUCCESS, after: 3s}}\n"
                                             "  - {expect: MESSAGE}\n"
                                             "  - disconnect: target\n"
                                             "  - advance: 5s\n"
                                             "  - connect: target\n"
                                             "  - {expect: nothing}\n"),
                                    1, &transcript);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(NotesOfKind(transcript, NoteKind::kLost), 1);   // Its EXECUTION_ACK.
  EXPECT_EQ(NotesOfKind(transcript, NoteKind::kOther), 2);  // It disconnects, it connects.
}

TEST(OutageCase, WhatAReturnBringsIsInTheWindowOfTheConnect) {
  FakeBench bench;
  CognitiveMessage sent;
  bench.on_frame = [&](const CognitiveMessage& header) { sent = header; };
  bench.on_connect = [&](const std::string& module) { bench.Say(0, module, sent); };
  const CaseResult result = RunText(bench, Document("router",
                                                    "steps:\n"
                                                    "  - disconnect: target\n"
                                                    "  - send: m1\n"
                                                    "  - expect: nothing\n"
                                                    "  - connect: target\n"
                                                    "  - {expect: MESSAGE, to: target}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
}

TEST(OutageCase, AQueueIsFilledAndDrainedAsWritten) {
  FakeBench bench;
  Transcript transcript;
  const CaseResult result = RunText(bench,
                                    Document("router",
                                             "steps:\n"
                                             "  - fill: target\n"
                                             "  - {ack: EXECUTION_ACK/SUCCESS, of: m1}\n"
                                             "  - drain: target\n"
                                             "  - expect: nothing\n"
                                             "given: {m1: UNSENT}\n"),
                                    1, &transcript);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.settings.fills, std::vector<std::string>{"target"});
  EXPECT_EQ(bench.queues, (std::vector<std::string>{"target full", "target drained"}));
  EXPECT_EQ(bench.heard.size(), 1U);  // Who is sent nothing may speak.
  EXPECT_EQ(NotesOfKind(transcript, NoteKind::kOther), 2);
}

TEST(OutageCase, TheWallClockJumpsByWhatIsWritten) {
  FakeBench bench;
  MakeSender(bench);
  const CaseResult result = RunText(bench, Document("sender",
                                                    "steps:\n"
                                                    "  - send: m1\n"
                                                    "  - expect: MESSAGE\n"
                                                    "  - wall_jump: -1h\n"
                                                    "  - expect: nothing\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_TRUE(std::any_of(bench.requests.begin(), bench.requests.end(), [](const auto& one) {
    return one.has_wall_jump() && one.wall_jump().by_ms() == -3'600'000;
  }));
}

TEST(OutageCase, TheWallClockStaysWhereItJumpedForTheNextProcess) {
  FakeBench bench;
  MakeSender(bench);
  const CaseResult result = RunText(bench, Document("sender",
                                                    "steps:\n"
                                                    "  - send: m1\n"
                                                    "  - wall_jump: +1h\n"
                                                    "  - crash: sender\n"
                                                    "  - wall_jump: +2h\n"
                                                    "  - start: sender\n"
                                                    "  - crash: sender\n"
                                                    "  - start: sender\n"
                                                    "  - expect: MESSAGE\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.jumps, (std::vector<std::int64_t>{3 * 3'600'000, 0}));
}

TEST(OutageCase, AModuleWithABadKeyIsNotWaitedForAndNotHeard) {
  FakeBench bench;
  bench.features = {ack::v1::FEATURE_CURVE};
  const CaseResult result =
      RunText(bench, Document("router",
                              "needs: [curve]\n"
                              "peers: {mallory: {key: wrong}, nobody: {key: none}}\n"
                              "steps:\n"
                              "  - {send: m1, from: mallory}\n"
                              "  - {send: m2, from: nobody}\n"
                              "  - expect: nothing\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_TRUE(bench.heard.empty());
  EXPECT_TRUE(bench.settings.curve);
  EXPECT_EQ(bench.settings.bad_keys.at("mallory"), BadKey::kForeign);
  EXPECT_EQ(bench.settings.bad_keys.at("nobody"), BadKey::kNone);
  EXPECT_EQ(bench.settings.connected, (std::vector<std::string>{"sender", "target"}));
}

}  // namespace
}  // namespace cmb::conformance::engine
