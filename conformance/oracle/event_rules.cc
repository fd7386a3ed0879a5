// The list of events itself: numbered, complete, one for each change, and the whole truth.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>

#include "conformance/oracle/records.h"
#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::State;
using wire::Word;

void NumberedFromOne(const History& history, Breaches& breaches) {
  std::uint64_t expected = 1;
  const auto& entries = history.transcript().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto* process = std::get_if<ProcessMark>(&entries[i].what);
    if (process != nullptr && process->moment == ProcessMoment::kStarted) {
      expected = 1;
    }
    const auto* event = std::get_if<IutEvent>(&entries[i].what);
    if (event == nullptr) {
      continue;
    }
    if (event->event.number() != expected) {
      breaches.push_back({i, fmt::format("event number {} where {} is expected",
                                         event->event.number(), expected)});
    }
    expected = event->event.number() + 1;
  }
}

std::string MissingField(const ack::v1::TransitionEvent& event, const History& history) {
  if (event.message_id().empty()) {
    return "message_id";
  }
  if (event.reason() == ack::v1::REASON_UNSPECIFIED) {
    return "reason";
  }
  if (event.source().empty()) {
    return "source";
  }
  if (event.target().empty()) {
    return "target";
  }
  return event.role() == history.role() ? "" : "role";
}

void TransitionsAreComplete(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      const std::string missing = MissingField(*seen.event, history);
      if (!missing.empty()) {
        breaches.push_back(
            {seen.entry, fmt::format("the transition of '{}' lacks its {}", id, missing)});
      } else if (seen.event->monotonic_ms() != seen.at_ms) {
        breaches.push_back(
            {seen.entry, fmt::format("the transition of '{}' says {} ms, it is {} ms", id,
                                     seen.event->monotonic_ms(), seen.at_ms)});
      }
    }
  }
}

// States in which a record of this role may be made.
bool MayBegin(ack::v1::Role role, State state) {
  const auto among = [state](std::initializer_list<State> states) {
    return std::find(states.begin(), states.end(), state) != states.end();
  };
  if (role == ack::v1::ROLE_SENDER) {
    return state == ack::v1::STATE_IDLE;
  }
  if (role == ack::v1::ROLE_ROUTER) {
    return among({ack::v1::STATE_FORWARDING, ack::v1::STATE_REJECTED, ack::v1::STATE_CANCELLED});
  }
  return among({ack::v1::STATE_RECEIVED, ack::v1::STATE_CANCELLED});
}

// What has one record: a message of a source, at a target all that brought the same work.
MessageName RecordOf(const History& history, const Records& records, const MessageName& message,
                     const Mark& mark) {
  return history.role() == ack::v1::ROLE_TARGET ? records.Of(message, mark) : message;
}

MessageName RecordOf(const History& history, const Records& records, const TransitionSeen& seen) {
  return RecordOf(history, records, {seen.event->source(), seen.event->message_id()}, seen);
}

// The record of before may have been forgotten, so that this is the first change of a new one.
bool BeginsAnew(const History& history, const TransitionSeen& before, const TransitionSeen& seen) {
  const MessageHistory& message = history.messages().at(before.event->message_id());
  const bool other = before.event->message_id() != seen.event->message_id();
  const bool key_is_free =
      other && !message.copies_received.empty() &&
      seen.at_ms > Later(message.copies_received.front().at_ms, history.key_window_ms());
  return history.role() != ack::v1::ROLE_SENDER &&
         MayBegin(history.role(), seen.event->old_state()) &&
         (key_is_free || seen.at_ms > LifeEnd(message, history, seen));
}

// One change, two events.
bool ToldTwice(const TransitionSeen* before, const TransitionSeen& seen) {
  return before != nullptr && before->event->old_state() == seen.event->old_state() &&
         before->event->new_state() == seen.event->new_state();
}

void ChainIsUnbroken(const History& history, Breaches& breaches) {
  const Records records(history);
  std::map<MessageName, const TransitionSeen*> last;
  for (const TransitionSeen& seen : history.transitions()) {
    const auto& event = *seen.event;
    const TransitionSeen*& before = last[RecordOf(history, records, seen)];
    const bool follows = before == nullptr ? MayBegin(history.role(), event.old_state())
                                           : before->event->new_state() == event.old_state() ||
                                                 BeginsAnew(history, *before, seen);
    if (!follows) {
      breaches.push_back(
          {seen.entry,
           fmt::format(
               "'{}' goes {} -> {} ({}), but its state was {}", event.message_id(),
               Word(event.old_state()), Word(event.new_state()), Word(event.reason()),
               before == nullptr ? "that of a new record" : Word(before->event->new_state())),
           ToldTwice(before, seen) ? "CMB-OBS-001" : "CMB-OBS-012"});
    } else if (event.old_state() == event.new_state()) {
      breaches.push_back(
          {seen.entry,
           fmt::format("'{}' goes from {} to itself", event.message_id(), Word(event.old_state())),
           "CMB-OBS-002"});
    }
    before = &seen;
  }
}

// ---------------------------------------------------------------- records

// Not before `made_ms`: what came earlier was of a record that is forgotten.
const TransitionSeen* LastBefore(const History& history, const Records& records,
                                 const MessageName& record, const Mark& mark,
                                 std::uint64_t made_ms) {
  const TransitionSeen* last = nullptr;
  for (const TransitionSeen& seen : history.transitions()) {
    if (seen.entry < mark.entry && seen.at_ms >= made_ms &&
        RecordOf(history, records, seen) == record) {
      last = &seen;
    }
  }
  return last;
}

// A record that was forgotten and made anew has no transition of its own yet.
bool MayBeAnother(const History& history, const MessageHistory& message, const Mark& now) {
  return history.role() != ack::v1::ROLE_SENDER && now.at_ms > LifeEnd(message, history, now);
}

std::string WrongState(const History& history, const ack::v1::TransactionRecord& record,
                       const TransitionSeen* last) {
  if (last == nullptr) {
    return MayBegin(history.role(), record.state()) ? "" : "no event ever said so";
  }
  return record.state() == last->event->new_state()
             ? ""
             : "its last event said " + Word(last->event->new_state());
}

// The attempt may have grown since, by a copy.
std::string NotAsReplayed(const ack::v1::TransactionRecord& record, const TransitionSeen& last) {
  const auto& event = *last.event;
  if (record.reason() != event.reason()) {
    return fmt::format("reason {}, its last event said {}", Word(record.reason()),
                       Word(event.reason()));
  }
  if (record.message_id() == event.message_id() && record.attempt() < event.attempt()) {
    return fmt::format("attempt {}, its last event said {}", record.attempt(), event.attempt());
  }
  // Whether it is a lawful one is judged by certainty-is-proven and certainty-never-falls.
  const bool told = record.certainty() != ack::v1::CERTAINTY_UNSPECIFIED;
  return told == (event.certainty() != ack::v1::CERTAINTY_UNSPECIFIED)
             ? ""
             : fmt::format("certainty {}, its last event said {}", Word(record.certainty()),
                           Word(event.certainty()));
}

void RecordAgreesWithEvents(const History& history, Breaches& breaches) {
  const Records records(history);
  for (const auto& [id, message] : history.messages()) {
    for (const ActSeen& asked : message.transactions) {
      const auto& record = asked.act->reply.transaction().record();
      if (!asked.act->reply.transaction().has_record() || MayBeAnother(history, message, asked)) {
        continue;
      }
      const auto* last =
          LastBefore(history, records, RecordOf(history, records, {record.source(), id}, asked),
                     asked, record.created_ms());
      const std::string state = WrongState(history, record, last);
      if (!state.empty()) {
        breaches.push_back({asked.entry, fmt::format("the record of '{}' says {}, {}", id,
                                                     Word(record.state()), state)});
        continue;
      }
      const std::string rest = last == nullptr ? "" : NotAsReplayed(record, *last);
      if (!rest.empty()) {
        breaches.push_back(
            {asked.entry, fmt::format("the record of '{}' says {}", id, rest), "CMB-OBS-015"});
      }
    }
  }
}

}  // namespace

std::vector<Rule> EventRules() {
  const std::vector<ack::v1::Role> all{ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER,
                                       ack::v1::ROLE_TARGET};
  return {
      {"events-numbered",
       {"CMB-OBS-011"},
       all,
       "Events are numbered from 1, rising by 1.",
       NumberedFromOne},
      {"transitions-complete",
       {"CMB-OBS-001"},
       all,
       "A transition event names message, reason, source, target and role, and its instant.",
       TransitionsAreComplete},
      {"chain-unbroken",
       {"CMB-OBS-012", "CMB-OBS-001", "CMB-OBS-002"},
       all,
       "There is one transition event for each change, and each begins in the state in which the "
       "one before ended.",
       ChainIsUnbroken},
      {"record-agrees-with-events",
       {"CMB-INS-001", "CMB-OBS-015"},
       all,
       "What GetTransaction answers is what the events have said.",
       RecordAgreesWithEvents},
  };
}

}  // namespace cmb::conformance::oracle
