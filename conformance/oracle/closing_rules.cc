// A sender that cancels a message or gives it up closes attempts of it, those still under way too.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::AnomalyKind;

constexpr std::uint32_t kVersion = 1;

// What the router dropped for its form; the other findings leave a mark (5.6).
bool WasRefused(const History& history, const AckSeen& seen) {
  const auto& anomalies = history.exchanges().at(seen.exchange).anomalies;
  return std::any_of(anomalies.begin(), anomalies.end(), [](const AnomalySeen& anomaly) {
    const AnomalyKind kind = anomaly.event->kind();
    return kind != ack::v1::ANOMALY_KIND_UNAUTHORIZED_ACK &&
           kind != ack::v1::ANOMALY_KIND_DUPLICATE_ACK;
  });
}

bool SaysSo(const AckSeen& seen) {
  switch (seen.ack->ack_type()) {
    case ack::v1::ACK_TYPE_CANCEL:
      return seen.ack->status() == ack::v1::STATUS_UNSPECIFIED;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return seen.ack->status() == ack::v1::STATUS_FAILURE;
    default:  // open enum: nothing else closes attempts.
      return false;
  }
}

// A TIMEOUT of an attempt that is not the current one any more is stale.
bool IsStale(const AckSeen& seen, const MessageHistory& message) {
  return seen.ack->ack_type() == ack::v1::ACK_TYPE_TIMEOUT &&
         std::any_of(message.copies_received.begin(), message.copies_received.end(),
                     [&seen](const FrameSeen& copy) {
                       return NotAfter(copy, seen) &&
                              copy.header->source() == seen.header->source() &&
                              copy.header->attempt() > seen.ack->attempt();
                     });
}

// The key of the record is its author's: what others have under that message_id is no matter.
bool Closes(const AckSeen& seen, const MessageHistory& message, const History& history) {
  return SaysSo(seen) && seen.header->schema_version() == kVersion &&
         seen.frame->socket == kAckIngress && seen.frame->peer == seen.header->source() &&
         !WasRefused(history, seen) && !IsStale(seen, message);
}

// `effect`, of this attempt and source, comes while the mark of `closing` is kept.
bool IsAgainst(const AckSeen& closing, const Mark& effect, std::uint32_t attempt,
               const History& history) {
  return effect.exchange > closing.exchange && attempt <= closing.ack->attempt() &&
         effect.at_ms <= Later(closing.at_ms, 2 * history.max_latency_ms());
}

void JudgeForwards(const AckSeen& closing, const MessageHistory& message, const History& history,
                   Breaches& breaches) {
  for (const FrameSeen& copy : message.copies_sent) {
    const std::uint32_t attempt = copy.header->attempt();
    if (copy.header->source() == closing.header->source() &&
        IsAgainst(closing, copy, attempt, history)) {
      breaches.push_back(
          {copy.entry,
           fmt::format("attempt {} of '{}' is forwarded after {} of attempt {}", attempt,
                       message.message_id, Words(*closing.ack), closing.ack->attempt())});
    }
  }
}

// Attempt 0 is no attempt that can be closed, and is answered as 1.
bool AnswersNone(const AckSeen& answer, const History& history) {
  const auto& received = history.exchanges().at(answer.exchange).received;
  return std::any_of(received.begin(), received.end(), [](const FrameSeen& seen) {
    return seen.header != nullptr && seen.header->attempt() == 0 &&
           seen.header->msg_type() != ack::v1::MSG_TYPE_ACK;
  });
}

void JudgeAnswers(const AckSeen& closing, const MessageHistory& message, const History& history,
                  Breaches& breaches) {
  for (const AckSeen& answer : message.acks_sent) {
    if (answer.ack->ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK &&
        answer.ack->status() == ack::v1::STATUS_SUCCESS &&
        answer.frame->peer == closing.header->source() && !AnswersNone(answer, history) &&
        IsAgainst(closing, answer, answer.ack->attempt(), history)) {
      breaches.push_back({answer.entry, fmt::format("attempt {} of '{}' is accepted after {} of "
                                                    "attempt {}",
                                                    answer.ack->attempt(), message.message_id,
                                                    Words(*closing.ack), closing.ack->attempt())});
    }
  }
}

void ClosedAttemptsStayClosed(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_received) {
      if (Closes(seen, message, history)) {
        JudgeForwards(seen, message, history, breaches);
        JudgeAnswers(seen, message, history, breaches);
      }
    }
  }
}

}  // namespace

std::vector<Rule> ClosingRules() {
  return {
      {"closed-attempts-stay-closed",
       {"CMB-RTR-018"},
       {ack::v1::ROLE_ROUTER},
       "What its sender cancelled or gave up, come or not, is neither accepted nor forwarded.",
       ClosedAttemptsStayClosed},
  };
}

}  // namespace cmb::conformance::oracle
