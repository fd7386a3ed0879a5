// Every field of an image, one after another: to fill it with whatever and to
// tell it as text. A field that is added to one of these structs does not
// compile here until it is named, and then image_codec_test.cc fails until it
// is kept.
//
// Header only, since a module's library must not hold test code. Threads: the
// test's.
#pragma once

#include "reference/lifecycle/router_record.h"
#include "reference/lifecycle/sender_record.h"
#include "reference/lifecycle/work.h"

namespace cmb::reference {

template <class Policy, class Visitor>
void VisitPolicy(Policy& policy, Visitor&& visit) {
  auto& [router_ack, delivery_ack, execution, max_retries, first, factor, max, required, retryable,
         cancel_on_timeout] = policy;
  visit(router_ack), visit(delivery_ack), visit(execution), visit(max_retries), visit(first);
  visit(factor), visit(max), visit(required), visit(retryable);
  visit(cancel_on_timeout);
}

template <class Outgoing, class Visitor>
void VisitOutgoing(Outgoing& message, Visitor&& visit) {
  auto& [id, target, channel, key, ttl, policy, parcel, channels, reconcile_window] = message;
  visit(id), visit(target), visit(channel), visit(key), visit(ttl), VisitPolicy(policy, visit);
  visit(parcel), visit(channels), visit(reconcile_window);
}

template <class Timer, class Visitor>
void VisitTimer(Timer& timer, Visitor&& visit) {
  auto& [kind, deadline, order] = timer;
  visit(kind), visit(deadline), visit(order);
}

template <class Record, class Visitor>
void VisitSender(Record& record, Visitor&& visit) {
  auto& [message, state, reason, certainty, code, note, alert, channel, attempt, routers, waiting,
         cancels, expires, created, changed, ended, judged, rejected, highest_place, saw_router_ack,
         saw_delivery_ack, highest_stage, executed_seen, key_lent, disproved, agreed,
         by_required_ack, refused, last_ack_type, last_status, history, last_retry] = record;
  VisitOutgoing(message, visit);
  visit(state), visit(reason), visit(certainty), visit(code), visit(note), visit(alert);
  visit(channel), visit(attempt), visit(routers), visit(waiting), visit(cancels);
  visit(expires), visit(created), visit(changed), visit(ended), visit(judged), visit(rejected);
  visit(highest_place), visit(saw_router_ack), visit(saw_delivery_ack), visit(highest_stage);
  visit(executed_seen), visit(key_lent), visit(disproved), visit(agreed), visit(by_required_ack),
      visit(refused), visit(last_ack_type);
  visit(last_status), visit(history), visit(last_retry);
}

// Without `trying`, since no forward is under way when an image is made, and
// without what nobody reads of `terminal`.
template <class Record, class Visitor>
void VisitRouter(Record& record, Visitor&& visit) {
  auto& [key, state, reason, code, note, target, channel, idempotency_key, policy, parcel, ttl,
         payload_bytes, redrive_of, attempt, closed, trying, refused_through, dead_letter,
         forwarding, delivery_count, redelivery, wait, expires, forwarded, remember_until, created,
         changed, judged, terminal, last_ack_type, last_status, history, last_retry] = record;
  static_cast<void>(trying);
  visit(key.source), visit(key.id), visit(state), visit(reason), visit(code), visit(note);
  visit(target), visit(channel), visit(idempotency_key), VisitPolicy(policy, visit);
  visit(parcel), visit(ttl), visit(payload_bytes), visit(redrive_of), visit(attempt);
  visit(closed), visit(refused_through), visit(dead_letter), visit(forwarding);
  visit(delivery_count), visit(redelivery), visit(wait);
  visit(expires), visit(forwarded), visit(remember_until), visit(created), visit(changed);
  visit(judged);
  visit(terminal.parcel), visit(last_ack_type), visit(last_status), visit(history);
  visit(last_retry);
  if (terminal.parcel) {
    visit(terminal.type), visit(terminal.status), visit(terminal.attempt);
  }
}

template <class Ack, class Visitor>
void VisitAck(Ack& ack, Visitor&& visit) {
  auto& [type, status, correlation_id, attempt, code, note, retryable, progress_number, percent,
         done_count, total_count, eta, hold, started, memory_ms, never_forwarded,
         supported_versions] = ack;
  visit(type), visit(status), visit(correlation_id), visit(attempt), visit(code), visit(note);
  visit(retryable), visit(progress_number), visit(percent), visit(done_count);
  visit(total_count), visit(eta), visit(hold), visit(started), visit(memory_ms);
  visit(never_forwarded), visit(supported_versions);
}

// Without `messages` and `order`, which belong together.
template <class Work, class Visitor>
void VisitWork(Work& work, Visitor&& visit) {
  auto& [key, name, target, channel, stream, turn, state, reason, code, note, created, changed,
         expires, remember_until, tombstone, cancelled_attempt, offered, offered_attempt, arrived,
         parcel, waiting, resumable, cancel_asked, stage, held_until, progress_number, answer,
         answer_parcel, messages, order] = work;
  static_cast<void>(messages), static_cast<void>(order);
  visit(key.source), visit(key.key), visit(name.source), visit(name.id), visit(target);
  visit(channel), visit(stream), visit(turn), visit(state), visit(reason), visit(code);
  visit(note), visit(created), visit(changed), visit(expires), visit(remember_until);
  visit(tombstone), visit(cancelled_attempt), visit(offered), visit(offered_attempt);
  visit(arrived), visit(parcel), visit(waiting), visit(resumable), visit(cancel_asked);
  visit(stage), visit(held_until), visit(progress_number), visit(answer);
  visit(answer_parcel);
}

}  // namespace cmb::reference
