// Outcomes: they stand, they are proven, and the router hears of giving up.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/oracle/evidence.h"
#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::State;
using wire::Word;

bool IsFailure(State state) {
  return state == ack::v1::STATE_COMPLETED_FAILURE || state == ack::v1::STATE_TIMEOUT_ABORT;
}

// States of this role that nothing leaves, or only what `MayLeave` says.
bool IsEnd(ack::v1::Role role, State state) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return state == ack::v1::STATE_COMPLETED_SUCCESS || IsFailure(state);
    case ack::v1::ROLE_ROUTER:
      return state == ack::v1::STATE_SETTLED;
    default:  // open enum
      return state == ack::v1::STATE_SUCCEEDED || state == ack::v1::STATE_FAILED ||
             state == ack::v1::STATE_CANCELLED;
  }
}

// Given up, or failed by the router's word alone, which a success overrules.
bool IsProvisional(const ack::v1::TransitionEvent& end, State next) {
  if (end.new_state() == ack::v1::STATE_COMPLETED_FAILURE) {
    return next == ack::v1::STATE_COMPLETED_SUCCESS &&
           (end.reason() == ack::v1::REASON_ROUTER_ACK ||
            end.reason() == ack::v1::REASON_DELIVERY_ACK);
  }
  return end.new_state() == ack::v1::STATE_TIMEOUT_ABORT;
}

// The one change of an outcome: a late terminal inside the window.
bool IsReconciliation(const TransitionSeen& from, const TransitionSeen& to,
                      const History& history) {
  return IsProvisional(*from.event, to.event->new_state()) &&
         to.event->reason() == ack::v1::REASON_LATE_EXECUTION_ACK &&
         to.at_ms <= Later(from.at_ms, history.reconcile_window_ms(
                                           history.messages().at(to.event->message_id())));
}

std::string_view StandsRequirement(ack::v1::Role role) {
  switch (role) {
    case ack::v1::ROLE_ROUTER:
      return "CMB-RTR-015";
    case ack::v1::ROLE_TARGET:
      return "CMB-TGT-005";
    default:  // open enum
      return "CMB-LATE-008";
  }
}

void OutcomeStands(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (std::size_t i = 1; i < message.transitions.size(); ++i) {
      const TransitionSeen& from = message.transitions[i - 1];
      const TransitionSeen& to = message.transitions[i];
      const bool same_record = from.event->source() == to.event->source() &&
                               to.event->old_state() == from.event->new_state();
      if (same_record && IsEnd(history.role(), from.event->new_state()) &&
          !IsReconciliation(from, to, history)) {
        breaches.push_back({to.entry,
                            fmt::format("'{}' leaves {} for {} ({}) after {} ms", id,
                                        Word(from.event->new_state()), Word(to.event->new_state()),
                                        Word(to.event->reason()), to.at_ms - from.at_ms),
                            StandsRequirement(history.role())});
      }
    }
  }
}

std::string WhyNotCertain(const MessageHistory& message, const History& history, const Mark& now,
                          ack::v1::Certainty certainty) {
  if (certainty == ack::v1::CERTAINTY_EXECUTED && !StartWasAttested(message, history, now)) {
    return "nothing attests its start";
  }
  if (certainty == ack::v1::CERTAINTY_NOT_EXECUTED && !StartWasRuledOut(message, history, now)) {
    return "nothing rules its start out";
  }
  return "";
}

std::string WrongCertainty(const TransitionSeen& seen, const MessageHistory& message,
                           const History& history) {
  const auto& event = *seen.event;
  if (!IsEnd(history.role(), event.new_state())) {
    return event.certainty() == ack::v1::CERTAINTY_UNSPECIFIED ? "" : "it has not ended";
  }
  if (event.certainty() == ack::v1::CERTAINTY_UNSPECIFIED) {
    return "an outcome has a certainty";
  }
  return WhyNotCertain(message, history, seen, event.certainty());
}

void CertaintyIsProven(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      const std::string wrong = WrongCertainty(seen, message, history);
      if (!wrong.empty()) {
        breaches.push_back(
            {seen.entry, fmt::format("'{}' in {} claims {}: {}", id, Word(seen.event->new_state()),
                                     Word(seen.event->certainty()), wrong)});
      }
    }
    for (const ActSeen& asked : message.transactions) {
      const auto& record = asked.act->reply.transaction().record();
      const std::string wrong = WhyNotCertain(message, history, asked, record.certainty());
      if (!wrong.empty()) {
        breaches.push_back({asked.entry, fmt::format("the record of '{}' claims {}: {}", id,
                                                     Word(record.certainty()), wrong)});
      }
    }
  }
}

// What is known is not forgotten, and a start that is known outweighs all else.
int Knowledge(ack::v1::Certainty certainty) {
  switch (certainty) {
    case ack::v1::CERTAINTY_EXECUTED:
      return 2;
    case ack::v1::CERTAINTY_NOT_EXECUTED:
      return 1;
    default:  // open enum
      return 0;
  }
}

// Whatever names a certainty, in order: transitions and answers to GetTransaction.
void CertaintyNeverFalls(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    std::map<std::size_t, ack::v1::Certainty> said;  // By entry.
    for (const TransitionSeen& seen : message.transitions) {
      said[seen.entry] = seen.event->certainty();
    }
    for (const ActSeen& asked : message.transactions) {
      if (asked.act->reply.transaction().has_record()) {
        said[asked.entry] = asked.act->reply.transaction().record().certainty();
      }
    }
    ack::v1::Certainty before = ack::v1::CERTAINTY_UNSPECIFIED;
    for (const auto& [entry, certainty] : said) {
      if (Knowledge(certainty) < Knowledge(before)) {
        breaches.push_back(
            {entry, fmt::format("'{}' claims {} after {}", id, Word(certainty), Word(before))});
      } else {
        before = certainty;
      }
    }
  }
}

bool SaysTimeout(const MessageHistory& message, const TransitionSeen& abort) {
  return std::any_of(message.acks_sent.begin(), message.acks_sent.end(), [&](const AckSeen& a) {
    return a.exchange == abort.exchange && a.ack->ack_type() == ack::v1::ACK_TYPE_TIMEOUT;
  });
}

void GivesUpAloud(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const TransitionSeen& seen : message.transitions) {
      const bool gave_up = seen.event->new_state() == ack::v1::STATE_TIMEOUT_ABORT &&
                           seen.event->reason() != ack::v1::REASON_CANCEL;
      if (gave_up && !message.copies_sent.empty() && !SaysTimeout(message, seen)) {
        breaches.push_back(
            {seen.entry,
             fmt::format("'{}' goes to TIMEOUT_ABORT and tells the router nothing", id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> OutcomeRules() {
  using enum ack::v1::Role;
  return {
      {"outcome-stands",
       {"CMB-LATE-008", "CMB-RTR-015", "CMB-TGT-005"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "An outcome changes once at most: by a late terminal inside the reconcile window.",
       OutcomeStands},
      {"certainty-is-proven",
       {"CMB-LATE-012"},
       {ROLE_SENDER},
       "EXECUTED and NOT_EXECUTED are claimed only on evidence.",
       CertaintyIsProven},
      {"certainty-never-falls",
       {"CMB-LATE-013"},
       {ROLE_SENDER},
       "What was known to be executed or not stays so.",
       CertaintyNeverFalls},
      {"gives-up-aloud",
       {"CMB-SND-018"},
       {ROLE_SENDER},
       "A sender that gives a message up tells the router with a TIMEOUT.",
       GivesUpAloud},
  };
}

}  // namespace cmb::conformance::oracle
