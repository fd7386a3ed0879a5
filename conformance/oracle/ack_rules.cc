// What the implementation under test says in ACKs: only what it may say, and only with a cause.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

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
    default:
      return type == ack::v1::ACK_TYPE_RECEIPT || type == ack::v1::ACK_TYPE_EXECUTION_ACK ||
             type == ack::v1::ACK_TYPE_PROGRESS_ACK;
  }
}

// Types that a router passes on for others; those of the future are passed on too.
bool MayPassOn(AckType type) {
  return type != ack::v1::ACK_TYPE_RECEIPT && type != ack::v1::ACK_TYPE_ROUTER_ACK &&
         type != ack::v1::ACK_TYPE_DELIVERY_ACK && type != ack::v1::ACK_TYPE_TIMEOUT;
}

void SaysOnlyWhatItMay(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const AckSeen& seen : story.acks_sent) {
      const bool own = seen.header->source() == facts.module_id();
      const AckType type = seen.ack->ack_type();
      const bool may = own ? MayAuthor(facts.role(), type)
                           : facts.role() == ack::v1::ROLE_ROUTER && MayPassOn(type);
      if (!may) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}' in the name of {}",
                                                    Words(*seen.ack), id, seen.header->source())});
      }
    }
  }
}

// ---------------------------------------------------------------- causes

bool IsCopyOf(const FrameSeen& copy, std::uint32_t attempt, const Mark& now) {
  return copy.header->attempt() == attempt && NotAfter(copy, now);
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
    return among(story.cancels) ? "" : "nobody cancelled it";
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
  const bool cancelled = WasCancelled(story, facts, seen);
  return HasAnyCopy(story, seen) || cancelled ? "" : "the message never came";
}

std::string TargetLacksCause(const Story& story, const Facts& facts, const AckSeen& seen) {
  if (seen.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
    return HasCopy(story, seen.ack->attempt(), seen) ? "" : "no copy of that attempt came";
  }
  const bool cancelled =
      seen.ack->error_code() == ack::v1::ERROR_CODE_CANCELLED && WasCancelled(story, facts, seen);
  return HasAnyCopy(story, seen) || cancelled ? "" : "the message never came";
}

std::string LacksCause(const Story& story, const Facts& facts, const AckSeen& seen) {
  switch (facts.role()) {
    case ack::v1::ROLE_SENDER:
      return SenderLacksCause(story, seen);
    case ack::v1::ROLE_ROUTER:
      return RouterLacksCause(story, facts, seen);
    default:
      return TargetLacksCause(story, facts, seen);
  }
}

void AcksHaveCauses(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (const AckSeen& seen : story.acks_sent) {
      if (seen.header->source() != facts.module_id()) {
        continue;  // Passed on: rule passes-on-what-came.
      }
      const std::string lack = LacksCause(story, facts, seen);
      if (!lack.empty()) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}', attempt {}: {}", Words(*seen.ack),
                                                    id, seen.ack->attempt(), lack)});
      }
    }
  }
}

// ---------------------------------------------------------------- one answer for one copy

bool IsAnswerToACopy(ack::v1::Role role, AckType type) {
  return type ==
         (role == ack::v1::ROLE_ROUTER ? ack::v1::ACK_TYPE_ROUTER_ACK : ack::v1::ACK_TYPE_RECEIPT);
}

void OneAnswerForOneCopy(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    std::map<std::uint32_t, std::int64_t> owed;  // By attempt.
    for (const FrameSeen& copy : story.copies_received) {
      ++owed[copy.header->attempt()];
    }
    for (const AckSeen& seen : story.acks_sent) {
      if (seen.header->source() != facts.module_id() || owed.count(seen.ack->attempt()) == 0 ||
          !IsAnswerToACopy(facts.role(), seen.ack->ack_type())) {
        continue;
      }
      if (--owed[seen.ack->attempt()] < 0) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}', attempt {}, once more than copies of it came",
                                     Words(*seen.ack), id, seen.ack->attempt())});
      }
    }
  }
}

// ---------------------------------------------------------------- identity

// What no re-send changes.
std::string Lasting(const FrameSeen& copy) {
  ack::v1::CognitiveMessage header = *copy.header;
  header.clear_attempt();
  header.clear_ttl_ms();
  header.clear_channel();
  return header.SerializeAsString() +
         fmt::format("|{}|{}", copy.frame->payload().size, copy.frame->payload().hash);
}

void OneIdOneMessage(const Facts& facts, Breaches& breaches) {
  for (const auto& [id, story] : facts.stories()) {
    for (std::size_t i = 1; i < story.copies_sent.size(); ++i) {
      if (Lasting(story.copies_sent[i]) != Lasting(story.copies_sent[0])) {
        breaches.push_back({story.copies_sent[i].entry,
                            fmt::format("attempt {} of '{}' is another message than the first",
                                        story.copies_sent[i].header->attempt(), id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> AckRules() {
  using enum ack::v1::Role;
  return {
      {"says-only-what-it-may",
       "CMB-SEC-001",
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "Every ACK is said by the role that may say it; a router passes on the target's and the "
       "sender's.",
       SaysOnlyWhatItMay},
      {"acks-have-causes",
       "CMB-WIRE-010",
       {ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET},
       "No ACK without its cause: a copy received, a cancel, a giving up.",
       AcksHaveCauses},
      {"one-answer-per-copy",
       "CMB-WIRE-011",
       {ROLE_ROUTER, ROLE_TARGET},
       "One ROUTER_ACK, one RECEIPT for each copy received, and no more.",
       OneAnswerForOneCopy},
      {"one-id-one-message",
       "CMB-SND-022",
       {ROLE_SENDER},
       "A message_id never names another payload, key or target.",
       OneIdOneMessage},
  };
}

}  // namespace cmb::conformance::oracle
