// Rows of the table of alterations.h: what a router and a target must not have done.
#include <algorithm>
#include <cctype>

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

// Both answers of target-refused.
void AnswerBoth(Transcript& t, Status status, ErrorCode code) {
  for (const std::size_t nth : {0U, 1U}) {
    AckOut(t, ACK_TYPE_EXECUTION_ACK, nth).set_status(status);
    AckOut(t, ACK_TYPE_EXECUTION_ACK, nth).set_error_code(code);
  }
  Tidy(t);
}

// A frame like that of the RECEIPT, after it.
void SayAfterReceipt(Transcript& t, AckType type, Status status, std::uint64_t progress = 0) {
  Entry entry = At(t, AckFrame(kOut, ACK_TYPE_RECEIPT));
  Header(entry).mutable_ack()->set_ack_type(type);
  Header(entry).mutable_ack()->set_status(status);
  Header(entry).mutable_ack()->set_progress_number(progress);
  AddTo(t, entry, entry.exchange);
}

// A retry event of a redelivery of the message, in this exchange.
void TellRedelivery(Transcript& t, std::uint32_t deliveries, std::uint64_t exchange) {
  const auto& header = Header(At(t, MessageFrame(kIn)));
  Event event;
  event.mutable_retry()->set_message_id(header.message_id());
  event.mutable_retry()->set_source(header.source());
  event.mutable_retry()->set_reason(REASON_RECEIPT);
  event.mutable_retry()->set_attempt(1);
  event.mutable_retry()->set_delivery_count(deliveries);
  event.mutable_retry()->set_backoff_ms(header.policy().backoff_first_ms());
  AddTo(t, Entry{0, 0, 0, IutEvent{event}}, exchange);
}

void DropUndeliverable(Transcript& t) {
  Drop(t, EventOf(Event::kAnomaly), 1);
  Tidy(t);
}

Match Noted(const std::string& text) {
  return [text](const Entry& entry) {
    const auto* note = std::get_if<Note>(&entry.what);
    return note != nullptr && note->text == text;
  };
}

// The last copy that came leaves for the target, in this exchange.
void Forward(Transcript& t, std::uint32_t attempt, std::uint64_t exchange) {
  Entry entry = At(t, MessageFrame(kIn, attempt));
  auto& frame = std::get<DataFrame>(entry.what);
  frame.direction = kOut;
  frame.peer = "target";
  AddTo(t, entry, exchange);
}

}  // namespace

// long because: it is a table.
std::vector<Alteration> RouterAlterations() {
  return {
      {"tables", "CMB-RTR-012", "router-dead-lettered", "the TIMEOUT is late",
       [](Transcript& t) {
         const std::size_t timeout = Find(t, AckFrame(kOut, ACK_TYPE_TIMEOUT));
         MoveTo(t, timeout, t.entries[timeout].exchange + 1);
       }},
      {"forwards-within-their-number", "CMB-RTR-035", "router-retried", "one forward is allowed",
       [](Transcript& t) { t.header.settings.set_max_deliveries(1); }},
      {"nothing-moves-expired", "CMB-TMR-007", "router-plain", "the forward has no life",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kOut))).clear_ttl_ms();
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-001", "router-plain", "an attempt is accepted that never came",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_ROUTER_ACK).set_attempt(2);
         Tidy(t);
       }},
      {"tables", "CMB-RTR-001", "router-plain", "one copy, two ROUTER_ACKs",
       [](Transcript& t) { Duplicate(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)); }},
      {"tables", "CMB-RTR-001", "router-plain", "no ROUTER_ACK",
       [](Transcript& t) { Drop(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)); }},
      {"tables", "CMB-RTR-009", "router-plain", "the DELIVERY_ACK comes with the ROUTER_ACK",
       [](Transcript& t) {
         MoveTo(t, Find(t, AckFrame(kOut, ACK_TYPE_DELIVERY_ACK)),
                At(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)).exchange);
       }},
      {"tables", "CMB-RTR-041", "router-redelivered", "it is forwarded once more",
       [](Transcript& t) {
         const std::uint64_t after = At(t, AckFrame(kIn, ACK_TYPE_RECEIPT)).exchange + 1;
         Forward(t, 1, after);
         Header(At(t, MessageFrame(kOut), 1)).set_ttl_ms(1);
         TellRedelivery(t, 2, after);
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-014", "router-undeliverable",
       "nobody hears that the CANCEL found nobody", [](Transcript& t) { DropUndeliverable(t); }},
      {"tables", "CMB-CXL-002", "router-undeliverable", "the CANCEL to nobody was not even sent",
       [](Transcript& t) {
         DropUndeliverable(t);
         for (Entry& entry : t.entries) {
           if (auto* act = std::get_if<ControlAct>(&entry.what)) {
             act->reply.clear_undeliverable();
           }
         }
       }},
      // Of the two that CHO-005 leaves, the record that is kept is the nearer.
      {"tables", "CMB-WIRE-001", "router-letter-ended", "another attempt than that of the re-send",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_ROUTER_ACK, 1).set_attempt(1);
         Tidy(t);
       }},
      {"tables", "CMB-RTR-003", "router-queue-full", "ZeroMQ's full queue is said to be no route",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_ROUTER_ACK).set_error_code(ERROR_CODE_NO_ROUTE);
         Tidy(t);
       }},
      {"tables", "CMB-OBS-006", "router-queue-filled", "a forward that finds no room is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kRetry));
         Tidy(t);
       }},
      {"tables", "CMB-RTR-010", "router-queue-filled", "there was room before it was used",
       [](Transcript& t) {
         std::swap(At(t, Noted("target takes no more")).what,
                   At(t, Noted("target takes more again")).what);
       }},
      {"tables", "CMB-OBS-006", "router-retried", "a redelivery is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kRetry), 2);
         Tidy(t);
       }},
      {"tables", "CMB-RTR-010", "router-retried", "a redelivery is told twice",
       [](Transcript& t) {
         Duplicate(t, EventOf(Event::kRetry));
         Tidy(t);
       }},
      {"tables", "CMB-OBS-006", "router-retried", "the events count from one",
       [](Transcript& t) {
         EventIn(At(t, EventOf(Event::kRetry))).mutable_retry()->set_delivery_count(1);
       }},
      {"tables", "CMB-OBS-006", "router-retried", "the reason is another",
       [](Transcript& t) {
         EventIn(At(t, EventOf(Event::kRetry))).mutable_retry()->set_reason(REASON_ROUTER_ACK);
       }},
      {"tables", "CMB-WIRE-008", "router-plain", "the result is turned round",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_EXECUTION_ACK).set_status(STATUS_FAILURE);
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-008", "router-plain", "a note is added to the result",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_EXECUTION_ACK).set_note("added");
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-008", "router-plain", "the forward has another key",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kOut))).set_idempotency_key("another");
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-007", "router-plain", "the forward has another payload",
       [](Transcript& t) {
         auto& frame = std::get<DataFrame>(At(t, MessageFrame(kOut)).what);
         frame.frames[1] = MakeFrameBytes("another");
       }},
      {"tables", "CMB-WIRE-020", "router-plain", "the ROUTER_ACK goes to the target",
       [](Transcript& t) {
         std::get<DataFrame>(At(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)).what).peer = "target";
       }},
      {"tables", "CMB-RTR-004", "router-settled", "the copy is rejected",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_ROUTER_ACK, 1).set_status(STATUS_REJECTED);
         AckOut(t, ACK_TYPE_ROUTER_ACK, 1).set_error_code(ERROR_CODE_INTERNAL_ERROR);
         Tidy(t);
       }},
      {"tables", "CMB-RTR-029", "router-settled", "the copy of a settled message is forwarded",
       [](Transcript& t) { Forward(t, 2, At(t, MessageFrame(kIn, 2)).exchange); }},
      {"says-only-what-it-may", "CMB-RTR-021", "router-plain",
       "the router reports the execution in its own name",
       [](Transcript& t) {
         Header(At(t, AckFrame(kOut, ACK_TYPE_EXECUTION_ACK))).set_source("@router");
         Tidy(t);
       }},
      {"outcome-stands", "CMB-RTR-015", "router-plain", "a settled message changes",
       [](Transcript& t) {
         Entry entry = At(t, Transition(STATE_SETTLED));
         auto* event = EventIn(entry).mutable_transition();
         event->set_old_state(STATE_SETTLED);
         event->set_new_state(STATE_REJECTED);
         event->set_reason(REASON_DELIVERY_PHASE_ENDED);
         AddTo(t, entry, entry.exchange);
         Tidy(t);
       }},
      {"sent-frames-decode", "CMB-WIRE-006", "router-plain", "a third part is sent",
       [](Transcript& t) {
         auto& frame = std::get<DataFrame>(At(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)).what);
         Entry broken = At(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK));
         broken.what = MakeDataFrame(kOut, frame.socket, frame.peer,
                                     {frame.frames[0].bytes, "", "one too many"});
         AddTo(t, broken, broken.exchange);
       }},
  };
}

std::vector<Alteration> TargetAlterations() {
  return {
      {"executed-once", "CMB-DUP-003", "target-duplicate", "the copy starts the work again",
       [](Transcript& t) {
         const Entry start = At(t, EventOf(Event::kExecution));
         AddTo(t, start, LastExchange(t));
         Tidy(t);
       }},
      {"tables", "CMB-TGT-004", "target-plain", "an attempt starts that never came",
       [](Transcript& t) {
         EventIn(At(t, EventOf(Event::kExecution))).mutable_execution()->set_attempt(7);
       }},
      {"tables", "CMB-TGT-006", "target-refused", "refused work succeeds",
       [](Transcript& t) { AnswerBoth(t, STATUS_SUCCESS, ERROR_CODE_UNSPECIFIED); }},
      {"tables", "CMB-TGT-002", "target-duplicate", "the result comes first",
       [](Transcript& t) {
         Entry& receipt = At(t, AckFrame(kOut, ACK_TYPE_RECEIPT));
         Entry& result = At(t, AckFrame(kOut, ACK_TYPE_EXECUTION_ACK));
         std::swap(receipt.what, result.what);
       }},
      {"basic-stays-basic", "CMB-TGT-009", "target-plain", "it says IN_PROGRESS",
       [](Transcript& t) {
         SayAfterReceipt(t, ACK_TYPE_EXECUTION_ACK, STATUS_IN_PROGRESS, 1);
         Tidy(t);
       }},
      {"never-says-duplicate", "CMB-DUP-006", "target-refused", "it refuses a duplicate",
       [](Transcript& t) { AnswerBoth(t, STATUS_REJECTED, ERROR_CODE_DUPLICATE_DETECTED); }},
      {"answer-never-changes", "CMB-DUP-004", "target-duplicate", "the second answer differs",
       [](Transcript& t) {
         AckOut(t, ACK_TYPE_EXECUTION_ACK, 1).set_note("not the same");
         Tidy(t);
       }},
      {"tables", "CMB-TGT-001", "target-duplicate", "a copy gets no RECEIPT",
       [](Transcript& t) { Drop(t, AckFrame(kOut, ACK_TYPE_RECEIPT), 1); }},
      {"tables", "CMB-TGT-001", "target-plain", "one copy, two RECEIPTs",
       [](Transcript& t) { Duplicate(t, AckFrame(kOut, ACK_TYPE_RECEIPT)); }},
      {"says-only-what-it-may", "CMB-WIRE-009", "target-plain", "the target reports delivery",
       [](Transcript& t) {
         SayAfterReceipt(t, ACK_TYPE_DELIVERY_ACK, STATUS_SUCCESS);
         Tidy(t);
       }},
  };
}

std::vector<Alteration> Alterations() {
  std::vector<Alteration> all = SenderAlterations();
  for (auto part : {RouterAlterations, TargetAlterations, FieldAlterations, TrackedAlterations,
                    DurableAlterations, FeatureAlterations}) {
    for (Alteration& alteration : part()) {
      all.push_back(std::move(alteration));
    }
  }
  return all;
}

std::string Alteration::TestName() const {
  std::string name = rule + " " + what;
  for (char& c : name) {
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name;
}

}  // namespace cmb::conformance::oracle
