// Rows of the table of alterations.h: what a sender must not have done.
#include "conformance/oracle/alterations.h"
#include "conformance/oracle/altering.h"

namespace cmb::conformance::oracle {
namespace {

using namespace ack::v1;  // NOLINT: the words of the protocol, this file is full of them.
using ControlRequest = control::v1::Request;

constexpr Direction kIn = Direction::kToIut;
constexpr Direction kOut = Direction::kFromIut;

control::v1::Send& SendIn(Transcript& t) {
  Entry& entry = At(t, Request(ControlRequest::kSend));
  return *std::get<ControlAct>(entry.what).request.mutable_send();
}

TransactionRecord& RecordIn(Transcript& t) {
  Entry& entry = At(t, Request(ControlRequest::kGetTransaction));
  auto& reply = std::get<ControlAct>(entry.what).reply;
  return *reply.mutable_transaction()->mutable_record();
}

// As if the application had sent it so: the frames have it too.
template <typename Change>
auto SentWith(Change change) {
  return [=](Transcript& t) {
    change(SendIn(t));
    for (Entry& entry : t.entries) {
      if (MessageFrame(kOut)(entry)) {
        change(Header(entry));
      }
    }
    Tidy(t);
  };
}

TransitionEvent& TransitionTo(Transcript& t, State state) {
  return *EventIn(At(t, Transition(state))).mutable_transition();
}

ProgressEvent& ProgressIn(Transcript& t, std::size_t nth) {
  return *EventIn(At(t, EventOf(Event::kProgress), nth)).mutable_progress();
}

std::vector<Alteration> EventAlterations() {
  return {
      {"tables", "CMB-OBS-011", "sender-plain", "one number is left out",
       [](Transcript& t) { EventIn(At(t, Transition(STATE_COMPLETED_SUCCESS))).set_number(9); }},
      {"tables", "CMB-OBS-001", "sender-plain", "a transition lacks its target",
       [](Transcript& t) { TransitionTo(t, STATE_ROUTED).clear_target(); }},
      {"tables", "CMB-OBS-001", "sender-plain", "one transition is told twice",
       [](Transcript& t) {
         Duplicate(t, Transition(STATE_ROUTED));
         Tidy(t);
       }},
      {"tables", "CMB-OBS-002", "sender-plain", "a change is told from a state to itself",
       [](Transcript& t) {
         Duplicate(t, Transition(STATE_ROUTED));
         EventIn(At(t, Transition(STATE_ROUTED), 1))
             .mutable_transition()
             ->set_old_state(STATE_ROUTED);
         Tidy(t);
       }},
      {"tables", "CMB-INS-001", "sender-exhausted", "the record says otherwise",
       [](Transcript& t) { RecordIn(t).set_state(STATE_COMPLETED_FAILURE); }},
      {"tables", "CMB-OBS-013", "sender-plain", "the ROUTER_ACK never came",
       [](Transcript& t) { Drop(t, AckFrame(kIn, ACK_TYPE_ROUTER_ACK)); }},
      {"tables", "CMB-LATE-010", "sender-delivery-refused",
       "the DELIVERY_ACK/FAILURE is of another attempt",
       [](Transcript& t) {
         Header(At(t, AckFrame(kIn, ACK_TYPE_DELIVERY_ACK))).mutable_ack()->set_attempt(2);
         Tidy(t);
       }},
      {"tables", "CMB-TMR-003", "sender-exhausted", "the timer was 1 ms longer",
       SentWith([](auto& sent) { sent.mutable_policy()->set_router_ack_ms(1001); })},
      {"tables", "CMB-TMR-004", "sender-life-ended", "the life was 1 ms longer",
       SentWith([](auto& sent) { sent.set_ttl_ms(sent.ttl_ms() + 1); })},
  };
}

std::vector<Alteration> RetryAlterations() {
  return {
      {"attempts-within-budget", "CMB-RTY-004", "sender-exhausted", "only two retries were allowed",
       [](Transcript& t) { SendIn(t).mutable_policy()->set_max_retries(2); }},
      {"attempts-count-from-one", "CMB-SND-021", "sender-good-news", "attempt 1 is sent twice",
       [](Transcript& t) { Duplicate(t, MessageFrame(kOut, 1)); }},
      {"tables", "CMB-RTY-001", "sender-exhausted", "one retry is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kRetry));
         Tidy(t);
       }},
      {"tables", "CMB-RTY-007", "sender-good-news", "the re-send is made although good news came",
       [](Transcript& t) {
         Entry copy = At(t, MessageFrame(kOut, 1));
         Header(copy).set_attempt(2);
         AddTo(t, copy, At(t, Transition(STATE_ROUTED)).exchange);
         Tidy(t);
       }},
      {"tables", "CMB-RTY-006", "sender-exhausted", "a retry is told twice",
       [](Transcript& t) {
         Duplicate(t, EventOf(Event::kRetry));
         Tidy(t);
       }},
      {"tables", "CMB-RTY-005", "sender-resent", "the last re-send comes an exchange late",
       [](Transcript& t) {
         const std::size_t last = Find(t, MessageFrame(kOut, 3));
         MoveTo(t, last, t.entries[last].exchange + 1);
       }},
      {"tables", "CMB-RTY-008", "sender-good-news", "the wait is twice as long",
       [](Transcript& t) {
         auto* retry = EventIn(At(t, EventOf(Event::kRetry))).mutable_retry();
         retry->set_backoff_ms(2 * retry->backoff_ms());
       }},
      {"tables", "CMB-RTY-009", "sender-resent", "it drew its own jitter, and waits a quarter",
       [](Transcript& t) {
         t.header.settings.clear_jitter_factors();
         SentWith([](auto& to) { to.mutable_policy()->set_backoff_first_ms(4'000); })(t);
       }},
      {"nothing-sent-after-the-end", "CMB-SND-019", "sender-ended-by-attempt-1",
       "attempt 2 leaves after the end",
       [](Transcript& t) { MoveTo(t, Find(t, MessageFrame(kOut, 2)), LastExchange(t) + 1); }},
      {"ttl-never-grows", "CMB-TMR-006", "sender-resent", "a re-send has 1 ms more than remains",
       [](Transcript& t) {
         auto& header = Header(At(t, MessageFrame(kOut, 2)));
         header.set_ttl_ms(header.ttl_ms() + 1);
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-010", "sender-resent", "a re-send has another key",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kOut, 2))).set_idempotency_key("another");
         Tidy(t);
       }},
  };
}

std::vector<Alteration> AlertAlterations() {
  return {
      {"tables", "CMB-OBS-008", "sender-exhausted", "nobody is told that it failed",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kAlert));
         Tidy(t);
       }},
      {"tables", "CMB-LATE-003", "sender-reconciled", "the alert is not resolved",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kAlert), 1);
         Tidy(t);
       }},
      {"tables", "CMB-LATE-017", "sender-disproved", "the wrong proof is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kAlert), 1);
         Tidy(t);
       }},
      {"tables", "CMB-LATE-018", "sender-failed-late", "a late failure is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kAlert));
         Tidy(t);
       }},
  };
}

std::vector<Alteration> OutcomeAlterations() {
  return {
      {"outcome-stands", "CMB-LATE-008", "sender-reconciled", "the window had closed",
       [](Transcript& t) {
         const std::uint64_t abort = At(t, Transition(STATE_TIMEOUT_ABORT)).at_ms;
         for (Entry& entry : t.entries) {
           auto* late = std::get_if<IutEvent>(&entry.what);
           if (late != nullptr && late->event.transition().reason() == REASON_LATE_EXECUTION_ACK) {
             entry.at_ms = abort + 1;
             late->event.mutable_transition()->set_monotonic_ms(abort + 1);
           }
         }
         t.header.settings.set_reconcile_window_ms(0);
       }},
      {"tables", "CMB-OBS-009", "sender-exhausted", "the alert miscounts",
       [](Transcript& t) {
         auto* alert = EventIn(At(t, EventOf(Event::kAlert))).mutable_alert();
         alert->mutable_text()->replace(alert->text().find("after 3"), 7, "after 2");
       }},
      {"tables", "CMB-LATE-012", "sender-exhausted", "no start is claimed",
       [](Transcript& t) {
         TransitionTo(t, STATE_TIMEOUT_ABORT).set_certainty(CERTAINTY_NOT_EXECUTED);
         RecordIn(t).set_certainty(CERTAINTY_NOT_EXECUTED);
       }},
      {"tables", "CMB-LATE-012", "sender-exhausted", "a start is claimed",
       [](Transcript& t) {
         TransitionTo(t, STATE_TIMEOUT_ABORT).set_certainty(CERTAINTY_EXECUTED);
         RecordIn(t).set_certainty(CERTAINTY_EXECUTED);
       }},
      {"tables", "CMB-LATE-012", "sender-circuit", "what the circuit refused shares its key",
       [](Transcript& t) {
         Entry& last = At(t, Request(ControlRequest::kSend), 5);
         std::get<ControlAct>(last.what).request.mutable_send()->set_idempotency_key("job");
       }},
      {"certainty-never-falls", "CMB-LATE-013", "sender-outcome", "the record forgets the start",
       [](Transcript& t) { RecordIn(t).set_certainty(CERTAINTY_UNKNOWN); }},
      {"tables", "CMB-SND-018", "sender-exhausted", "no TIMEOUT is sent",
       [](Transcript& t) { Drop(t, AckFrame(kOut, ACK_TYPE_TIMEOUT)); }},
  };
}

std::vector<Alteration> ProgressAlterations() {
  return {
      {"tables", "CMB-DUP-011", "sender-progress", "one number counts twice",
       [](Transcript& t) {
         const std::uint64_t first =
             Header(At(t, AckFrame(kIn, ACK_TYPE_PROGRESS_ACK))).ack().progress_number();
         Header(At(t, AckFrame(kIn, ACK_TYPE_PROGRESS_ACK), 1))
             .mutable_ack()
             ->set_progress_number(first);
         ProgressIn(t, 1).set_progress_number(first);
         Tidy(t);
       }},
      {"tables", "CMB-OBS-005", "sender-progress", "a second progress is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kProgress), 1);
         Tidy(t);
       }},
      {"tables", "CMB-OBS-005", "sender-progress", "a first progress is its change only",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kProgress));
         Tidy(t);
       }},
      {"tables", "CMB-DUP-011", "sender-progress", "a duplicate is told too",
       [](Transcript& t) {
         Entry entry = At(t, EventOf(Event::kProgress), 1);
         EventIn(entry).mutable_progress()->set_progress_number(8);
         AddTo(t, entry, At(t, EventOf(Event::kAnomaly)).exchange);
         Tidy(t);
       }},
      {"tables", "CMB-OBS-005", "sender-progress", "it tells another percentage",
       [](Transcript& t) { ProgressIn(t, 1).set_percent(99); }},
  };
}

std::vector<Alteration> FrameAlterations() {
  return {
      {"tables", "CMB-WIRE-009", "sender-plain", "the channel is not named",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kOut))).clear_channel();
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-017", "sender-malformed", "the anomaly is not told",
       [](Transcript& t) {
         Drop(t, EventOf(Event::kAnomaly));
         Tidy(t);
       }},
      {"tables", "CMB-OBS-004", "sender-malformed", "one frame counts twice",
       [](Transcript& t) {
         Duplicate(t, EventOf(Event::kAnomaly));
         Tidy(t);
       }},
      {"tables", "CMB-SND-006", "sender-plain", "a frame that moved the record is an anomaly too",
       [](Transcript& t) {
         Entry anomaly = At(t, Transition(STATE_ROUTED));
         Event event;
         event.mutable_anomaly()->set_kind(ANOMALY_KIND_DUPLICATE_ACK);
         event.mutable_anomaly()->set_role(ROLE_SENDER);
         event.mutable_anomaly()->set_monotonic_ms(anomaly.at_ms);
         anomaly.what = IutEvent{event};
         AddTo(t, anomaly, anomaly.exchange);
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-019", "sender-plain", "a TIMEOUT although nothing was given up",
       [](Transcript& t) {
         Entry entry = At(t, MessageFrame(kOut));
         auto frame = std::get<DataFrame>(At(t, AckFrame(kIn, ACK_TYPE_ROUTER_ACK)).what);
         frame.direction = kOut;
         frame.socket = kAckIngress;
         frame.header->set_source("sender");
         frame.header->mutable_targets()->Clear();
         frame.header->add_targets("@router");
         frame.header->mutable_ack()->set_ack_type(ACK_TYPE_TIMEOUT);
         frame.header->mutable_ack()->set_status(STATUS_FAILURE);
         frame.header->mutable_ack()->set_error_code(ERROR_CODE_ACK_TIMEOUT);
         entry.what = frame;
         AddTo(t, entry, entry.exchange);
         Tidy(t);
       }},
  };
}

}  // namespace

std::vector<Alteration> SenderAlterations() {
  std::vector<Alteration> all;
  for (auto part : {EventAlterations, RetryAlterations, AlertAlterations, OutcomeAlterations,
                    ProgressAlterations, FrameAlterations}) {
    for (Alteration& alteration : part()) {
      all.push_back(std::move(alteration));
    }
  }
  return all;
}

}  // namespace cmb::conformance::oracle
