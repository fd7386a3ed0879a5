// The metrics of CMB-OBS-017, from events as the cores make them.
#include "reference/extras/metrics/metrics_event_sink.h"

#include <gtest/gtest.h>
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include "reference/extras/events/jsonl_event_sink.h"
#include "reference/extras/replay/replay.h"
#include "reference/sinks/sinks_test_events.h"

namespace cmb::reference {
namespace {

using ack::v1::State;

class Metrics : public testing::Test {
 protected:
  void Moves(State old_state, State new_state, std::uint64_t at_ms, const std::string& id = "m-1",
             std::uint32_t retry_count = 0, ack::v1::Role role = ack::v1::ROLE_SENDER) {
    ack::v1::Event event;
    auto& transition = *event.mutable_transition();
    transition.set_message_id(id);
    transition.set_source("sender");
    transition.set_role(role);
    transition.set_old_state(old_state);
    transition.set_new_state(new_state);
    transition.set_monotonic_ms(at_ms);
    transition.set_retry_count(retry_count);
    sink.Write(event);
  }

  // A message that is sent and ends so, both at `at_ms`.
  void Ends(State state, const std::string& id, std::uint64_t at_ms,
            std::uint32_t retry_count = 0) {
    Moves(ack::v1::STATE_IDLE, ack::v1::STATE_SEND_PENDING, at_ms, id);
    Moves(ack::v1::STATE_SEND_PENDING, state, at_ms, id, retry_count);
  }

  std::string TextAt(std::uint64_t now_ms) {
    sink.UseClock([now_ms] { return now_ms; });
    return sink.Text();
  }

  // True: the text at `now_ms` has this line.
  bool Says(const std::string& line, std::uint64_t now_ms = 0) {
    return ("\n" + TextAt(now_ms)).find("\n" + line + "\n") != std::string::npos;
  }

  void SendsAck(ack::v1::Status status, ack::v1::ErrorCode code, std::uint64_t now_ms) {
    ack::v1::Ack ack;
    ack.set_ack_type(ack::v1::ACK_TYPE_ROUTER_ACK);
    ack.set_status(status);
    ack.set_error_code(code);
    sink.CountAck(ack::v1::ROLE_ROUTER, ack, now_ms);
  }

  MetricsEventSink sink;
};

TEST_F(Metrics, WhatHasNoValueYetIsNotThere) { EXPECT_EQ(sink.Text(), ""); }

TEST_F(Metrics, AStageLastsFromItsEntryToItsEnd) {
  Moves(ack::v1::STATE_IDLE, ack::v1::STATE_SEND_PENDING, 1000);
  Moves(ack::v1::STATE_SEND_PENDING, ack::v1::STATE_ROUTED, 1003);
  const std::string stage = "role=\"sender\",stage=\"send_pending\"";
  EXPECT_TRUE(Says("ack_stage_duration_bucket{" + stage + ",le=\"2\"} 0"));
  EXPECT_TRUE(Says("ack_stage_duration_bucket{" + stage + ",le=\"5\"} 1"));
  EXPECT_TRUE(Says("ack_stage_duration_bucket{" + stage + ",le=\"+Inf\"} 1"));
  EXPECT_TRUE(Says("ack_stage_duration_sum{" + stage + "} 3"));
  EXPECT_EQ(sink.Text().find("stage=\"idle\""), std::string::npos);
}

TEST_F(Metrics, LatencyIsFromTheSendToTheFirstEnd) {
  Moves(ack::v1::STATE_IDLE, ack::v1::STATE_SEND_PENDING, 1000);
  Moves(ack::v1::STATE_SEND_PENDING, ack::v1::STATE_ROUTED, 1500);
  Moves(ack::v1::STATE_ROUTED, ack::v1::STATE_TIMEOUT_ABORT, 2000);
  Moves(ack::v1::STATE_TIMEOUT_ABORT, ack::v1::STATE_COMPLETED_SUCCESS, 9000);
  EXPECT_TRUE(Says("end_to_end_latency_sum{outcome=\"timeout_abort\"} 1000"));
  EXPECT_EQ(sink.Text().find("outcome=\"completed_success\""), std::string::npos);
  EXPECT_TRUE(Says("ack_timeout_rate 1", 9000));
}

TEST_F(Metrics, SharesAreOfWhatEndedInFiveMinutes) {
  Ends(ack::v1::STATE_COMPLETED_FAILURE, "old", 1000);
  Ends(ack::v1::STATE_COMPLETED_SUCCESS, "a", 400000, 1);
  Ends(ack::v1::STATE_COMPLETED_SUCCESS, "b", 400000);
  Ends(ack::v1::STATE_TIMEOUT_ABORT, "c", 400000, 3);
  Ends(ack::v1::STATE_COMPLETED_FAILURE, "d", 400000);
  EXPECT_TRUE(Says("ack_success_rate 0.5", 400000));
  EXPECT_TRUE(Says("ack_retry_rate 0.5", 400000));
  EXPECT_TRUE(Says("ack_timeout_rate 0.25", 400000));
  EXPECT_FALSE(Says("ack_timeout_rate 0.25", 701000)) << "what is older counts no more";
}

TEST_F(Metrics, PendingAreTheRecordsThatAreNotTerminal) {
  Moves(ack::v1::STATE_IDLE, ack::v1::STATE_SEND_PENDING, 0, "m-1");
  Moves(ack::v1::STATE_IDLE, ack::v1::STATE_SEND_PENDING, 0, "m-2");
  Moves(ack::v1::STATE_SEND_PENDING, ack::v1::STATE_ROUTED, 0, "m-2");
  Ends(ack::v1::STATE_COMPLETED_SUCCESS, "m-3", 0);
  EXPECT_TRUE(Says("pending_acks{role=\"sender\",state=\"send_pending\"} 1"));
  EXPECT_TRUE(Says("pending_acks{role=\"sender\",state=\"routed\"} 1"));
}

TEST_F(Metrics, ARouterAndATargetHaveStagesButNoOutcome) {
  const auto router = ack::v1::ROLE_ROUTER;
  Moves(ack::v1::STATE_FORWARDING, ack::v1::STATE_DELIVERED, 10, "m-1", 0, router);
  Moves(ack::v1::STATE_DELIVERED, ack::v1::STATE_SETTLED, 40, "m-1", 0, router);
  EXPECT_TRUE(Says("ack_stage_duration_sum{role=\"router\",stage=\"delivered\"} 30"));
  EXPECT_TRUE(Says("pending_acks{role=\"router\",state=\"delivered\"} 0"));
  EXPECT_EQ(sink.Text().find("outcome="), std::string::npos);
  EXPECT_EQ(sink.Text().find("stage=\"forwarding\""), std::string::npos) << "no event begins it";
}

TEST_F(Metrics, AcksAreCountedByWhatTheySay) {
  for (int n = 0; n < 6; ++n) {
    SendsAck(ack::v1::STATUS_REJECTED, ack::v1::ERROR_CODE_NO_ROUTE, 1000);
  }
  EXPECT_TRUE(
      Says("acks_sent_total{ack_type=\"router_ack\",error_code=\"no_route\",role=\"router\","
           "status=\"rejected\"} 6"));
  EXPECT_TRUE(Says("ack_rate_per_second{role=\"router\"} 0.1", 1000));
  EXPECT_TRUE(Says("ack_rate_per_second{role=\"router\"} 0", 90000));
}

TEST_F(Metrics, NumbersThatAreNoWordsShareALabel) {
  SendsAck(ack::v1::STATUS_FAILURE, static_cast<ack::v1::ErrorCode>(4711), 0);
  SendsAck(ack::v1::STATUS_FAILURE, static_cast<ack::v1::ErrorCode>(4712), 0);
  EXPECT_TRUE(
      Says("acks_sent_total{ack_type=\"router_ack\",error_code=\"unknown\",role=\"router\","
           "status=\"failure\"} 2"));
}

TEST_F(Metrics, WhatEndedIsCountedByItsOutcomeAndReconciliationApart) {
  Ends(ack::v1::STATE_TIMEOUT_ABORT, "m-1", 0);
  ack::v1::Event late;
  late.mutable_transition()->set_role(ack::v1::ROLE_SENDER);
  late.mutable_transition()->set_old_state(ack::v1::STATE_TIMEOUT_ABORT);
  late.mutable_transition()->set_new_state(ack::v1::STATE_COMPLETED_SUCCESS);
  late.mutable_transition()->set_reason(ack::v1::REASON_LATE_EXECUTION_ACK);
  sink.Write(late);
  EXPECT_TRUE(
      Says("cmb_messages_ended_total{certainty=\"unspecified\",error_code=\"unspecified\","
           "reason=\"unspecified\",state=\"timeout_abort\",target=\"\"} 1"));
  EXPECT_TRUE(Says("cmb_reconciled_total{new_state=\"completed_success\"} 1"));
}

TEST_F(Metrics, AnomaliesAlertsAndRedeliveriesAreCounted) {
  ack::v1::Event event;
  event.mutable_anomaly()->set_role(ack::v1::ROLE_ROUTER);
  event.mutable_anomaly()->set_kind(ack::v1::ANOMALY_KIND_UNAUTHORIZED_ACK);
  sink.Write(event);
  event.mutable_alert()->set_state(ack::v1::ALERT_STATE_RAISED);
  sink.Write(event);
  for (const auto role : {ack::v1::ROLE_ROUTER, ack::v1::ROLE_SENDER}) {
    event.mutable_retry()->set_role(role);
    event.mutable_retry()->set_target("t");
    sink.Write(event);
  }
  EXPECT_TRUE(Says("cmb_anomalies_total{kind=\"unauthorized_ack\",role=\"router\"} 1"));
  EXPECT_TRUE(Says("cmb_alerts_total{state=\"raised\"} 1"));
  EXPECT_TRUE(Says("cmb_redeliveries_total{target=\"t\"} 1"));
}

TEST_F(Metrics, ALogGivesTheNumbersOfTheDay) {
  const auto path = FreshPath("events.jsonl");
  {
    JsonlEventSink log(path);
    auto first = Routed(1, "m-1");
    first.mutable_transition()->set_old_state(ack::v1::STATE_IDLE);
    first.mutable_transition()->set_new_state(ack::v1::STATE_SEND_PENDING);
    auto second = Routed(2, "m-1");
    second.mutable_transition()->set_monotonic_ms(7);
    log.Write(first);
    log.Write(second);
  }
  const auto replayed = ReplayLog({path}, &sink);
  ASSERT_TRUE(std::holds_alternative<Replay>(replayed));
  EXPECT_TRUE(Says("ack_stage_duration_sum{role=\"sender\",stage=\"send_pending\"} 7"));
  EXPECT_TRUE(Says("pending_acks{role=\"sender\",state=\"routed\"} 1"));
}

TEST_F(Metrics, WhatARouterHoldsIsToldByItself) {
  const auto router = ack::v1::ROLE_ROUTER;
  Moves(ack::v1::STATE_FORWARDING, ack::v1::STATE_DELIVERED, 10, "m-1", 0, router);
  sink.SetLevels(router, {.pending = {{ack::v1::STATE_DELIVERED, 7}},
                          .records = 9,
                          .records_limit = 100,
                          .dead_letters = 2,
                          .refused_connections = 3});
  EXPECT_TRUE(Says("pending_acks{role=\"router\",state=\"delivered\"} 7"));
  EXPECT_TRUE(Says("cmb_records{role=\"router\"} 9"));
  EXPECT_TRUE(Says("cmb_records_limit{role=\"router\"} 100"));
  EXPECT_TRUE(Says("cmb_dead_letters 2"));
  EXPECT_TRUE(Says("# TYPE cmb_refused_connections_total counter"));
  EXPECT_TRUE(Says("cmb_refused_connections_total 3"));
}

TEST_F(Metrics, ABufferThatWasEmptiedIsAtZero) {
  sink.SetLevels(ack::v1::ROLE_ROUTER, {.buffer_depth = {{"arm", 2}, {"leg", 1}}});
  sink.SetLevels(ack::v1::ROLE_ROUTER, {.buffer_depth = {{"leg", 5}}});
  EXPECT_TRUE(Says("ack_buffer_depth{role=\"router\",target=\"arm\"} 0"));
  EXPECT_TRUE(Says("ack_buffer_depth{role=\"router\",target=\"leg\"} 5"));
}

TEST(MetricsLabels, TargetsBeyondTheBoundShareOne) {
  MetricsEventSink sink(2);
  sink.SetLevels(ack::v1::ROLE_ROUTER, {.buffer_depth = {{"a", 1}, {"b", 2}}});
  sink.SetLevels(ack::v1::ROLE_ROUTER, {.buffer_depth = {{"b", 3}, {"c", 4}, {"d", 5}}});
  const auto text = sink.Text();
  for (const std::string line : {"\"a\"} 0", "\"b\"} 3", "\"@other\"} 9"}) {
    EXPECT_NE(text.find("ack_buffer_depth{role=\"router\",target=" + line), std::string::npos)
        << text;
  }
  EXPECT_EQ(text.find("target=\"c\""), std::string::npos);
}

TEST_F(Metrics, NamesOfTargetsAreEscaped) {
  sink.SetLevels(ack::v1::ROLE_ROUTER, {.buffer_depth = {{"a\"b\\c\n", 7}}});
  EXPECT_TRUE(Says("ack_buffer_depth{role=\"router\",target=\"a\\\"b\\\\c\\n\"} 7"));
}

TEST_F(Metrics, WhatItGivesAwayMayOutliveIt) {
  std::shared_ptr<prometheus::Collectable> collectable;
  {
    MetricsEventSink mortal;
    mortal.SetLevels(ack::v1::ROLE_ROUTER, {.dead_letters = 1});
    collectable = mortal.collectable();
  }
  EXPECT_EQ(collectable->Collect().size(), 1u);
}

}  // namespace
}  // namespace cmb::reference
