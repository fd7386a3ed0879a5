// The list of events itself: numbered, complete, one for each change, and the whole truth.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::State;
using wire::Word;

void NumberedFromOne(const Facts& facts, Breaches& breaches) {
  std::uint64_t expected = 1;
  const auto& entries = facts.transcript().entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto* event = std::get_if<IutEvent>(&entries[i].what);
    if (event == nullptr) {
      continue;
    }
    if (event->event.number() != expected) {
      breaches.push_back(
          {i, fmt::format("event number {} where {} is due", event->event.number(), expected)});
    }
    expected = event->event.number() + 1;
  }
}

std::string MissingField(const ack::v1::TransitionEvent& event, const Facts& facts) {
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
  return event.role() == facts.role() ? "" : "role";
}

void TransitionsAreComplete(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const TransitionSeen& seen : story.transitions) {
      const std::string missing = MissingField(*seen.event, facts);
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

// The record of before may have been forgotten, so that this is the first change of a new one.
bool BeginsAnew(const Facts& facts, const Story& story, const TransitionSeen& seen) {
  return facts.role() != ack::v1::ROLE_SENDER && MayBegin(facts.role(), seen.event->old_state()) &&
         seen.at_ms > LifeEnd(story, facts, seen);
}

// One change, two events.
bool ToldTwice(const TransitionSeen* previous, const TransitionSeen& seen) {
  return previous != nullptr && previous->event->source() == seen.event->source() &&
         previous->event->old_state() == seen.event->old_state() &&
         previous->event->new_state() == seen.event->new_state();
}

void ChainIsUnbroken(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    std::map<std::string, State> state_of;  // By source.
    const TransitionSeen* previous = nullptr;
    for (const TransitionSeen& seen : story.transitions) {
      const auto& event = *seen.event;
      const auto before = state_of.find(event.source());
      const bool follows = before == state_of.end() ? MayBegin(facts.role(), event.old_state())
                                                    : before->second == event.old_state() ||
                                                          BeginsAnew(facts, story, seen);
      if (!follows) {
        breaches.push_back(
            {seen.entry,
             fmt::format("'{}' goes {} -> {} ({}), but its state was {}", id,
                         Word(event.old_state()), Word(event.new_state()), Word(event.reason()),
                         before == state_of.end() ? "that of a new record" : Word(before->second)),
             ToldTwice(previous, seen) ? "CMB-OBS-001" : "CMB-OBS-012"});
      } else if (event.old_state() == event.new_state()) {
        breaches.push_back({seen.entry,
                            fmt::format("'{}' goes from {} to itself", id, Word(event.old_state())),
                            "CMB-OBS-002"});
      }
      state_of[event.source()] = event.new_state();
      previous = &seen;
    }
  }
}

const TransitionSeen* LastBefore(const Story& story, const std::string& source, const Mark& mark) {
  const TransitionSeen* last = nullptr;
  for (const TransitionSeen& seen : story.transitions) {
    if (seen.entry < mark.entry && seen.event->source() == source) {
      last = &seen;
    }
  }
  return last;
}

void RecordAgreesWithEvents(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const ActSeen& asked : story.transactions) {
      const auto& answer = asked.act->reply.transaction();
      const auto* last = LastBefore(story, answer.record().source(), asked);
      if (answer.has_record() && last != nullptr &&
          answer.record().state() != last->event->new_state()) {
        breaches.push_back(
            {asked.entry,
             fmt::format("the record of '{}' says {}, its last event said {}", id,
                         Word(answer.record().state()), Word(last->event->new_state()))});
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
       {"CMB-INS-001"},
       all,
       "What GetTransaction answers is what the events have said.",
       RecordAgreesWithEvents},
  };
}

}  // namespace cmb::conformance::oracle
