// Frames: those of the IUT are well-formed, those that are not are counted and change nothing.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/oracle/evidence.h"
#include "conformance/oracle/rule.h"
#include "conformance/oracle/tables/malformed.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;

std::string WrongAck(const Ack& ack) {
  if (!tables::IsKnownPair(ack)) {
    return Words(ack) + " is no pair of type and status";
  }
  if (ack.correlation_id().empty()) {
    return Words(ack) + " names no message";
  }
  if (ack.attempt() == 0) {
    return Words(ack) + " names no attempt";
  }
  const bool bad =
      ack.status() == ack::v1::STATUS_FAILURE || ack.status() == ack::v1::STATUS_REJECTED;
  return bad && ack.error_code() == ack::v1::ERROR_CODE_UNSPECIFIED
             ? Words(ack) + " without an error_code"
             : "";
}

std::string WrongAcks(const FrameSeen& seen, const History& history) {
  const auto& header = *seen.header;
  if (header.has_ack() == header.has_ack_batch()) {
    return "an ACK has either ack or ack_batch";
  }
  const std::string due = history.role() == ack::v1::ROLE_ROUTER ? kAckEgress : kAckIngress;
  if (seen.frame->socket != due) {
    return "an ACK over " + seen.frame->socket;
  }
  if (header.has_ack()) {
    return WrongAck(header.ack());
  }
  for (const Ack& ack : header.ack_batch().acks()) {
    if (std::string wrong = WrongAck(ack); !wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

std::string WrongMessage(const FrameSeen& seen) {
  const auto& header = *seen.header;
  if (header.message_id().empty()) {
    return "a MESSAGE without message_id";
  }
  if (header.attempt() == 0) {
    return "a MESSAGE without attempt";
  }
  return header.channel() == seen.frame->socket ? ""
                                                : fmt::format("a MESSAGE of channel '{}' over {}",
                                                              header.channel(), seen.frame->socket);
}

// CMB-WIRE-022: a PING's id begins with @, and nothing else's.
std::string WrongId(const ack::v1::CognitiveMessage& header) {
  const bool is_ping = header.msg_type() == ack::v1::MSG_TYPE_PING;
  if (header.message_id().starts_with('@') == is_ping) {
    return "";
  }
  return fmt::format("a {} has the message_id '{}'", wire::Word(header.msg_type()),
                     header.message_id());
}

// What is wrong with a frame that the IUT wrote itself; empty: nothing.
std::string WrongFrame(const FrameSeen& seen, const History& history) {
  if (seen.header == nullptr) {
    return "it does not decode: " + seen.frame->fault;
  }
  const auto& header = *seen.header;
  if (header.source() != history.module_id()) {
    return history.role() == ack::v1::ROLE_ROUTER ? ""  // Passed on: judged by the router's rules.
                                                  : "its source is '" + header.source() + "'";
  }
  if (header.schema_version() != 1) {
    return fmt::format("its schema_version is {}", header.schema_version());
  }
  if (header.targets_size() != 1) {
    return fmt::format("it names {} targets", header.targets_size());
  }
  if (header.critical_size() > 0) {
    return "its critical has numbers that nobody assigned";
  }
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_MESSAGE:
      return WrongMessage(seen);
    case ack::v1::MSG_TYPE_ACK:
      return WrongAcks(seen, history);
    default:  // open enum
      return "";
  }
}

void SentFramesAreWellFormed(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    std::string wrong = WrongFrame(seen, history);
    if (!wrong.empty()) {
      breaches.push_back(
          {seen.entry, std::move(wrong), seen.header == nullptr ? "CMB-WIRE-006" : "CMB-WIRE-009"});
    }
  }
}

void IdsTellWhatTheyName(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr || seen.header->source() != history.module_id()) {
      continue;
    }
    if (std::string wrong = WrongId(*seen.header); !wrong.empty()) {
      breaches.push_back({seen.entry, std::move(wrong)});
    }
  }
}

// Whoever receives it need not take more. Of what a router passes on it makes batches alone.
void HeadersAreWithinWhatAllTake(const History& history, Breaches& breaches) {
  constexpr std::size_t kMostBytes = 65536;
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr || seen.frame->frames.front().size <= kMostBytes) {
      continue;
    }
    const bool is_batch = seen.header->has_ack_batch();
    if (is_batch || seen.header->source() == history.module_id()) {
      breaches.push_back({seen.entry,
                          fmt::format("a header of {} bytes", seen.frame->frames.front().size),
                          is_batch                   ? "CMB-BAT-006"
                          : seen.header->has_reply() ? "CMB-INS-010"
                                                     : "CMB-WIRE-023"});
    }
  }
}

std::size_t CountMalformed(const Exchange& exchange) {
  return static_cast<std::size_t>(std::count_if(
      exchange.anomalies.begin(), exchange.anomalies.end(),
      [](const AnomalySeen& a) { return a.event->kind() == ack::v1::ANOMALY_KIND_MALFORMED; }));
}

void MalformedIsCounted(const History& history, Breaches& breaches) {
  for (const auto& [number, exchange] : history.exchanges()) {
    const auto broken = static_cast<std::size_t>(
        std::count_if(exchange.received.begin(), exchange.received.end(),
                      [](const FrameSeen& f) { return f.header == nullptr; }));
    const std::size_t counted = CountMalformed(exchange);
    if (counted < broken) {
      const auto first = std::find_if(exchange.received.begin(), exchange.received.end(),
                                      [](const FrameSeen& f) { return f.header == nullptr; });
      breaches.push_back({first->entry, fmt::format("{} frames that do not decode, {} anomalies "
                                                    "MALFORMED",
                                                    broken, counted)});
    }
  }
}

// Frames that may each be one anomaly: ACKs of a batch one by one.
std::size_t CountJudged(const std::vector<FrameSeen>& received) {
  std::size_t judged = 0;
  for (const FrameSeen& seen : received) {
    const int in_batch = seen.header == nullptr ? 0 : seen.header->ack_batch().acks_size();
    judged += in_batch > 1 ? static_cast<std::size_t>(in_batch) : 1;
  }
  return judged;
}

void OneAnomalyForOneFrame(const History& history, Breaches& breaches) {
  for (const auto& [number, exchange] : history.exchanges()) {
    std::size_t room = CountJudged(exchange.received);
    for (const AnomalySeen& seen : exchange.anomalies) {
      if (seen.event->kind() == ack::v1::ANOMALY_KIND_UNDELIVERABLE) {
        continue;  // Of something that it wanted to send.
      }
      if (room == 0) {
        breaches.push_back({seen.entry, fmt::format("anomaly {}, and no frame that it could be of",
                                                    wire::Word(seen.event->kind()))});
      } else {
        --room;
      }
    }
  }
}

// Reasons that a frame gives, as against timers and the application.
bool IsOfAFrame(ack::v1::Reason reason) {
  switch (reason) {
    case ack::v1::REASON_ROUTER_ACK:
    case ack::v1::REASON_DELIVERY_ACK:
    case ack::v1::REASON_EXECUTION_ACK:
    case ack::v1::REASON_PROGRESS_ACK:
    case ack::v1::REASON_RECEIPT:
    case ack::v1::REASON_TIMEOUT:
    case ack::v1::REASON_LATE_EXECUTION_ACK:
    case ack::v1::REASON_LATE_RECEIPT:
    case ack::v1::REASON_RESEND:
      return true;
    default:  // open enum
      return false;
  }
}

// The only frame of the exchange was dropped as an anomaly.
bool WasDropped(const Exchange& exchange) {
  return exchange.received.size() == 1 && CountJudged(exchange.received) == 1 &&
         std::any_of(exchange.anomalies.begin(), exchange.anomalies.end(),
                     [](const AnomalySeen& a) {
                       return a.event->kind() != ack::v1::ANOMALY_KIND_UNDELIVERABLE;
                     });
}

void DroppedFramesChangeNothing(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const AckSeen* wrong = WrongProof(message, history);  // CMB-LATE-016: it may do both.
    for (const TransitionSeen& seen : message.transitions) {
      const auto exchange = history.exchanges().find(seen.exchange);
      if (wrong != nullptr && wrong->exchange == seen.exchange) {
        continue;
      }
      if (IsOfAFrame(seen.event->reason()) && exchange != history.exchanges().end() &&
          WasDropped(exchange->second)) {
        breaches.push_back(
            {seen.entry, fmt::format("'{}' goes to {} by a frame that was counted as an anomaly",
                                     id, wire::Word(seen.event->new_state()))});
      }
    }
  }
}

}  // namespace

std::vector<Rule> WireRules() {
  const std::vector<ack::v1::Role> all{ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER,
                                       ack::v1::ROLE_TARGET};
  return {
      {"sent-frames-well-formed",
       {"CMB-WIRE-009", "CMB-WIRE-006"},
       all,
       "Every frame that is sent decodes and has what its kind requires.",
       SentFramesAreWellFormed},
      {"ids-tell-what-they-name",
       {"CMB-WIRE-022"},
       all,
       "The message_id of a PING begins with @, and that of nothing else.",
       IdsTellWhatTheyName},
      {"headers-are-within-what-all-take",
       {"CMB-WIRE-023", "CMB-BAT-006", "CMB-INS-010"},
       all,
       "No header that it makes is longer than 65536 bytes.",
       HeadersAreWithinWhatAllTake},
      {"malformed-is-counted",
       {"CMB-WIRE-017"},
       all,
       "A frame that does not decode is counted as MALFORMED.",
       MalformedIsCounted},
      {"one-anomaly-per-frame",
       {"CMB-OBS-004"},
       all,
       "A dropped frame is counted as exactly one anomaly.",
       OneAnomalyForOneFrame},
      {"dropped-frames-change-nothing",
       {"CMB-OBS-004"},
       all,
       "A frame that is counted as an anomaly changes no state.",
       DroppedFramesChangeNothing},
  };
}

}  // namespace cmb::conformance::oracle
