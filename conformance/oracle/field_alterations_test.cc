// Rows of the table of alterations.h: fields of frames and events that must not look so.
#include "conformance/oracle/alterations.h"
#include "conformance/oracle/altering.h"

namespace cmb::conformance::oracle {
namespace {

using namespace ack::v1;  // NOLINT: the words of the protocol, this file is full of them.

constexpr Direction kOut = Direction::kFromIut;

// Alters the header of the first ACK of this type.
template <typename Change>
auto InAck(AckType type, Change change) {
  return [=](Transcript& t) {
    change(Header(At(t, AckFrame(kOut, type))));
    Tidy(t);
  };
}

template <typename Change>
auto InTransition(State new_state, Change change) {
  return
      [=](Transcript& t) { change(*EventIn(At(t, Transition(new_state))).mutable_transition()); };
}

}  // namespace

// long because: it is a table.
std::vector<Alteration> FieldAlterations() {
  const std::string tables = "tables", wire9 = "CMB-WIRE-009", obs1 = "CMB-OBS-001";
  return {
      {tables, wire9, "target-plain", "an ACK has a channel",
       InAck(ACK_TYPE_RECEIPT, [](auto& header) { header.set_channel("main"); })},
      {tables, wire9, "target-plain", "an ACK has a message_id",
       InAck(ACK_TYPE_RECEIPT, [](auto& header) { header.set_message_id("x"); })},
      {tables, wire9, "target-plain", "a RECEIPT has a progress_number",
       InAck(ACK_TYPE_RECEIPT, [](auto& header) { header.mutable_ack()->set_progress_number(1); })},
      {tables, wire9, "target-plain", "a success has a code",
       InAck(
           ACK_TYPE_EXECUTION_ACK,
           [](auto& header) { header.mutable_ack()->set_error_code(ERROR_CODE_INTERNAL_ERROR); })},
      {tables, wire9, "target-plain", "a success is retryable",
       InAck(ACK_TYPE_EXECUTION_ACK,
             [](auto& header) { header.mutable_ack()->set_retryable(true); })},
      {tables, wire9, "target-plain", "a RECEIPT has a payload",
       [](Transcript& t) {
         std::get<DataFrame>(At(t, AckFrame(kOut, ACK_TYPE_RECEIPT)).what).frames[1] =
             MakeFrameBytes("x");
       }},
      {tables, wire9, "router-plain", "a ROUTER_ACK has a payload",
       [](Transcript& t) {
         std::get<DataFrame>(At(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)).what).frames[1] =
             MakeFrameBytes("x");
       }},
      {"ids-tell-what-they-name", "CMB-WIRE-022", "sender-plain", "a PING's id is like a message's",
       [](Transcript& t) {
         Entry ping = At(t, MessageFrame(kOut));
         CognitiveMessage header;
         header.set_schema_version(1);
         header.set_msg_type(MSG_TYPE_PING);
         header.set_message_id("n1");
         header.set_source(Header(ping).source());
         header.add_targets("@router");
         Header(ping) = header;
         AddTo(t, ping, ping.exchange);
         Tidy(t);
       }},
      {tables, wire9, "target-plain", "the result is addressed to the router",
       InAck(ACK_TYPE_EXECUTION_ACK, [](auto& header) { header.set_targets(0, "@router"); })},
      {"tables", "CMB-WIRE-011", "target-pinged", "the PONG brings another payload",
       [](Transcript& t) {
         std::get<DataFrame>(At(t, FrameOf(kOut, MSG_TYPE_PONG)).what).frames[1] =
             MakeFrameBytes("another");
       }},
      {"tables", "CMB-WIRE-011", "target-pinged", "the PONG goes to another",
       [](Transcript& t) {
         Header(At(t, FrameOf(kOut, MSG_TYPE_PONG))).set_targets(0, "x");
         Tidy(t);
       }},
      {tables, "CMB-TGT-004", "target-plain", "it starts since it succeeded",
       InTransition(STATE_EXECUTING,
                    [](auto& event) { event.set_reason(REASON_HANDLER_SUCCEEDED); })},
      {tables, obs1, "target-plain", "the first attempt is a re-send",
       InTransition(STATE_SUCCEEDED, [](auto& event) { event.set_retry_count(1); })},
      {tables, obs1, "target-refused", "the refusal has no code",
       InTransition(STATE_REJECTED, [](auto& event) { event.clear_details(); })},
      {tables, obs1, "sender-life-ended", "the end of the life has no code",
       InTransition(STATE_TIMEOUT_ABORT,
                    [](auto& event) { event.mutable_details()->clear_error_code(); })},
      {"tables", "CMB-INS-001", "target-plain", "the record counts a start more",
       [](Transcript& t) {
         auto& entry = At(t, Request(control::v1::Request::kGetTransaction));
         auto* record =
             std::get<ControlAct>(entry.what).reply.mutable_transaction()->mutable_record();
         record->set_execution_count(record->execution_count() + 1);
       }},
      {"tables", "CMB-PRG-011", "sender-progress", "the deadline is 1 ms off",
       [](Transcript& t) {
         auto& entry = At(t, Request(control::v1::Request::kTimers));
         auto* deadline = std::get<ControlAct>(entry.what).reply.mutable_next_deadline();
         deadline->set_ms(deadline->ms() + 1);
       }},
      {tables, obs1, "target-plain", "an event has no kind",
       [](Transcript& t) {
         AddTo(t, Entry{t.entries.back().at_ms, kClosingStep, 0, IutEvent{}}, LastExchange(t));
         Tidy(t);
       }},
      {tables, "CMB-OBS-004", "sender-malformed", "an anomaly is of another instant",
       [](Transcript& t) {
         auto* anomaly = EventIn(At(t, EventOf(Event::kAnomaly))).mutable_anomaly();
         anomaly->set_monotonic_ms(anomaly->monotonic_ms() + 1);
       }},
  };
}

}  // namespace cmb::conformance::oracle
