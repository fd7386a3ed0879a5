// Rows of the table of alterations.h: cancelling, progress and inspection.
#include "conformance/oracle/alterations.h"
#include "conformance/oracle/altering.h"

namespace cmb::conformance::oracle {
namespace {

using namespace ack::v1;  // NOLINT: the words of the protocol, this file is full of them.

constexpr Direction kIn = Direction::kToIut;
constexpr Direction kOut = Direction::kFromIut;

Ack& AckOut(Transcript& t, AckType type, std::size_t nth = 0) {
  return *Header(At(t, AckFrame(kOut, type), nth)).mutable_ack();
}

// The answer to the CANCEL in target-cancelled: the second EXECUTION_ACK, after IN_PROGRESS.
Ack& Cancelled(Transcript& t) { return AckOut(t, ACK_TYPE_EXECUTION_ACK, 1); }

QueryReply& ReplyOut(Transcript& t) {
  return *Header(At(t, FrameOf(kOut, MSG_TYPE_REPLY))).mutable_reply();
}

// long because: it is a table.
std::vector<Alteration> CancelAlterations() {
  return {
      {"tables", "CMB-CXL-001", "sender-cancelled", "nobody is told",
       [](Transcript& t) { Drop(t, AckFrame(kOut, ACK_TYPE_CANCEL)); }},
      {"tables", "CMB-CXL-001", "sender-cancelled", "another attempt is named",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_CANCEL).set_attempt(2);
         Tidy(t);
       }},
      {"tables", "CMB-CXL-015", "sender-cancelled", "it is said again later",
       [](Transcript& t) { AddTo(t, At(t, AckFrame(kOut, ACK_TYPE_CANCEL)), LastExchange(t)); }},
      {"tables", "CMB-WIRE-001", "router-never-forwarded",
       "it speaks of an attempt that never came",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_DELIVERY_ACK).set_attempt(2);
         Tidy(t);
       }},
      {"tables", "CMB-RTR-018", "router-overtaken", "the CANCEL closed one attempt more",
       [](Transcript& t) {
         Header(At(t, AckFrame(kIn, ACK_TYPE_CANCEL))).mutable_ack()->set_attempt(3);
         EventIn(At(t, EventOf(Event::kAnomaly))).mutable_anomaly()->set_attempt(3);
         Tidy(t);
       }},
      {"tables", "CMB-CXL-007", "target-cancelled", "it had started, and that is denied",
       [](Transcript& t) {
         Cancelled(t).set_started(false);
         Tidy(t);
       }},
      {"tables", "CMB-CXL-017", "target-cancelled", "its memory is left out",
       [](Transcript& t) {
         Cancelled(t).clear_memory_ms();
         Tidy(t);
       }},
      {"tables", "CMB-CXL-017", "target-cancelled-tracked",
       "a target without a store claims 1 ms less than it has",
       [](Transcript& t) {
         Cancelled(t).set_memory_ms(Cancelled(t).memory_ms() - 1);
         Tidy(t);
       }},
      {"no-memory-before-it-began", "CMB-TGT-012", "target-refused",
       "a refusal claims a memory without end",
       [](Transcript& t) {
         t.header.profile = PROFILE_DURABLE;
         for (const std::size_t nth : {0U, 1U}) {
           AckOut(t, ACK_TYPE_EXECUTION_ACK, nth).set_memory_ms(UINT64_MAX);
         }
         Tidy(t);
       }},
      {"tables", "CMB-TGT-015", "target-refused", "its target has no store",
       [](Transcript& t) {
         for (const std::size_t nth : {0U, 1U}) {
           AckOut(t, ACK_TYPE_EXECUTION_ACK, nth).set_memory_ms(0);
         }
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-019", "target-cancelled", "it is said once more and nobody asks",
       [](Transcript& t) {
         AddTo(t, At(t, AckFrame(kOut, ACK_TYPE_EXECUTION_ACK), 1), LastExchange(t));
       }},
      {"tables", "CMB-TGT-006", "target-judged-afresh", "the refusal was not retryable",
       [](Transcript& t) {
         for (const std::size_t nth : {0U, 1U, 2U}) {
           auto& refusal = AckOut(t, ACK_TYPE_EXECUTION_ACK, nth);
           refusal.clear_retryable();
           refusal.set_memory_ms(AckOut(t, ACK_TYPE_EXECUTION_ACK).memory_ms());
         }
         Tidy(t);
       }},
      {"tables", "CMB-CXL-007", "target-cancelled-shared", "the CANCEL was of another message",
       [](Transcript& t) {
         Header(At(t, AckFrame(kIn, ACK_TYPE_CANCEL))).mutable_ack()->set_correlation_id("none");
         for (const std::size_t nth : {4U, 3U}) {  // The answers, behind three IN_PROGRESS.
           Drop(t, AckFrame(kOut, ACK_TYPE_EXECUTION_ACK), nth);
         }
         Tidy(t);
       }},
  };
}

std::vector<Alteration> ProgressAlterations() {
  return {
      {"tables", "CMB-PRG-010", "target-progress", "one number is said twice",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_PROGRESS_ACK, 1).set_progress_number(1);
         AckOut(t, ACK_TYPE_PROGRESS_ACK, 2).set_progress_number(1);
         Tidy(t);
       }},
      {"tables", "CMB-PRG-004", "target-progress", "it is said again, and no copy came",
       [](Transcript& t) {
         Entry again = At(t, AckFrame(kOut, ACK_TYPE_EXECUTION_ACK));
         Header(again).mutable_ack()->set_progress_number(4);  // The next of its row.
         AddTo(t, again, LastExchange(t));
         Tidy(t);
       }},
      {"tables", "CMB-PRG-007", "target-held", "holding was not declared",
       [](Transcript& t) {
         auto& features = t.header.features;
         std::erase(features, FEATURE_CONDITIONAL_ACK);
       }},
      {"tables", "CMB-PRG-006", "target-progress", "work that runs is held",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_EXECUTION_ACK, 1).set_hold_ms(5);
         Tidy(t);
       }},
  };
}

std::vector<Alteration> InspectionAlterations() {
  return {
      {"tables", "CMB-INS-003", "router-inspected", "no REPLY",
       [](Transcript& t) { Drop(t, FrameOf(kOut, MSG_TYPE_REPLY)); }},
      {"tables", "CMB-INS-003", "router-inspected", "two REPLYs",
       [](Transcript& t) { Duplicate(t, FrameOf(kOut, MSG_TYPE_REPLY)); }},
      {"tables", "CMB-INS-004", "router-inspected", "the REPLY says otherwise",
       [](Transcript& t) {
         ReplyOut(t).mutable_transaction()->set_state(STATE_DELIVERED);
         Tidy(t);
       }},
      {"tables", "CMB-INS-005", "router-inspected", "what has ended is listed in flight",
       [](Transcript& t) {
         ReplyOut(t).mutable_in_flight()->Add()->set_state(STATE_SETTLED);
         Tidy(t);
       }},
      {"tables", "CMB-DLQ-001", "router-redriven", "the list says another reason",
       [](Transcript& t) {
         ReplyOut(t).mutable_dead_letters(0)->set_reason(REASON_TTL_EXPIRED);
         Tidy(t);
       }},
      {"tables", "CMB-OBS-015", "sender-outcome", "the record has another reason",
       [](Transcript& t) {
         Entry& entry = At(t, Request(control::v1::Request::kGetTransaction));
         auto& reply = std::get<ControlAct>(entry.what).reply;
         reply.mutable_transaction()->mutable_record()->set_reason(REASON_ROUTER_ACK);
       }},
      {"tables", "CMB-WIRE-009", "router-inspected", "a REPLY has a channel",
       [](Transcript& t) {
         Header(At(t, FrameOf(kOut, MSG_TYPE_REPLY))).set_channel("main");
         Tidy(t);
       }},
  };
}

}  // namespace

std::vector<Alteration> TrackedAlterations() {
  std::vector<Alteration> all = CancelAlterations();
  for (auto part : {ProgressAlterations, InspectionAlterations}) {
    for (Alteration& alteration : part()) {
      all.push_back(std::move(alteration));
    }
  }
  return all;
}

}  // namespace cmb::conformance::oracle
