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

void SaysOnlyWhatItMay(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const AckSeen& seen : story.acks_sent) {
      const bool own = seen.header->source() == facts.module_id();
      const AckType type = seen.ack->ack_type();
      const bool may = own ? MayAuthor(facts.role(), type)
                           : facts.role() == ack::v1::ROLE_ROUTER && MayPassOn(type);
      if (!may) {
        breaches.push_back({seen.entry,
                            fmt::format("{} of '{}' in the name of {}", Words(*seen.ack), id,
                                        seen.header->source()),
                            AuthorRequirement(facts.role(), type)});
      }
    }
  }
}

// ---------------------------------------------------------------- causes

bool IsCopyOf(const FrameSeen& copy, std::uint32_t attempt, const Mark& now) {
  return AnsweredAttempt(copy) == attempt && NotAfter(copy, now);
}

bool HasCopy(const Story& story, std::uint32_t attempt, const Mark& now) {
  return std::any_of(story.copies_received.begin(), story.copies_received.end(),
                     [&](const FrameSeen& copy) { return IsCopyOf(copy, attempt, now); });
}

bool HasAnyCopy(const Story& story, const Mark& now) {
  return std::any_of(story.copies_received.begin(), story.copies_received.end(),
                     [&](const FrameSeen& copy) { return NotAfter(copy, now); });
}

bool WasPinged(const Facts& facts, const AckSeen& seen) {
  return std::any_of(facts.received().begin(), facts.received().end(), [&](const FrameSeen& f) {
    return f.header != nullptr && f.header->msg_type() == ack::v1::MSG_TYPE_PING &&
           f.header->message_id() == seen.ack->correlation_id() && NotAfter(f, seen);
  });
}

bool WasCancelled(const Story& story, const Facts& facts, const Mark& now) {
  return std::any_of(story.acks_received.begin(), story.acks_received.end(), [&](const AckSeen& a) {
    return a.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL && NotAfter(a, now) &&
           (story.copies_received.empty() || Rightful(a, story, facts));
  });
}

std::string SenderLacksCause(const Story& story, const AckSeen& seen) {
  const auto among = [&](const auto& list) {
    return std::any_of(list.begin(), list.end(), [&](const Mark& m) { return NotAfter(m, seen); });
  };
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL) {
    const bool by_policy = !story.sends.empty() &&
                           story.sends.front().act->request.send().policy().cancel_on_timeout();
    return by_policy || among(story.cancels) ? "" : "nobody cancelled it";
  }
  const bool aborted =
      std::any_of(story.transitions.begin(), story.transitions.end(), [&](const TransitionSeen& t) {
        return t.exchange == seen.exchange && t.event->new_state() == ack::v1::STATE_TIMEOUT_ABORT;
      });
  return aborted ? "" : "it has not just given it up";
}

std::string RouterLacksCause(const Story& story, const Facts& facts, const AckSeen& seen) {
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK) {
    const bool caused = HasCopy(story, seen.ack->attempt(), seen) || WasPinged(facts, seen);
    return caused ? "" : "no copy of that attempt came";
  }
  const bool redriven = story.copies_received.empty() && !Arrivals(story).empty();
  return HasAnyCopy(story, seen) || redriven || WasCancelled(story, facts, seen)
             ? ""
             : "the message never came";
}

std::string TargetLacksCause(const Story& story, const AckSeen& seen) {
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
    return HasCopy(story, seen.ack->attempt(), seen) ? "" : "no copy of that attempt came";
  }
  return HasAnyCopy(story, seen) ? "" : "the message never came";
}

std::string LacksCause(const Story& story, const Facts& facts, const AckSeen& seen) {
  switch (facts.role()) {
    case ack::v1::ROLE_SENDER:
      return SenderLacksCause(story, seen);
    case ack::v1::ROLE_ROUTER:
      return RouterLacksCause(story, facts, seen);
    default:  // open enum
      return TargetLacksCause(story, seen);
  }
}

// A delivery that nobody attested has a sentence of its own.
std::string_view CauseRequirement(AckType type) {
  return type == ack::v1::ACK_TYPE_DELIVERY_ACK ? "CMB-RTR-009" : "CMB-WIRE-019";
}

void AcksHaveCauses(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const AckSeen& seen : story.acks_sent) {
      if (seen.header->source() != facts.module_id()) {
        continue;  // Passed on: rule passes-on-what-came.
      }
      const std::string lack = LacksCause(story, facts, seen);
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
