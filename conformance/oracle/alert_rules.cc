// Alerts: one for each failure, revised when the target speaks late, and readable.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/oracle/evidence.h"
#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using wire::Word;

bool IsFailure(ack::v1::State state) {
  return state == ack::v1::STATE_COMPLETED_FAILURE || state == ack::v1::STATE_TIMEOUT_ABORT;
}

// The alerts that a message calls for, in order, each in its exchange.
struct Due : Mark {
  ack::v1::AlertState state = ack::v1::ALERT_STATE_RAISED;
};

void AddDue(const Mark& mark, ack::v1::AlertState state, std::vector<Due>& due) {
  Due alert;
  static_cast<Mark&>(alert) = mark;
  alert.state = state;
  due.push_back(alert);
}

bool WasCounted(const MessageHistory& message, const AckSeen& mark) {
  return std::any_of(
      message.anomalies.begin(), message.anomalies.end(), [&](const AnomalySeen& seen) {
        return seen.exchange == mark.exchange && seen.event->ack_type() == mark.ack->ack_type() &&
               seen.event->status() == mark.ack->status();
      });
}

// A start was attested after it had been ruled out, and was counted as that.
const AckSeen* ToldWrongProof(const MessageHistory& message, const History& history) {
  const AckSeen* wrong = WrongProof(message, history);
  const bool counted =
      wrong != nullptr &&
      std::any_of(message.anomalies.begin(), message.anomalies.end(), [&](const AnomalySeen& seen) {
        return seen.exchange == wrong->exchange &&
               seen.event->kind() == ack::v1::ANOMALY_KIND_CONFLICT;
      });
  return counted ? wrong : nullptr;
}

void AddOfTransition(const TransitionSeen& seen, bool disproved, std::vector<Due>& due) {
  const bool late = seen.event->reason() == ack::v1::REASON_LATE_EXECUTION_ACK;
  const bool failed = IsFailure(seen.event->new_state());
  if (late && !due.empty()) {
    AddDue(seen, failed || disproved ? ack::v1::ALERT_STATE_UPDATED : ack::v1::ALERT_STATE_RESOLVED,
           due);
  } else if (!late && failed && seen.event->reason() != ack::v1::REASON_CANCEL) {
    AddDue(seen, ack::v1::ALERT_STATE_RAISED, due);
  }
}

// Of a record that required_ack completed: the first failure after it, and the success after that.
void AddOfLateFailure(const MessageHistory& message, const History& history,
                      std::vector<Due>& due) {
  const auto late =
      std::find_if(message.anomalies.begin(), message.anomalies.end(), [](const AnomalySeen& seen) {
        return seen.event->kind() == ack::v1::ANOMALY_KIND_LATE_FAILURE;
      });
  if (late == message.anomalies.end()) {
    return;
  }
  AddDue(*late, ack::v1::ALERT_STATE_RAISED, due);
  for (const AckSeen& seen : message.acks_received) {
    const bool success = seen.exchange > late->exchange && Rightful(seen, message, history) &&
                         seen.ack->ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
                         seen.ack->status() == ack::v1::STATUS_SUCCESS;
    if (success && !WasCounted(message, seen)) {
      AddDue(seen, ack::v1::ALERT_STATE_RESOLVED, due);
      return;
    }
  }
}

std::vector<Due> AlertsDue(const MessageHistory& message, const History& history) {
  std::vector<Due> due;
  const AckSeen* wrong = ToldWrongProof(message, history);
  bool told = false;
  const auto tell = [&] {
    AddDue(*wrong, due.empty() ? ack::v1::ALERT_STATE_RAISED : ack::v1::ALERT_STATE_UPDATED, due);
    told = true;
  };
  for (const TransitionSeen& seen : message.transitions) {
    if (wrong != nullptr && !told && wrong->exchange <= seen.exchange) {
      tell();
      if (wrong->exchange == seen.exchange && IsTerminal(*wrong->ack)) {
        continue;  // The same ACK reconciles: one alert says both.
      }
    }
    AddOfTransition(seen, told, due);
  }
  if (wrong != nullptr && !told) {
    tell();
  }
  AddOfLateFailure(message, history, due);
  return due;
}

std::string_view RequirementOf(const Due& due, const MessageHistory& message,
                               const History& history) {
  const AckSeen* wrong = ToldWrongProof(message, history);
  if (wrong != nullptr && wrong->exchange == due.exchange) {
    return "CMB-LATE-017";
  }
  if (!message.transitions.empty() &&
      message.transitions.back().event->new_state() == ack::v1::STATE_COMPLETED_SUCCESS &&
      message.transitions.back().event->reason() != ack::v1::REASON_LATE_EXECUTION_ACK) {
    return due.state == ack::v1::ALERT_STATE_RAISED ? "CMB-LATE-018" : "CMB-LATE-007";
  }
  return due.state == ack::v1::ALERT_STATE_RAISED ? "CMB-OBS-008" : "CMB-LATE-003";
}

void OneAlertForEachFailure(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const std::vector<Due> due = AlertsDue(message, history);
    for (std::size_t i = 0; i < std::max(due.size(), message.alerts.size()); ++i) {
      if (i >= message.alerts.size()) {
        breaches.push_back({due[i].entry, fmt::format("'{}': no alert says so", id),
                            RequirementOf(due[i], message, history)});
      } else if (i >= due.size()) {
        const AlertSeen& extra = message.alerts[i];
        const bool again = extra.life != message.alerts.front().life;
        const AckSeen* wrong = ToldWrongProof(message, history);
        const bool of_proof = wrong != nullptr && wrong->exchange == extra.exchange;
        breaches.push_back({extra.entry,
                            fmt::format("'{}': an alert {} that no failure calls for", id,
                                        Word(extra.event->state())),
                            again      ? "CMB-DUR-012"
                            : of_proof ? "CMB-LATE-017"
                                       : "CMB-OBS-008"});
      } else if (due[i].exchange != message.alerts[i].exchange ||
                 due[i].state != message.alerts[i].event->state() ||
                 message.alerts[i].event->alert_id() != id) {
        breaches.push_back(
            {message.alerts[i].entry,
             fmt::format("'{}': alert {} {} where {} {} is expected", id,
                         message.alerts[i].event->alert_id(),
                         Word(message.alerts[i].event->state()), id, Word(due[i].state))});
      }
    }
  }
}

bool IsOfTheAlert(const std::string& text, const MessageHistory& message) {
  const std::string named = fmt::format("message {} to {}", message.message_id, TargetOf(message));
  if (text.rfind("Fleet: ", 0) != 0) {
    return text.rfind(named + ": ", 0) == 0 && text.size() > named.size() + 2;
  }
  const std::size_t retries = std::max<std::size_t>(message.copies_sent.size(), 1) - 1;
  return text.rfind(fmt::format("Fleet: {} failed after {} retries.\nCheck target connectivity. "
                                "Last channel attempted: ",
                                named, retries),
                    0) == 0;
}

void AlertsNameTheMessage(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AlertSeen& seen : message.alerts) {
      if (seen.event->state() == ack::v1::ALERT_STATE_RAISED &&
          !IsOfTheAlert(seen.event->text(), message)) {
        breaches.push_back(
            {seen.entry, fmt::format("the alert of '{}', sent {} times, reads: {}", id,
                                     message.copies_sent.size(), seen.event->text())});
      }
    }
  }
}

}  // namespace

std::vector<Rule> AlertRules() {
  using enum ack::v1::Role;
  return {
      {"one-alert-per-failure",
       {"CMB-OBS-008", "CMB-LATE-003", "CMB-LATE-017", "CMB-LATE-018", "CMB-LATE-007",
        "CMB-DUR-012"},
       {ROLE_SENDER},
       "Every message that fails raises exactly one alert, a cancelled one none.",
       OneAlertForEachFailure},
      {"alerts-name-the-message",
       {"CMB-OBS-010", "CMB-OBS-009"},
       {ROLE_SENDER},
       "An alert's text names the message, its target and what became of it.",
       AlertsNameTheMessage},
  };
}

}  // namespace cmb::conformance::oracle
