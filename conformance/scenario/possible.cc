// What no implementation can do, so that an expectation of it would fail everybody: a frame or an
// event of another role, a MESSAGE or a step towards the outcome when no life remains.
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/scenario/builder.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/words.h"

namespace cmb::conformance::scenario {
namespace {

bool SendsAck(words::Role role, words::AckType type) {
  const bool of_sender = type == words::ACK_TYPE_TIMEOUT || type == words::ACK_TYPE_CANCEL;
  const bool of_router = type == words::ACK_TYPE_ROUTER_ACK ||
                         type == words::ACK_TYPE_DELIVERY_ACK || type == words::ACK_TYPE_TIMEOUT;
  const bool passed_on = type == words::ACK_TYPE_EXECUTION_ACK ||
                         type == words::ACK_TYPE_PROGRESS_ACK || type == words::ACK_TYPE_CANCEL;
  const bool of_target = type == words::ACK_TYPE_RECEIPT || type == words::ACK_TYPE_EXECUTION_ACK ||
                         type == words::ACK_TYPE_PROGRESS_ACK;
  const bool unknown = type == words::AckType{};
  switch (role) {
    case words::ROLE_SENDER:
      return unknown || of_sender;
    case words::ROLE_ROUTER:
      return unknown || of_router || passed_on;
    case words::ROLE_TARGET:
      return unknown || of_target;
    case words::ROLE_UNSPECIFIED:
    default:  // An open enum.
      return true;
  }
}

bool IsOfRole(words::Role role, const Term& term) {
  switch (term.kind) {
    case Term::Kind::kMessage:
      return role != words::ROLE_TARGET;
    case Term::Kind::kAck:
      return SendsAck(role, term.ack_type);
    case Term::Kind::kReply:
      return role == words::ROLE_ROUTER;
    case Term::Kind::kAlert:
      return role == words::ROLE_SENDER;
    case Term::Kind::kExecution:
      return role == words::ROLE_TARGET;
    case Term::Kind::kPing:
    case Term::Kind::kPong:
    case Term::Kind::kTransition:
    case Term::Kind::kAny:
      return true;
    case Term::Kind::kAnomaly:
      return CountsAnomaly(role, term.anomaly);
  }
  return true;
}

// Which the end of the life ends at the latest, and only that of the message itself.
bool EndsWithLife(words::Role role, words::State state) {
  switch (state) {
    case words::STATE_SEND_PENDING:
    case words::STATE_ROUTED:
    case words::STATE_DELIVERED:
    case words::STATE_EXECUTING:
      return role == words::ROLE_SENDER;
    case words::STATE_FORWARDING:
      return role == words::ROLE_ROUTER;
    default:  // An open enum.
      return false;
  }
}

class Lives {
 public:
  Lives(const Case& built, Report& report) : built_(built), report_(report) {}

  void Check() {
    for (const Given& given : built_.given) {
      if (given.state) {  // Its life began at the first step or before.
        Begin(given.alias);
      }
    }
    for (const Step& step : built_.steps) {
      where_ = step.where;
      if (!std::visit([this](const auto& action) { return Take(action); }, step.action)) {
        return;
      }
    }
  }

 private:
  // False: from here on nothing is known of the time.
  bool Take(const Send& send) {
    for (const std::string& alias : send.aliases) {
      Begin(alias);
    }
    return true;
  }
  bool Take(const Crash&) {
    crashed_ = true;  // What is down lets a life end unseen.
    return true;
  }
  bool Take(const Resend& resend) {
    for (const std::string& alias : resend.aliases) {
      ends_.erase(alias);  // A copy brings a life of its own.
    }
    return true;
  }
  bool Take(const Advance& advance) {
    now_ += advance.by;
    TakeAll(advance.before_timers);
    TakeAll(advance.after_timers);
    return !advance.until_quiet;
  }
  bool Take(const Together& together) {
    TakeAll(together.acts);
    return true;
  }
  bool Take(const Expect& expect) {
    const Milliseconds at = now_ + (expect.in ? expect.in->low : Milliseconds(0));
    if (expect.in) {
      Judge(expect.what, at);
    }
    now_ = at;
    return true;
  }
  bool Take(const CheckMessage& check) {
    if (built_.role == words::ROLE_TARGET) {
      return true;  // Its timers are those of the work, which others may bring.
    }
    for (const std::string& alias : check.aliases) {
      const auto end = ends_.find(alias);
      for (const auto& [kind, remaining] : check.timers.value_or(TimerCheck{}).timers) {
        if (kind == words::TIMER_KIND_TTL && !crashed_ && end != ends_.end() &&
            remaining > end->second - now_) {
          report_.Error(where_, ErrorNumber::kSense,
                        "ttl is " + std::to_string(remaining.count()) + "ms, and of the life of " +
                            alias + " no more than " +
                            std::to_string((end->second - now_).count()) +
                            "ms are left here: write less, or a longer ttl where it is sent");
        }
      }
    }
    return true;
  }
  bool Take(const ExpectNothing& nothing) { return Wait(nothing.during); }
  bool Take(const Never& never) { return Wait(never.during); }
  template <class Action>
  bool Take(const Action&) {
    return true;
  }

  void TakeAll(const std::vector<Step>& acts) {
    for (const Step& act : acts) {
      std::visit([this](const auto& action) { Take(action); }, act.action);
    }
  }

  bool Wait(const std::optional<Milliseconds>& during) {
    now_ += during.value_or(Milliseconds(0));
    return true;
  }

  void Begin(const std::string& alias) {
    const auto message = built_.messages.find(alias);
    if (message != built_.messages.end() && message->second.set.empty()) {
      ends_.try_emplace(alias, now_ + message->second.policy.ttl);
    }
  }

  void Judge(const Expectation& what, Milliseconds at) {
    const bool sent = what.term.kind == Term::Kind::kMessage;
    const bool moved = what.term.kind == Term::Kind::kTransition && !crashed_ &&
                       EndsWithLife(built_.role, what.term.old_state);
    for (const std::string& alias : what.of) {
      const auto end = ends_.find(alias);
      if (end != ends_.end() && ((sent && at >= end->second) || (moved && at > end->second))) {
        report_.Error(what.where, ErrorNumber::kSense,
                      "the life of " + alias + " ends " + std::to_string(end->second.count()) +
                          "ms after the first step, and nothing of it " +
                          (sent ? "is sent from then on (CMB-TMR-007)"
                                : "is in " + wire::Word(what.term.old_state) + " after that"));
      }
    }
  }

  const Case& built_;
  Report& report_;
  Where where_;  // Of the step.
  Milliseconds now_{0};
  std::map<std::string, Milliseconds> ends_;
  bool crashed_ = false;
};

void CheckRoles(const std::vector<Step>& steps, words::Role role, Report& report) {
  const auto judge = [&](const Expectation& what) {
    if (!IsOfRole(role, what.term)) {
      report.Error(
          what.where, ErrorNumber::kRole,
          "no " + RoleName(role) + " does this: '" + what.term.text + "' is another role's");
    }
  };
  for (const Step& step : steps) {
    if (const auto* expect = std::get_if<Expect>(&step.action)) {
      judge(expect->what);
    } else if (const auto* order = std::get_if<InOrder>(&step.action)) {
      for (const Expectation& member : order->members) {
        judge(member);
      }
    } else if (const auto* one_of = std::get_if<OneOf>(&step.action)) {
      for (const Branch& branch : one_of->branches) {
        CheckRoles(branch.observations, role, report);
      }
    }
  }
}

}  // namespace

bool CountsAnomaly(words::Role role, words::AnomalyKind kind) {
  switch (kind) {
    case words::ANOMALY_KIND_CLOSED_ATTEMPT:
    case words::ANOMALY_KIND_UNDELIVERABLE:
      return role == words::ROLE_ROUTER;
    case words::ANOMALY_KIND_UNEXPECTED_ACK:
    case words::ANOMALY_KIND_CONFLICT:
    case words::ANOMALY_KIND_LATE_AFTER_WINDOW:
    case words::ANOMALY_KIND_LATE_FAILURE:
      return role == words::ROLE_SENDER;
    default:  // An open enum.
      return true;
  }
}

void CheckPossible(const Case& built, Report& report) {
  CheckRoles(built.steps, built.role, report);
  Lives(built, report).Check();
}

}  // namespace cmb::conformance::scenario
