// What a target does with the work: once, after its message came, and with one answer for ever.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

// Up to when the work that `first` started must be remembered, for a copy of message `id`.
std::uint64_t RememberedUntil(const History& history, const ExecutionSeen& first,
                              const std::string& id, const Mark& now) {
  const auto message = history.messages().find(first.event->message_id());
  return id == first.event->message_id() ? LifeEnd(message->second, history, now)
                                         : Later(first.at_ms, history.key_window_ms());
}

void ExecutedOnce(const History& history, Breaches& breaches) {
  std::map<Work, ExecutionSeen> started;
  for (const ExecutionSeen& seen : history.executions()) {
    const auto [before, fresh] = started.try_emplace(WorkOf(*seen.event), seen);
    if (!fresh &&
        seen.at_ms <= RememberedUntil(history, before->second, seen.event->message_id(), seen)) {
      breaches.push_back(
          {seen.entry,
           fmt::format("the work '{}' of {} starts again, by '{}'", seen.event->idempotency_key(),
                       seen.event->source(), seen.event->message_id()),
           before->second.life == seen.life ? "CMB-DUP-003" : "CMB-DUR-009"});
    }
    before->second = seen;
  }
}

void StartsOnlyWhatCame(const History& history, Breaches& breaches) {
  for (const ExecutionSeen& seen : history.executions()) {
    const auto& event = *seen.event;
    const auto& copies = history.messages().at(event.message_id()).copies_received;
    const bool came = std::any_of(copies.begin(), copies.end(), [&](const FrameSeen& copy) {
      return NotAfter(copy, seen) && WorkOf(*copy.header) == WorkOf(event) &&
             AnsweredAttempt(copy) == event.attempt();
    });
    if (!came) {
      breaches.push_back({seen.entry, fmt::format("attempt {} of '{}' starts and never came so",
                                                  event.attempt(), event.message_id())});
    }
  }
}

bool Started(const History& history, const MessageHistory& message, const Mark& now) {
  const std::vector<Work> works = WorksOf(message, now);
  return std::any_of(
      history.executions().begin(), history.executions().end(), [&](const ExecutionSeen& seen) {
        return NotAfter(seen, now) &&
               std::find(works.begin(), works.end(), WorkOf(*seen.event)) != works.end();
      });
}

bool ClaimsStart(const Ack& ack) {
  const bool result = IsTerminal(ack) && ack.status() != ack::v1::STATUS_REJECTED &&
                      (!IsCancelled(ack) || ack.started());
  const bool on_the_way = (ack.ack_type() == ack::v1::ACK_TYPE_PROGRESS_ACK ||
                           ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK) &&
                          ack.status() == ack::v1::STATUS_IN_PROGRESS && !ack.has_hold_ms();
  return result || on_the_way;
}

void ResultsComeOfExecutions(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (ClaimsStart(*seen.ack) && !Started(history, message, seen)) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}', whose work has not started",
                                                    Words(*seen.ack), id)});
      }
    }
  }
}

// The meaning of a terminal answer, without the attempt it answers.
std::string Meaning(const Ack& ack) {
  Ack meaning = ack;
  meaning.clear_attempt();
  meaning.clear_processing_time_ms();
  return meaning.SerializeAsString();
}

std::string Addressee(const AckSeen& seen) {
  return seen.header->targets_size() == 0 ? "" : seen.header->targets(0);
}

void AnswerNeverChanges(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const AckSeen* first = nullptr;
    for (const AckSeen& seen : message.acks_sent) {
      if (!IsTerminal(*seen.ack)) {
        continue;
      }
      const bool remembered = first != nullptr && seen.at_ms <= LifeEnd(message, history, seen) &&
                              Addressee(*first) == Addressee(seen);
      if (remembered && !first->ack->retryable() && Meaning(*first->ack) != Meaning(*seen.ack)) {
        breaches.push_back({seen.entry, fmt::format("'{}' is answered {}, after {}", id,
                                                    Words(*seen.ack), Words(*first->ack))});
      }
      first = remembered && !first->ack->retryable() ? first : &seen;
    }
  }
}

void ReceiptComesFirst(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    bool receipt = false;
    for (const AckSeen& seen :
         message.acks_sent) {  // All by the ACK ingress: their order is known.
      receipt = receipt || seen.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT;
      if (seen.ack->ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK && !receipt) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' before its RECEIPT", Words(*seen.ack), id)});
      }
    }
  }
}

void BasicStaysBasic(const History& history, Breaches& breaches) {
  if (history.transcript().header.profile != ack::v1::PROFILE_BASIC) {
    return;
  }
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->status() == ack::v1::STATUS_IN_PROGRESS ||
          seen.ack->error_code() == ack::v1::ERROR_CODE_CANCELLED) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' by a BASIC target", Words(*seen.ack), id)});
      }
    }
  }
}

void NeverSaysDuplicate(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->error_code() == ack::v1::ERROR_CODE_DUPLICATE_DETECTED ||
          seen.ack->error_code() == ack::v1::ERROR_CODE_ALREADY_IN_PROGRESS) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}'", Words(*seen.ack), id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> TargetRules() {
  using enum ack::v1::Role;
  return {
      {"executed-once",
       {"CMB-DUP-003", "CMB-DUR-009"},
       {ROLE_TARGET},
       "The work of a (source, target, key) starts once while its record lives.",
       ExecutedOnce},
      {"starts-only-what-came",
       {"CMB-TGT-004"},
       {ROLE_TARGET},
       "A handler starts for a copy that was received.",
       StartsOnlyWhatCame},
      {"results-come-of-executions",
       {"CMB-TGT-005"},
       {ROLE_TARGET},
       "A result is said of a work only that has started.",
       ResultsComeOfExecutions},
      {"answer-never-changes",
       {"CMB-DUP-004"},
       {ROLE_TARGET},
       "Every copy of a message gets the same terminal answer.",
       AnswerNeverChanges},
      {"receipt-comes-first",
       {"CMB-TGT-002"},
       {ROLE_TARGET},
       "The RECEIPT of a message precedes every EXECUTION_ACK for it.",
       ReceiptComesFirst},
      {"basic-stays-basic",
       {"CMB-TGT-009"},
       {ROLE_TARGET},
       "A BASIC target says nothing between RECEIPT and result, and does not cancel.",
       BasicStaysBasic},
      {"never-says-duplicate",
       {"CMB-DUP-006"},
       {ROLE_TARGET},
       "A copy is never refused as a duplicate.",
       NeverSaysDuplicate},
  };
}

}  // namespace cmb::conformance::oracle
