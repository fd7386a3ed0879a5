// Dead letters: told when they are made, redriven once and as they were.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::CognitiveMessage;

bool EntersDeadLetters(const TransitionSeen& seen) {
  return seen.event->new_state() == ack::v1::STATE_DEAD_LETTERED;
}

bool SaysSo(const History& history, const MessageHistory& message, const TransitionSeen& seen) {
  const bool sent =
      std::any_of(message.acks_sent.begin(), message.acks_sent.end(), [&](const AckSeen& a) {
        return a.exchange == seen.exchange && a.ack->ack_type() == ack::v1::ACK_TYPE_TIMEOUT;
      });
  const auto& anomalies = history.exchanges().at(seen.exchange).anomalies;
  return sent || std::any_of(anomalies.begin(), anomalies.end(), [](const AnomalySeen& a) {
           return a.event->kind() == ack::v1::ANOMALY_KIND_UNDELIVERABLE;
         });
}

void DeadLettersAreTold(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      if (EntersDeadLetters(seen) && seen.event->reason() != ack::v1::REASON_TIMEOUT &&
          !SaysSo(history, message, seen)) {
        breaches.push_back(
            {seen.entry, fmt::format("'{}' becomes a dead letter ({}), its source is not told", id,
                                     wire::Word(seen.event->reason()))});
      }
    }
  }
}

// ---------------------------------------------------------------- redrive

bool IsRedrive(const MessageHistory& message) {
  return message.copies_received.empty() && !Arrivals(message).empty();
}

bool WasAskedFor(const History& history, const FrameSeen& redrive) {
  const auto& received = history.exchanges().at(redrive.exchange).received;
  return std::any_of(received.begin(), received.end(), [&](const FrameSeen& seen) {
    return seen.header != nullptr && seen.header->has_query() &&
           seen.header->query().kind() == ack::v1::QUERY_KIND_REDRIVE &&
           seen.header->query().message_id() == redrive.header->redrive_of();
  });
}

// What a redrive has as its dead letter had it.
std::string Lasting(const CognitiveMessage& header) {
  CognitiveMessage lasting = header;
  lasting.clear_message_id();
  lasting.clear_attempt();
  lasting.clear_idempotency_key();
  lasting.clear_redrive_of();
  return lasting.SerializeAsString();
}

std::string KeyOf(const CognitiveMessage& header) {
  return header.idempotency_key().empty() ? header.message_id() : header.idempotency_key();
}

// The last copy that came; of a redrive that died again, what was first forwarded of it.
const FrameSeen* LastCopy(const std::vector<FrameSeen>& arrivals, const Mark& now) {
  const FrameSeen* last = nullptr;
  for (const FrameSeen& copy : arrivals) {
    last = NotAfter(copy, now) ? &copy : last;
  }
  return last;
}

std::string WrongRedrive(const History& history, const FrameSeen& redrive) {
  if (!WasAskedFor(history, redrive)) {
    return "nobody asked for it now";
  }
  const auto dead = history.messages().find(redrive.header->redrive_of());
  const std::vector<FrameSeen> arrivals =
      dead == history.messages().end() ? std::vector<FrameSeen>() : Arrivals(dead->second);
  const FrameSeen* copy = LastCopy(arrivals, redrive);
  if (copy == nullptr) {
    return "of a message that never came";
  }
  if (redrive.header->attempt() != 1) {
    return fmt::format("attempt {}", redrive.header->attempt());
  }
  if (redrive.header->idempotency_key() != KeyOf(*copy->header)) {
    return fmt::format("key '{}', the dead letter's is '{}'", redrive.header->idempotency_key(),
                       KeyOf(*copy->header));
  }
  const bool same = Lasting(*redrive.header) == Lasting(*copy->header) &&
                    redrive.frame->payload() == copy->frame->payload();
  return same ? "" : "other fields or another payload than the dead letter's";
}

void ARedriveIsItsDeadLetter(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    if (!IsRedrive(message)) {
      continue;
    }
    const std::string wrong = WrongRedrive(history, message.copies_sent.front());
    if (!wrong.empty()) {
      breaches.push_back({message.copies_sent.front().entry,
                          fmt::format("'{}', a redrive of '{}': {}", id,
                                      message.copies_sent.front().header->redrive_of(), wrong)});
    }
  }
}

bool AcceptsASecondExecution(const History& history, const FrameSeen& redrive) {
  const auto& received = history.exchanges().at(redrive.exchange).received;
  return std::any_of(received.begin(), received.end(), [](const FrameSeen& seen) {
    return seen.header != nullptr && seen.header->query().accept_second_execution();
  });
}

// The first forward of the work that `redrive` brings again; absent: none was seen.
std::optional<std::uint64_t> FirstForward(const History& history, const FrameSeen& redrive) {
  std::optional<std::uint64_t> first;
  std::string id = redrive.header->redrive_of();
  while (!id.empty() && history.messages().contains(id)) {
    const MessageHistory& message = history.messages().at(id);
    if (message.copies_sent.empty()) {
      break;
    }
    first = message.copies_sent.front().at_ms;
    id = IsRedrive(message) ? message.copies_sent.front().header->redrive_of() : "";
  }
  return first;
}

void NoRedriveComesTooLate(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    if (!IsRedrive(message) || AcceptsASecondExecution(history, message.copies_sent.front())) {
      continue;
    }
    const FrameSeen& redrive = message.copies_sent.front();
    const auto first = FirstForward(history, redrive);
    const std::uint64_t last =
        Later(redrive.at_ms,
              Told(redrive.header->policy()).delivery_ack_ms * 9 / 10 + history.max_latency_ms());
    if (first && last > Later(*first, history.key_window_ms())) {
      breaches.push_back(
          {redrive.entry,
           fmt::format("'{}' may arrive until {} ms, its work was first under way at "
                       "{} ms and its key is remembered for {} ms",
                       id, last, *first, history.key_window_ms())});
    }
  }
}

void ADeadLetterIsRedrivenOnce(const History& history, Breaches& breaches) {
  for (const auto& [id, dead] : history.messages()) {
    const auto letters =
        std::count_if(dead.transitions.begin(), dead.transitions.end(), EntersDeadLetters);
    std::int64_t redriven = 0;
    for (const FrameSeen& seen : history.sent()) {
      const bool first =
          seen.header != nullptr && seen.header->redrive_of() == id &&
          seen.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
          history.messages().at(seen.header->message_id()).copies_sent.front().entry ==
              seen.entry &&
          IsRedrive(history.messages().at(seen.header->message_id()));
      redriven += first ? 1 : 0;
      if (first && redriven > letters) {
        breaches.push_back(
            {seen.entry, fmt::format("'{}' is redriven {} times and was a dead letter {} times", id,
                                     redriven, letters)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> DeadLetterRules() {
  using enum ack::v1::Role;
  return {
      {"dead-letters-are-told",
       {"CMB-DLQ-003"},
       {ROLE_ROUTER},
       "A message becomes a dead letter together with a TIMEOUT to its source.",
       DeadLettersAreTold},
      {"a-redrive-is-its-dead-letter",
       {"CMB-DLQ-004"},
       {ROLE_ROUTER},
       "A redriven message is asked for, and is its dead letter but for what must be new.",
       ARedriveIsItsDeadLetter},
      {"no-redrive-comes-too-late",
       {"CMB-DLQ-010"},
       {ROLE_ROUTER},
       "A redrive surely arrives while the key of its work is remembered, or a second execution is "
       "accepted.",
       NoRedriveComesTooLate},
      {"a-dead-letter-is-redriven-once",
       {"CMB-DLQ-005"},
       {ROLE_ROUTER},
       "A dead letter is redriven once.",
       ADeadLetterIsRedrivenOnce},
  };
}

}  // namespace cmb::conformance::oracle
