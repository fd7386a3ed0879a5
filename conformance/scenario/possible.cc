// What no implementation can do, so that an expectation of it would fail everybody: a frame or an
// event of another role, a MESSAGE when no life remains.
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/scenario/builder.h"
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
    case Term::Kind::kAnomaly:
    case Term::Kind::kAny:
      return true;
  }
  return true;
}

// How a role is called in a sentence.
std::string Named(words::Role role) {
  return role == words::ROLE_SENDER ? "sender" : role == words::ROLE_ROUTER ? "router" : "target";
}

class Lives {
 public:
  Lives(const Case& built, Report& report) : built_(built), report_(report) {}

  void Check() {
    for (const Step& step : built_.steps) {
      if (!std::visit([this](const auto& action) { return Take(action); }, step.action)) {
        return;
      }
    }
  }

 private:
  // False: from here on nothing is known of the time.
  bool Take(const Send& send) {
    for (const std::string& alias : send.aliases) {
      const auto message = built_.messages.find(alias);
      if (message != built_.messages.end() && message->second.set.empty()) {
        ends_.try_emplace(alias, now_ + message->second.policy.ttl);
      }
    }
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
    return !advance.until_quiet;
  }
  bool Take(const Expect& expect) {
    const Milliseconds at = now_ + (expect.in ? expect.in->low : Milliseconds(0));
    if (expect.in && expect.what.term.kind == Term::Kind::kMessage) {
      Judge(expect.what, at);
    }
    now_ = at;
    return true;
  }
  bool Take(const ExpectNothing& nothing) { return Wait(nothing.during); }
  bool Take(const Never& never) { return Wait(never.during); }
  template <class Action>
  bool Take(const Action&) {
    return true;
  }

  bool Wait(const std::optional<Milliseconds>& during) {
    now_ += during.value_or(Milliseconds(0));
    return true;
  }

  void Judge(const Expectation& what, Milliseconds at) {
    for (const std::string& alias : what.of) {
      const auto end = ends_.find(alias);
      if (end != ends_.end() && at >= end->second) {
        report_.Error(what.where, ErrorNumber::kSense,
                      "the life of " + alias + " ends " + std::to_string(end->second.count()) +
                          "ms after the first step, and nothing of it is sent from then on "
                          "(CMB-TMR-007)");
      }
    }
  }

  const Case& built_;
  Report& report_;
  Milliseconds now_{0};
  std::map<std::string, Milliseconds> ends_;
};

void CheckRoles(const std::vector<Step>& steps, words::Role role, Report& report) {
  const auto judge = [&](const Expectation& what) {
    if (!IsOfRole(role, what.term)) {
      report.Error(what.where, ErrorNumber::kRole,
                   "no " + Named(role) + " does this: '" + what.term.text + "' is another role's");
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

void CheckPossible(const Case& built, Report& report) {
  CheckRoles(built.steps, built.role, report);
  Lives(built, report).Check();
}

}  // namespace cmb::conformance::scenario
