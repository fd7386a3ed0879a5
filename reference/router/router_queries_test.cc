// QUERY and REPLY at the router's shell. What the core lists is the core's test.
#include <gtest/gtest.h>

#include "reference/router/router_test_bench.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

CognitiveMessage QueryOf(QueryKind kind, const std::string& asker = "sender") {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(MSG_TYPE_QUERY);
  header.set_message_id("q1");
  header.set_source(asker);
  header.add_targets("@router");
  header.mutable_query()->set_kind(kind);
  return header;
}

CognitiveMessage About(QueryKind kind, const std::string& id, const std::string& asker = "sender") {
  auto header = QueryOf(kind, asker);
  header.mutable_query()->set_message_id(id);
  return header;
}

struct InspectedBench : Bench {
  using Bench::Bench;

  // The only frame that it sent for the query.
  CognitiveMessage Ask(const CognitiveMessage& query) {
    sockets.Forget();
    Arrives(kMain, query);
    EXPECT_EQ(sockets.sent().size(), 1u);
    return sockets.sent().empty() ? CognitiveMessage() : sockets.sent()[0].header;
  }
  // Forwards `id` in vain until it is given up.
  void GivesUp(const std::string& id) {
    Arrives(kMain, MessageHeader(id));
    while (shell.Find("sender", id)->state() != STATE_DEAD_LETTERED) {
      const auto timer = shell.NextTimer(lifecycle::TimerClass::kProtocol);
      clock.SetNowMs(static_cast<std::uint64_t>(lifecycle::MsOf(timer->deadline)));
      shell.FireNext(lifecycle::TimerClass::kProtocol);
    }
    shell.Commit();
  }
};

std::string CodeOf(const CognitiveMessage& reply) {
  return reply.reply().status() == STATUS_REJECTED ? wire::Word(reply.reply().error_code())
                                                   : wire::Word(reply.reply().status());
}

TEST(Inspection, AReplyGoesToTheAskerOnTheChannelAndNamesTheQuery) {
  InspectedBench bench;
  bench.Ask(QueryOf(QUERY_KIND_HEALTH, "watcher"));
  const auto& sent = bench.sockets.sent().at(0);
  EXPECT_EQ(sent.socket, kMain);
  EXPECT_EQ(sent.peer, "watcher");
  EXPECT_EQ(sent.payload, "");
  EXPECT_EQ(sent.header.msg_type(), MSG_TYPE_REPLY);
  EXPECT_EQ(sent.header.correlation_id(), "q1");
  EXPECT_EQ(sent.header.source(), "@router");
  EXPECT_EQ(sent.header.targets(0), "watcher");
  EXPECT_EQ(sent.header.message_id(), "");
}

TEST(Inspection, TellsOneRecordOrNone) {
  InspectedBench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  EXPECT_EQ(bench.Ask(About(QUERY_KIND_TRANSACTION, "m1")).reply().transaction().state(),
            STATE_FORWARDING);
  auto of_another = About(QUERY_KIND_TRANSACTION, "m1", "watcher");
  EXPECT_FALSE(bench.Ask(of_another).reply().has_transaction());
  of_another.mutable_query()->set_source("sender");
  EXPECT_TRUE(bench.Ask(of_another).reply().has_transaction());
}

TEST(Inspection, ListsInPagesOfTheLimit) {
  InspectedBench bench;
  for (const std::string id : {"m1", "m2", "m3"}) {
    bench.Arrives(kMain, MessageHeader(id));
  }
  auto query = QueryOf(QUERY_KIND_IN_FLIGHT);
  query.mutable_query()->set_limit(2);
  const auto first = bench.Ask(query).reply();
  ASSERT_EQ(first.in_flight_size(), 2);
  EXPECT_TRUE(first.more());
  query.mutable_query()->set_after_source("sender");
  query.mutable_query()->set_after_message_id(first.in_flight(1).message_id());
  const auto second = bench.Ask(query).reply();
  ASSERT_EQ(second.in_flight_size(), 1);
  EXPECT_EQ(second.in_flight(0).message_id(), "m3");
  EXPECT_FALSE(second.more());
}

TEST(Inspection, AListEndsBeforeItsHeaderIsLargerThanEveryoneTakes) {
  RouterSettings settings;
  settings.core.queue_per_target = 1000;
  InspectedBench bench(settings);
  for (int i = 0; i < 1000; ++i) {
    bench.Arrives(kMain, MessageHeader(std::string(240, 'x') + std::to_string(i)));
  }
  auto query = QueryOf(QUERY_KIND_IN_FLIGHT);
  query.mutable_query()->set_limit(1000);
  const auto reply = bench.Ask(query);
  EXPECT_LE(reply.ByteSizeLong(), kDefaultHeaderBytes);
  EXPECT_GT(reply.reply().in_flight_size(), 100);
  EXPECT_TRUE(reply.reply().more());
}

TEST(Inspection, HealthCountsWhatWasSeen) {
  InspectedBench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  bench.Arrives(kIngress, Receipt("unknown"));
  bench.Arrives(kEgress, Receipt());
  bench.Arrives(kEgress, Receipt());
  bench.clock.SetNowMs(500);
  const auto health = bench.Ask(QueryOf(QUERY_KIND_HEALTH)).reply().health();
  EXPECT_EQ(health.uptime_ms(), 500u);
  EXPECT_EQ(health.records(), 1u);
  EXPECT_EQ(health.in_flight(), 1u);
  EXPECT_EQ(health.profile(), PROFILE_DURABLE);
  ASSERT_EQ(health.queues_size(), 1);
  EXPECT_EQ(health.queues(0).target(), "target");
  ASSERT_EQ(health.anomalies_size(), 2);
  EXPECT_EQ(health.anomalies(0).kind(), ANOMALY_KIND_CHANNEL_MISMATCH);
  EXPECT_EQ(health.anomalies(0).count(), 2u);
}

TEST(Inspection, RefusesWhatCannotBeAsked) {
  InspectedBench bench;
  EXPECT_EQ(CodeOf(bench.Ask(QueryOf(QUERY_KIND_UNSPECIFIED))), "VALIDATION_ERROR");
  EXPECT_EQ(CodeOf(bench.Ask(QueryOf(static_cast<QueryKind>(99)))), "VALIDATION_ERROR");
  EXPECT_EQ(CodeOf(bench.Ask(QueryOf(QUERY_KIND_TRANSACTION))), "VALIDATION_ERROR");
  auto too_many = QueryOf(QUERY_KIND_IN_FLIGHT);
  too_many.mutable_query()->set_limit(1001);
  EXPECT_EQ(CodeOf(bench.Ask(too_many)), "VALIDATION_ERROR");
}

TEST(Inspection, ATrackedRouterKnowsNoDeadLetters) {
  RouterSettings settings;
  settings.core.profile = lifecycle::Profile::kTracked;
  InspectedBench bench(settings);
  EXPECT_EQ(CodeOf(bench.Ask(QueryOf(QUERY_KIND_PURGE))), "UNSUPPORTED_MESSAGE_TYPE");
  EXPECT_EQ(CodeOf(bench.Ask(QueryOf(QUERY_KIND_HEALTH))), "SUCCESS");
}

TEST(Inspection, ABasicRouterRefusesAQueryByItsType) {
  RouterSettings settings;
  settings.core.profile = lifecycle::Profile::kBasic;
  InspectedBench bench(settings);
  const auto refusal = bench.Ask(QueryOf(QUERY_KIND_HEALTH));
  EXPECT_EQ(wire::Word(refusal.ack().error_code()), "UNSUPPORTED_MESSAGE_TYPE");
}

TEST(Inspection, AQueryToSomebodyElseIsRefusedAsAMessage) {
  InspectedBench bench;
  auto astray = QueryOf(QUERY_KIND_HEALTH);
  astray.set_targets(0, "target");
  const auto refusal = bench.Ask(astray);
  EXPECT_EQ(refusal.ack().status(), STATUS_REJECTED);
  EXPECT_EQ(wire::Word(refusal.ack().error_code()), "VALIDATION_ERROR");
}

TEST(Inspection, LeavesNoRecordAndMovesNoTimer) {
  InspectedBench bench;
  bench.Arrives(kMain, MessageHeader("m1"));
  const auto before = bench.shell.Timers().size();
  bench.Ask(QueryOf(QUERY_KIND_IN_FLIGHT));
  EXPECT_EQ(bench.shell.Timers().size(), before);
  EXPECT_FALSE(bench.shell.Find("sender", "q1"));
}

TEST(Inspection, AReplyThatNobodyTakesIsUndeliverable) {
  InspectedBench bench;
  bench.sockets.AnswerWith(SendResult::kUnroutable);
  bench.Arrives(kMain, QueryOf(QUERY_KIND_HEALTH));
  EXPECT_EQ(TakeAnomalies(bench.events), Words{"UNDELIVERABLE"});
}

TEST(Redrive, SendsTheLetterAsANewMessageAndTellsItsId) {
  RouterSettings settings;
  settings.id_prefix = "r-";
  InspectedBench bench(settings);
  bench.GivesUp("m1");
  bench.sockets.Forget();
  bench.Arrives(kMain, About(QUERY_KIND_REDRIVE, "m1"));
  ASSERT_EQ(bench.sockets.sent().size(), 2u);
  const auto& message = bench.sockets.sent()[0];
  EXPECT_EQ(message.peer, "target");
  EXPECT_EQ(message.payload, "payload");
  auto expected = MessageHeader("r-redrive-1");
  expected.set_idempotency_key("m1");
  expected.set_redrive_of("m1");
  EXPECT_EQ(message.header.SerializeAsString(), expected.SerializeAsString());
  EXPECT_EQ(bench.sockets.sent()[1].header.reply().redriven_id(), "r-redrive-1");
  EXPECT_EQ(bench.Ask(QueryOf(QUERY_KIND_DEAD_LETTERS)).reply().dead_letters_size(), 0);
}

TEST(Redrive, WithoutARouteKeepsTheLetter) {
  InspectedBench bench;
  bench.GivesUp("m1");
  bench.sockets.AnswerWith("target", SendResult::kUnroutable);
  EXPECT_EQ(CodeOf(bench.Ask(About(QUERY_KIND_REDRIVE, "m1"))), "NO_ROUTE");
  EXPECT_EQ(bench.Ask(QueryOf(QUERY_KIND_DEAD_LETTERS)).reply().dead_letters_size(), 1);
}

TEST(Redrive, OfWhatIsNoLetterIsRefused) {
  InspectedBench bench;
  EXPECT_EQ(CodeOf(bench.Ask(About(QUERY_KIND_REDRIVE, "m1"))), "VALIDATION_ERROR");
}

TEST(DeadLetters, AreDisposedOfByTheirSourceAndByOperatorsAlone) {
  RouterSettings settings;
  settings.core.operators = {lifecycle::ModuleId("operator")};
  InspectedBench bench(settings);
  bench.GivesUp("m1");
  for (const auto kind : {QUERY_KIND_REDRIVE, QUERY_KIND_PURGE}) {
    auto query = About(kind, "m1", "stranger");
    query.mutable_query()->set_source("sender");
    EXPECT_EQ(CodeOf(bench.Ask(query)), "PERMISSION_DENIED");
  }
  auto query = About(QUERY_KIND_PURGE, "m1", "operator");
  query.mutable_query()->set_source("sender");
  EXPECT_EQ(bench.Ask(query).reply().purged_count(), 1u);
}

TEST(DeadLetters, TellTheirStory) {
  InspectedBench bench;
  bench.GivesUp("m1");
  bench.clock.SetNowMs(bench.clock.NowMs() + 250);
  const auto letter = bench.Ask(QueryOf(QUERY_KIND_DEAD_LETTERS)).reply().dead_letters(0);
  EXPECT_EQ(letter.message_id(), "m1");
  EXPECT_EQ(letter.age_ms(), 250u);
  EXPECT_EQ(letter.payload_bytes(), 7u);
  EXPECT_EQ(letter.ttl_ms(), 300'000u);
  EXPECT_EQ(letter.reason(), REASON_DELIVERY_PHASE_ENDED);
}

}  // namespace
}  // namespace cmb::reference
