// Rows of the table of alterations.h: restarts and dead letters.
#include <algorithm>

#include "conformance/oracle/alterations.h"
#include "conformance/oracle/altering.h"

namespace cmb::conformance::oracle {
namespace {

using namespace ack::v1;  // NOLINT: the words of the protocol, this file is full of them.
using ControlRequest = control::v1::Request;

constexpr Direction kOut = Direction::kFromIut;

bool IsRedrive(const Entry& entry) {
  const auto* frame = std::get_if<DataFrame>(&entry.what);
  return frame != nullptr && frame->direction == kOut && frame->header &&
         !frame->header->redrive_of().empty();
}

bool IsStart(const Entry& entry) {
  const auto* process = std::get_if<ProcessMark>(&entry.what);
  return process != nullptr && process->moment == ProcessMoment::kStarted;
}

// What GetTransaction answered, all of it.
void DropRecords(Transcript& t) {
  const Match record = Request(ControlRequest::kGetTransaction);
  while (std::any_of(t.entries.begin(), t.entries.end(), record)) {
    Drop(t, record);
  }
}

std::vector<Alteration> DeadLetterAlterations() {
  return {
      {"tables", "CMB-RTR-012", "router-dead-lettered", "the source is not told",
       [](Transcript& t) { Drop(t, AckFrame(kOut, ACK_TYPE_TIMEOUT)); }},
      {"tables", "CMB-DLQ-004", "router-redriven", "it has another payload",
       [](Transcript& t) {
         std::get<DataFrame>(At(t, IsRedrive).what).frames[1] = MakeFrameBytes("another");
       }},
      {"tables", "CMB-DLQ-004", "router-redriven", "it has no key",
       [](Transcript& t) {
         Header(At(t, IsRedrive)).clear_idempotency_key();
         Tidy(t);
       }},
      {"tables", "CMB-INS-003", "router-redriven", "who asked is not told",
       [](Transcript& t) {
         const std::size_t exchange = At(t, IsRedrive).exchange;
         Drop(t, [exchange](const Entry& entry) {
           return entry.exchange == exchange && FrameOf(kOut, MSG_TYPE_REPLY)(entry);
         });
         Tidy(t);
       }},
      {"tables", "CMB-DLQ-004", "router-redriven", "it is sent unasked",
       [](Transcript& t) {
         const std::size_t at = Find(t, IsRedrive);
         MoveTo(t, at, t.entries[at].exchange - 1);
       }},
      {"tables", "CMB-DLQ-010", "router-redriven", "keys are soon forgotten",
       [](Transcript& t) { t.header.settings.set_key_window_ms(30'000); }},
      {"tables", "CMB-DLQ-004", "router-redriven", "it is redriven twice",
       [](Transcript& t) {
         Entry again = At(t, IsRedrive);
         Header(again).set_message_id("again");
         AddTo(t, again, again.exchange);
         Tidy(t);
       }},
  };
}

// long because: it is a table.
std::vector<Alteration> RestartAlterations() {
  return {
      {"tables", "CMB-OBS-011", "sender-restarted", "a new process counts on",
       [](Transcript& t) {
         Entry& entry = t.entries[Find(t, [seen = false](const Entry& e) mutable {
           seen = seen || IsStart(e);
           return seen && std::holds_alternative<IutEvent>(e.what);
         })];
         EventIn(entry).set_number(4);
       }},
      {"tables", "CMB-TMR-003", "sender-restarted",
       "the timer that fell due was longer than the process was away",
       [](Transcript& t) {
         auto& act = std::get<ControlAct>(At(t, Request(ControlRequest::kSend)).what);
         act.request.mutable_send()->mutable_policy()->set_delivery_ack_ms(15'001);
         Header(At(t, MessageFrame(kOut))).mutable_policy()->set_delivery_ack_ms(15'001);
         Tidy(t);
       }},
      {"executed-once", "CMB-DUR-009", "target-restarted", "the work starts again in a new process",
       [](Transcript& t) {
         DropRecords(t);
         AddTo(t, At(t, EventOf(Event::kExecution)), LastExchange(t));
         Tidy(t);
       }},
      {"executed-once", "CMB-DUR-009", "target-forgot", "a target with a store forgot its work",
       [](Transcript& t) {
         t.header.profile = PROFILE_DURABLE;
         Drop(t, Transition(STATE_EXECUTING), 1);
         Drop(t, Transition(STATE_SUCCEEDED), 1);
         Drop(t, Request(ControlRequest::kGetTransaction), 1);
         Tidy(t);
       }},
      {"tables", "CMB-DUR-006", "target-restarted", "the work is left executing",
       [](Transcript& t) {
         Drop(t, Transition(STATE_FAILED));
         Drop(t, AckFrame(kOut, ACK_TYPE_EXECUTION_ACK), 1);
         DropRecords(t);
         Tidy(t);
       }},
      {"one-alert-for-one-message", "CMB-DUR-012", "sender-alerted-once",
       "a new process alerts again",
       [](Transcript& t) {
         Entry alert = At(t, EventOf(Event::kAlert));
         AddTo(t, alert, LastExchange(t));
         Tidy(t);
       }},
      {"tables", "CMB-TGT-005", "target-plain", "work is interrupted by nothing",
       [](Transcript& t) {
         auto& event = *EventIn(At(t, Transition(STATE_SUCCEEDED))).mutable_transition();
         event.set_new_state(STATE_FAILED);
         event.set_reason(REASON_INTERRUPTED);
         event.mutable_details()->set_error_code(ERROR_CODE_INTERRUPTED);
         Drop(t, Request(ControlRequest::kGetTransaction));
       }},
      {"ids-are-used-once", "CMB-SND-002", "sender-plain", "one id names two messages",
       [](Transcript& t) { Duplicate(t, Request(ControlRequest::kSend)); }},
      {"ids-are-used-once", "CMB-DUR-011", "sender-restarted-sending",
       "a new process gives the first id again",
       [](Transcript& t) { AddTo(t, At(t, Request(ControlRequest::kSend)), LastExchange(t)); }},
      {"tables", "CMB-RTY-008", "router-overdue", "the wait was another",
       [](Transcript& t) {
         EventIn(At(t, EventOf(Event::kRetry))).mutable_retry()->set_backoff_ms(1'500);
       }},
      {"tables", "CMB-RTY-009", "router-overdue", "its own wait was longer than any may be",
       [](Transcript& t) {
         t.header.settings.clear_jitter_factors();
         EventIn(At(t, EventOf(Event::kRetry))).mutable_retry()->set_backoff_ms(1'501);
       }},
      {"ttl-never-grows", "CMB-TMR-006", "router-restarted",
       "the new process gives it its life back",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kOut), 2)).set_ttl_ms(300'000);
         Tidy(t);
       }},
  };
}

}  // namespace

std::vector<Alteration> DurableAlterations() {
  std::vector<Alteration> all = DeadLetterAlterations();
  for (Alteration& alteration : RestartAlterations()) {
    all.push_back(std::move(alteration));
  }
  return all;
}

}  // namespace cmb::conformance::oracle
