// Outcomes: they stand, what is known of them is not forgotten, and one alert tells of each.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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

std::string_view StandsRequirement(ack::v1::Role role, ack::v1::Reason reason) {
  switch (role) {
    case ack::v1::ROLE_ROUTER:
      return "CMB-RTR-015";
    case ack::v1::ROLE_TARGET:  // A copy of work that has ended is answered, and begins nothing.
      return reason == ack::v1::REASON_RESEND ? "CMB-DUP-004" : "CMB-TGT-005";
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
      const bool moves = to.event->new_state() != to.event->old_state();  // CMB-OBS-002.
      if (same_record && moves && IsEnd(history.role(), from.event->new_state()) &&
          !IsReconciliation(from, to, history)) {
        breaches.push_back({to.entry,
                            fmt::format("'{}' leaves {} for {} ({}) after {} ms", id,
                                        Word(from.event->new_state()), Word(to.event->new_state()),
                                        Word(to.event->reason()), to.at_ms - from.at_ms),
                            StandsRequirement(history.role(), to.event->reason())});
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

// One alert is raised of a message, over every restart, and revised only then.
void OneAlertForOneMessage(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (std::size_t i = 0; i < message.alerts.size(); ++i) {
      const AlertSeen& seen = message.alerts[i];
      if ((seen.event->state() == ack::v1::ALERT_STATE_RAISED) != (i == 0)) {
        breaches.push_back(
            {seen.entry,
             fmt::format("'{}': its alert number {} is {}", id, i + 1, Word(seen.event->state())),
             seen.life == message.alerts[0].life ? "CMB-OBS-008" : "CMB-DUR-012"});
      }
    }
  }
}

}  // namespace

std::vector<Rule> OutcomeRules() {
  using enum ack::v1::Role;
  return {
      {"outcome-stands",
       {"CMB-LATE-008", "CMB-RTR-015", "CMB-TGT-005", "CMB-DUP-004"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "An outcome changes once at most: by a late terminal inside the reconcile window.",
       OutcomeStands},
      {"certainty-never-falls",
       {"CMB-LATE-013"},
       {ROLE_SENDER},
       "What was known to be executed or not stays so.",
       CertaintyNeverFalls},
      {"one-alert-for-one-message",
       {"CMB-OBS-008", "CMB-DUR-012"},
       {ROLE_SENDER},
       "A message that fails raises exactly one alert, which is revised only after that.",
       OneAlertForOneMessage},
  };
}

}  // namespace cmb::conformance::oracle
