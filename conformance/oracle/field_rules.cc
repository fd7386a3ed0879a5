// The fields of the frames that the implementation under test makes itself: each stands only where
// the table of 3.3 has it, an ACK goes to its addressee, a PONG answers its PING.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

// What the table of 3.3 forbids in an ACK, a PING and a PONG alike.
std::string StrayOfMessages(const CognitiveMessage& header) {
  if (!header.channel().empty()) {
    return "channel";
  }
  if (header.attempt() != 0) {
    return "attempt";
  }
  if (header.ttl_ms() != 0) {
    return "ttl_ms";
  }
  return header.has_policy() ? "policy" : "";
}

std::string StrayInHeader(const CognitiveMessage& header) {
  const auto type = header.msg_type();
  const bool message = type == ack::v1::MSG_TYPE_MESSAGE;
  const bool ping = type == ack::v1::MSG_TYPE_PING, pong = type == ack::v1::MSG_TYPE_PONG;
  const bool ack = type == ack::v1::MSG_TYPE_ACK, reply = type == ack::v1::MSG_TYPE_REPLY;
  if (header.has_query() || header.has_reply() != reply) {
    return header.has_query() ? "query" : "reply, or lacks it";
  }
  if (!message && !ping && !pong && !ack && !reply) {
    return "";
  }
  if ((ack || pong || reply) && !header.message_id().empty()) {
    return "message_id";
  }
  if (!pong && !reply && !header.correlation_id().empty()) {
    return "correlation_id";
  }
  if (!ack && (header.has_ack() || header.has_ack_batch())) {
    return "ack";
  }
  return message ? "" : StrayOfMessages(header);
}

std::string StrayInAck(const Ack& ack) {
  const bool bad =
      ack.status() == ack::v1::STATUS_FAILURE || ack.status() == ack::v1::STATUS_REJECTED;
  if (!bad && ack.error_code() != ack::v1::ERROR_CODE_UNSPECIFIED) {
    return "error_code";
  }
  if (ack.status() != ack::v1::STATUS_IN_PROGRESS && ack.progress_number() != 0) {
    return "progress_number";
  }
  const bool refusal =
      ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK && ack.status() == ack::v1::STATUS_REJECTED;
  return ack.retryable() && !refusal ? "retryable" : "";
}

bool IsOwn(const FrameSeen& seen, const History& history) {
  return seen.header != nullptr && seen.header->source() == history.module_id();
}

bool MustBeEmpty(const AckSeen& seen, const History& history) {
  const Ack& ack = *seen.ack;
  return seen.header->has_ack_batch() || history.role() == ack::v1::ROLE_ROUTER ||
         ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT || ack.ack_type() == ack::v1::ACK_TYPE_CANCEL;
}

void FieldsStandWhereTheyMay(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    const std::string stray = IsOwn(seen, history) ? StrayInHeader(*seen.header) : "";
    if (!stray.empty()) {
      breaches.push_back({seen.entry, "a frame of this kind has no " + stray});
    }
  }
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (!IsOwn(seen, history)) {
        continue;
      }
      const std::string stray = StrayInAck(*seen.ack);
      if (!stray.empty()) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}' has a {}, which belongs to others",
                                                    Words(*seen.ack), id, stray)});
      }
      if (MustBeEmpty(seen, history) && seen.frame->payload().size != 0) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' has a payload", Words(*seen.ack), id)});
      }
    }
  }
}

// ---------------------------------------------------------------- addressees

// The message that is acknowledged came from this module.
bool CameFrom(const MessageHistory& message, const std::string& module) {
  return std::any_of(message.copies_received.begin(), message.copies_received.end(),
                     [&](const FrameSeen& copy) { return copy.header->source() == module; });
}

bool IsAddressee(const MessageHistory& message, const History& history, const AckSeen& seen) {
  const std::string& to = seen.header->targets(0);
  if (history.role() != ack::v1::ROLE_SENDER) {
    return message.copies_received.empty() || CameFrom(message, to);
  }
  return to == (seen.ack->ack_type() == ack::v1::ACK_TYPE_TIMEOUT ? "@router" : TargetOf(message));
}

void AcksNameTheirAddressee(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (IsOwn(seen, history) && seen.header->targets_size() == 1 &&
          !IsAddressee(message, history, seen)) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' is addressed to '{}'", Words(*seen.ack), id,
                                     seen.header->targets(0))});
      }
    }
  }
}

// ---------------------------------------------------------------- PONG

std::string PairOf(const std::string& socket) {
  if (socket == kAckIngress) {
    return kAckEgress;
  }
  return socket == kAckEgress ? kAckIngress : socket;
}

bool Answers(const FrameSeen& pong, const FrameSeen& ping, const History& history) {
  const CognitiveMessage &asked = *ping.header, &answer = *pong.header;
  return asked.msg_type() == ack::v1::MSG_TYPE_PING && NotAfter(ping, pong) &&
         asked.message_id() == answer.correlation_id() && asked.targets_size() == 1 &&
         asked.targets(0) == history.module_id() && answer.targets_size() == 1 &&
         answer.targets(0) == asked.source() && pong.frame->socket == PairOf(ping.frame->socket) &&
         pong.frame->payload() == ping.frame->payload();
}

void PongsAnswerPings(const History& history, Breaches& breaches) {
  for (const FrameSeen& pong : history.sent()) {
    if (!IsOwn(pong, history) || pong.header->msg_type() != ack::v1::MSG_TYPE_PONG) {
      continue;
    }
    const auto& received = history.received();
    if (std::none_of(received.begin(), received.end(), [&](const FrameSeen& ping) {
          return ping.header != nullptr && Answers(pong, ping, history);
        })) {
      breaches.push_back(
          {pong.entry, fmt::format("a PONG of nonce '{}' over {} that answers no PING: of other "
                                   "nonce, payload, asker or path",
                                   pong.header->correlation_id(), pong.frame->socket)});
    }
  }
}

}  // namespace

std::vector<Rule> FieldRules() {
  const std::vector<ack::v1::Role> all{ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER,
                                       ack::v1::ROLE_TARGET};
  return {
      {"fields-stand-where-they-may",
       {"CMB-WIRE-009"},
       all,
       "A frame has no field and no payload that its kind does not have.",
       FieldsStandWhereTheyMay},
      {"acks-name-their-addressee",
       {"CMB-WIRE-009"},
       all,
       "An ACK names the module to which its type is addressed.",
       AcksNameTheirAddressee},
      {"pongs-answer-pings",
       {"CMB-WIRE-011"},
       all,
       "A PONG gives the asker its nonce and payload back, on the pair of the PING's socket.",
       PongsAnswerPings},
  };
}

}  // namespace cmb::conformance::oracle
