// What the implementation under test says in ACKs: only what it may say, and only with a cause.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;
using ack::v1::AckType;

// Types that an IUT of this role may write itself.
bool MayAuthor(ack::v1::Role role, AckType type) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return type == ack::v1::ACK_TYPE_CANCEL || type == ack::v1::ACK_TYPE_TIMEOUT;
    case ack::v1::ROLE_ROUTER:
      return type == ack::v1::ACK_TYPE_ROUTER_ACK || type == ack::v1::ACK_TYPE_DELIVERY_ACK ||
             type == ack::v1::ACK_TYPE_TIMEOUT;
    default:  // open enum
      return type == ack::v1::ACK_TYPE_RECEIPT || type == ack::v1::ACK_TYPE_EXECUTION_ACK ||
             type == ack::v1::ACK_TYPE_PROGRESS_ACK;
  }
}

// Types that a router passes on for others; those of the future are passed on too.
bool MayPassOn(AckType type) {
  return type != ack::v1::ACK_TYPE_RECEIPT && type != ack::v1::ACK_TYPE_ROUTER_ACK &&
         type != ack::v1::ACK_TYPE_DELIVERY_ACK && type != ack::v1::ACK_TYPE_TIMEOUT;
}

std::string_view AuthorRequirement(ack::v1::Role role, AckType type) {
  if (role != ack::v1::ROLE_ROUTER) {
    return "CMB-WIRE-009";
  }
  if (type == ack::v1::ACK_TYPE_RECEIPT) {
    return "CMB-RTR-022";
  }
  return type == ack::v1::ACK_TYPE_EXECUTION_ACK || type == ack::v1::ACK_TYPE_PROGRESS_ACK
             ? "CMB-RTR-021"
             : "CMB-WIRE-009";
}

void SaysOnlyWhatItMay(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      const bool own = seen.header->source() == history.module_id();
      const AckType type = seen.ack->ack_type();
      const bool may = own ? MayAuthor(history.role(), type)
                           : history.role() == ack::v1::ROLE_ROUTER && MayPassOn(type);
      if (!may) {
        breaches.push_back({seen.entry,
                            fmt::format("{} of '{}' in the name of {}", Words(*seen.ack), id,
                                        seen.header->source()),
                            AuthorRequirement(history.role(), type)});
      }
    }
  }
}

// ---------------------------------------------------------------- causes

bool IsCopyOf(const FrameSeen& copy, std::uint32_t attempt, const Mark& now) {
  return AnsweredAttempt(copy) == attempt && NotAfter(copy, now);
}

bool HasCopy(const MessageHistory& message, std::uint32_t attempt, const Mark& now) {
  return std::any_of(message.copies_received.begin(), message.copies_received.end(),
                     [&](const FrameSeen& copy) { return IsCopyOf(copy, attempt, now); });
}

bool HasAnyCopy(const MessageHistory& message, const Mark& now) {
  return std::any_of(message.copies_received.begin(), message.copies_received.end(),
                     [&](const FrameSeen& copy) { return NotAfter(copy, now); });
}

bool WasPinged(const History& history, const AckSeen& seen) {
  return std::any_of(history.received().begin(), history.received().end(), [&](const FrameSeen& f) {
    return f.header != nullptr && f.header->msg_type() == ack::v1::MSG_TYPE_PING &&
           f.header->message_id() == seen.ack->correlation_id() && NotAfter(f, seen);
  });
}

bool WasCancelled(const MessageHistory& message, const History& history, const Mark& now) {
  return std::any_of(message.acks_received.begin(), message.acks_received.end(),
                     [&](const AckSeen& a) {
                       return a.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL && NotAfter(a, now) &&
                              (message.copies_received.empty() || Rightful(a, message, history));
                     });
}

std::string SenderLacksCause(const MessageHistory& message, const AckSeen& seen) {
  const auto among = [&](const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](const Mark& m) { return NotAfter(m, seen); });
  };
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL) {
    const bool by_policy = !message.sends.empty() &&
                           message.sends.front().act->request.send().policy().cancel_on_timeout();
    return by_policy || among(message.cancels) ? "" : "nobody cancelled it";
  }
  const bool aborted = std::any_of(
      message.transitions.begin(), message.transitions.end(), [&](const TransitionSeen& t) {
        return t.exchange == seen.exchange && t.event->new_state() == ack::v1::STATE_TIMEOUT_ABORT;
      });
  return aborted ? "" : "it has not just given it up";
}

std::string RouterLacksCause(const MessageHistory& message, const History& history,
                             const AckSeen& seen) {
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK) {
    const bool caused = HasCopy(message, seen.ack->attempt(), seen) || WasPinged(history, seen);
    return caused ? "" : "no copy of that attempt came";
  }
  const bool redriven = message.copies_received.empty() && !Arrivals(message).empty();
  return HasAnyCopy(message, seen) || redriven || WasCancelled(message, history, seen)
             ? ""
             : "the message never came";
}

std::string TargetLacksCause(const MessageHistory& message, const AckSeen& seen) {
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
    return HasCopy(message, seen.ack->attempt(), seen) ? "" : "no copy of that attempt came";
  }
  return HasAnyCopy(message, seen) ? "" : "the message never came";
}

std::string LacksCause(const MessageHistory& message, const History& history, const AckSeen& seen) {
  switch (history.role()) {
    case ack::v1::ROLE_SENDER:
      return SenderLacksCause(message, seen);
    case ack::v1::ROLE_ROUTER:
      return RouterLacksCause(message, history, seen);
    default:  // open enum
      return TargetLacksCause(message, seen);
  }
}

// A delivery that nobody attested has a sentence of its own.
std::string_view CauseRequirement(AckType type) {
  return type == ack::v1::ACK_TYPE_DELIVERY_ACK ? "CMB-RTR-009" : "CMB-WIRE-019";
}

void AcksHaveCauses(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.header->source() != history.module_id()) {
        continue;  // Passed on: rule passes-on-what-came.
      }
      const std::string lack = LacksCause(message, history, seen);
      if (!lack.empty()) {
        breaches.push_back({seen.entry,
                            fmt::format("{} of '{}', attempt {}: {}", Words(*seen.ack), id,
                                        seen.ack->attempt(), lack),
                            CauseRequirement(seen.ack->ack_type())});
      }
    }
  }
}

}  // namespace

std::vector<Rule> AckRules() {
  using enum ack::v1::Role;
  return {
      {"says-only-what-it-may",
       {"CMB-WIRE-009", "CMB-RTR-021", "CMB-RTR-022"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "Every ACK is said by the role that may say it; a router passes on the target's and the "
       "sender's.",
       SaysOnlyWhatItMay},
      {"acks-have-causes",
       {"CMB-WIRE-019", "CMB-RTR-009"},
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "No ACK without its cause: a copy received, a cancel, a giving up.",
       AcksHaveCauses},
  };
}

}  // namespace cmb::conformance::oracle
