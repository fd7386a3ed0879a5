// Copies of a message: each is answered once, and all of them are the same message.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

// A router that cannot remember a refusal says TIMEOUT BUFFER_FULL in its place (CMB-RTR-033).
bool IsAnswerToACopy(ack::v1::Role role, const Ack& ack) {
  if (role != ack::v1::ROLE_ROUTER) {
    return ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT;
  }
  return ack.ack_type() == ack::v1::ACK_TYPE_ROUTER_ACK ||
         (ack.ack_type() == ack::v1::ACK_TYPE_TIMEOUT &&
          ack.error_code() == ack::v1::ERROR_CODE_BUFFER_FULL);
}

// CMB-DUR-017: once a restart, for the highest attempt that had come.
bool IsAnnouncement(const History& history, const MessageHistory& message, const AckSeen& seen) {
  std::uint32_t highest = 0;
  for (const FrameSeen& copy : message.copies_received) {
    highest = copy.entry < seen.entry ? std::max(highest, AnsweredAttempt(copy)) : highest;
  }
  const bool is_first = std::none_of(
      message.acks_sent.begin(), message.acks_sent.end(), [&seen](const AckSeen& other) {
        return other.exchange == seen.exchange && other.entry < seen.entry &&
               other.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT;
      });
  return history.role() == ack::v1::ROLE_TARGET && history.profile() == ack::v1::PROFILE_DURABLE &&
         history.IsRestart(seen.exchange) && seen.ack->status() == ack::v1::STATUS_SUCCESS &&
         seen.ack->attempt() == highest && is_first;
}

void OneAnswerForOneCopy(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    std::map<std::uint32_t, std::int64_t> owed;  // By attempt.
    for (const FrameSeen& copy : message.copies_received) {
      ++owed[AnsweredAttempt(copy)];
    }
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.header->source() != history.module_id() || owed.count(seen.ack->attempt()) == 0 ||
          !IsAnswerToACopy(history.role(), *seen.ack) || IsAnnouncement(history, message, seen)) {
        continue;
      }
      if (--owed[seen.ack->attempt()] < 0) {
        breaches.push_back(
            {seen.entry,
             fmt::format("{} of '{}', attempt {}, once more than copies of it came",
                         Words(*seen.ack), id, seen.ack->attempt()),
             history.role() == ack::v1::ROLE_ROUTER ? "CMB-RTR-001" : "CMB-TGT-001"});
      }
    }
  }
}

// A MESSAGE that came where it may and says what it must.
bool IsTakeable(const FrameSeen& seen, const History& history) {
  const auto& channels = history.transcript().header.channels;
  const bool by_channel =
      std::find(channels.begin(), channels.end(), seen.frame->socket) != channels.end();
  return by_channel && seen.header != nullptr && seen.header->schema_version() == 1 &&
         seen.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
         !seen.header->message_id().empty() && !seen.header->source().empty();
}

std::size_t AnswersIn(const ack::v1::CognitiveMessage& header, ack::v1::Role role) {
  const auto acks = AcksOf(header);
  return static_cast<std::size_t>(std::count_if(
      acks.begin(), acks.end(), [role](const auto* ack) { return IsAnswerToACopy(role, *ack); }));
}

void EveryCopyIsAnswered(const History& history, Breaches& breaches) {
  for (const auto& [number, exchange] : history.exchanges()) {
    std::size_t copies = 0;
    const FrameSeen* last = nullptr;
    for (const FrameSeen& seen : exchange.received) {
      if (IsTakeable(seen, history)) {
        ++copies;
        last = &seen;
      }
    }
    std::size_t answers = exchange.anomalies.size();  // A copy dropped, or an answer that was.
    for (const FrameSeen& seen : exchange.sent) {
      answers += seen.header != nullptr && seen.header->source() == history.module_id()
                     ? AnswersIn(*seen.header, history.role())
                     : 0;
    }
    if (answers < copies) {
      breaches.push_back(
          {last->entry,
           fmt::format("{} copies came, {} were answered or dropped as anomalies", copies, answers),
           history.role() == ack::v1::ROLE_ROUTER ? "CMB-RTR-001" : "CMB-TGT-001"});
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

void OneIdOneMessage(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (std::size_t i = 1; i < message.copies_sent.size(); ++i) {
      if (Lasting(message.copies_sent[i]) != Lasting(message.copies_sent[0])) {
        breaches.push_back({message.copies_sent[i].entry,
                            fmt::format("attempt {} of '{}' is another message than the first",
                                        message.copies_sent[i].header->attempt(), id)});
      }
    }
  }
}

}  // namespace

std::vector<Rule> AnswerRules() {
  using enum ack::v1::Role;
  return {
      {"one-answer-per-copy",
       {"CMB-RTR-001", "CMB-TGT-001"},
       {ROLE_ROUTER, ROLE_TARGET},
       "One ROUTER_ACK, one RECEIPT for each copy received, and no more but at a restart.",
       OneAnswerForOneCopy},
      {"every-copy-is-answered",
       {"CMB-RTR-001", "CMB-TGT-001"},
       {ROLE_ROUTER, ROLE_TARGET},
       "Every copy that is not dropped as an anomaly is answered.",
       EveryCopyIsAnswered},
      {"one-id-one-message",
       {"CMB-WIRE-010"},
       {ROLE_SENDER},
       "A message_id never names another payload, key or target.",
       OneIdOneMessage},
  };
}

}  // namespace cmb::conformance::oracle
