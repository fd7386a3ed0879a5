// ask, batch, and what a case leaves for the oracle at its end.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/engine/fake_bench_testing.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

CognitiveMessage ReplyTo(const CognitiveMessage& query) {
  CognitiveMessage reply;
  reply.set_schema_version(1);
  reply.set_msg_type(ack::v1::MSG_TYPE_REPLY);
  reply.set_correlation_id(query.message_id());
  reply.set_source(kRouterId);
  reply.add_targets(query.source());
  reply.mutable_reply()->set_status(ack::v1::STATUS_SUCCESS);
  return reply;
}

// A router that forwards, and answers questions with `fill`.
void MakeRouter(FakeBench& bench,
                std::function<void(const ack::v1::Query&, ack::v1::QueryReply&)> fill) {
  bench.profile = ack::v1::PROFILE_DURABLE;
  bench.on_frame = [&bench, fill = std::move(fill)](const CognitiveMessage& header) {
    if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
      bench.Say(0, header.targets(0), header);
    } else if (header.msg_type() == ack::v1::MSG_TYPE_QUERY) {
      CognitiveMessage reply = ReplyTo(header);
      fill(header.query(), *reply.mutable_reply());
      bench.Say(0, header.source(), reply);
    }
  };
}

TEST(Question, AReplyIsReadByPathsOfItsOwn) {
  FakeBench bench;
  MakeRouter(bench, [](const ack::v1::Query& query, ack::v1::QueryReply& reply) {
    EXPECT_EQ(query.kind(), ack::v1::QUERY_KIND_DEAD_LETTERS);
    reply.add_dead_letters()->set_message_id("a");
    reply.add_dead_letters()->set_message_id("b");
  });
  const CaseResult result = RunText(
      bench, Document("router",
                      "profile: DURABLE\n"
                      "steps:\n"
                      "  - {ask: dead_letters, as: q}\n"
                      "  - expect: REPLY\n"
                      "    of: q\n"
                      "    to: sender\n"
                      "    fields: {dead_letters.message_id: [a, b], reply.status: SUCCESS}\n"
                      "    as: r\n"
                      "  - {check: r, fields: {source: \"@router\", more: absent}}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.heard[0].targets(0), kRouterId);
}

TEST(Question, AskingForARecordNamesTheMessageAndItsSource) {
  FakeBench bench;
  std::vector<ack::v1::Query> queries;
  MakeRouter(bench,
             [&](const ack::v1::Query& query, ack::v1::QueryReply&) { queries.push_back(query); });
  const CaseResult result = RunText(bench, Document("router",
                                                    "peers: {other: connected}\n"
                                                    "steps:\n"
                                                    "  - send: m1\n"
                                                    "  - {ask: transaction}\n"
                                                    "  - {ask: transaction, by: other}\n"
                                                    "  - {ask: in_flight, set: {query.limit: 7}}\n"
                                                    "  - {expect: REPLY, to: other}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  ASSERT_EQ(queries.size(), 3U);
  EXPECT_EQ(queries[0].source(), "");  // The asker's own.
  EXPECT_EQ(queries[1].source(), "sender");
  EXPECT_EQ(queries[1].message_id(), queries[0].message_id());
  EXPECT_EQ(queries[2].limit(), 7U);
}

TEST(Question, ARedriveNamesTheNewMessage) {
  FakeBench bench;
  CognitiveMessage old;
  MakeRouter(bench, [&](const ack::v1::Query& query, ack::v1::QueryReply& reply) {
    if (query.kind() == ack::v1::QUERY_KIND_REDRIVE) {
      reply.set_redriven_id("redrive-1");
      CognitiveMessage message = bench.heard[0];
      message.set_message_id("redrive-1");
      message.set_redrive_of(query.message_id());
      // Before the REPLY in the order of peers.
      bench.Say(0, "alpha", message, "m1m1m1m1m1m1m1m1");
    }
  });
  const CaseResult result = RunText(
      bench, Document("router",
                      "profile: DURABLE\n"
                      "peers: {alpha: connected}\n"
                      "steps:\n"
                      "  - {send: m1, to: alpha}\n"
                      "  - {ask: redrive, as: m2}\n"
                      "  - {expect: REPLY, fields: {redriven_id: $m2.message_id}, as: r}\n"
                      "  - expect: MESSAGE\n"
                      "    of: m2\n"
                      "    to: alpha\n"
                      "    payload: same\n"
                      "    fields: {redrive_of: $m1.message_id, message_id: $r.redriven_id}\n"
                      "  - {ack: RECEIPT, of: m2}\n"
                      "  - {check: m2, attempts: 1}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  EXPECT_EQ(bench.heard.back().ack().correlation_id(), "redrive-1");
  EXPECT_EQ(bench.heard.back().source(), "alpha");
}

TEST(Question, ABatchIsOneHeaderOfItsAcksInOrder) {
  FakeBench bench;
  bench.features = {ack::v1::FEATURE_BATCH_ACK};
  MakeRouter(bench, [](const auto&, auto&) {});
  const CaseResult result = RunText(
      bench,
      Document("router",
               "needs: [batch_ack]\n"
               "steps:\n"
               "  - send: m1..m2\n"
               "  - batch:\n"
               "      - {ack: RECEIPT, of: m1..m2}\n"
               "      - {ack: EXECUTION_ACK/SUCCESS, of: m1, set: {ack.note: done}, repeat: 2}\n"
               "    set: {ack_batch.batch_id: b-1}\n"
               "  - {expect: nothing, when: {lacks: [batch_ack]}}\n"
               "  - {check: m1, attempts: 1}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  ASSERT_EQ(bench.heard.size(), 3U);
  const CognitiveMessage& header = bench.heard.back();
  EXPECT_FALSE(header.has_ack());
  EXPECT_EQ(header.source(), "target");
  EXPECT_EQ(header.ack_batch().batch_id(), "b-1");
  ASSERT_EQ(header.ack_batch().acks_size(), 4);
  EXPECT_EQ(header.ack_batch().acks(1).ack_type(), ack::v1::ACK_TYPE_RECEIPT);
  EXPECT_EQ(header.ack_batch().acks(1).correlation_id(), bench.heard[1].message_id());
  EXPECT_EQ(header.ack_batch().acks(3).note(), "done");
}

TEST(Question, WhoTakesBatchesSaysSoInEveryHeader) {
  FakeBench bench;
  MakeRouter(bench, [](const auto&, auto&) {});
  const CaseResult result = RunText(bench, Document("router",
                                                    "peers: {sender: {accepts_ack_batch: true}}\n"
                                                    "steps:\n"
                                                    "  - send: m1\n"
                                                    "  - {ping: router, by: sender, on: main}\n"
                                                    "  - {ask: health}\n"
                                                    "  - {ack: RECEIPT}\n"
                                                    "  - {expect: MESSAGE}\n"));
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  ASSERT_EQ(bench.heard.size(), 4U);
  for (const CognitiveMessage& header : bench.heard) {
    EXPECT_EQ(header.features_size() == 1, header.source() == "sender");
  }
}

TEST(Question, EveryRecordIsAskedForAtTheEnd) {
  FakeBench bench;
  MakeRouter(bench, [](const auto&, auto&) {});
  Transcript transcript;
  const CaseResult result = RunText(bench,
                                    Document("router",
                                             "given: {m3: UNSENT}\n"
                                             "steps:\n"
                                             "  - send: m1..m2\n"
                                             "  - {expect: MESSAGE, of: m1..m2}\n"),
                                    1, &transcript);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
  const auto asked =
      std::count_if(transcript.entries.begin(), transcript.entries.end(), [](const Entry& entry) {
        const auto* act = std::get_if<ControlAct>(&entry.what);
        return act != nullptr && act->request.has_get_transaction() && entry.step == kClosingStep;
      });
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(bench.closings, 1);
}

}  // namespace
}  // namespace cmb::conformance::engine
