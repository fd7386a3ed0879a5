// What history.h says of histories, frames and ACKs.
#include <algorithm>
#include <cmath>
#include <limits>

#include "conformance/oracle/history/history.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

// A router uses a policy outside its ranges so; a sender refuses it.
PolicyTold AtNearestBound(PolicyTold told) {
  constexpr std::uint64_t kLongestMs = 604'800'000;
  told.router_ack_ms = std::min(told.router_ack_ms, kLongestMs);
  told.delivery_ack_ms = std::min(told.delivery_ack_ms, kLongestMs);
  told.execution_ms = std::min(told.execution_ms, kLongestMs);
  told.max_retries = std::min(told.max_retries, 100U);
  told.backoff_first_ms = std::min(told.backoff_first_ms, static_cast<double>(kLongestMs));
  told.backoff_factor =
      std::isnan(told.backoff_factor) ? 2.0 : std::clamp(told.backoff_factor, 1.0, 10.0);
  told.backoff_max_ms = std::min(told.backoff_max_ms, static_cast<double>(kLongestMs));
  return told;
}

}  // namespace

Work WorkOf(const ack::v1::Execution& event) {
  return {event.source(), event.target(), event.idempotency_key()};
}

Work WorkOf(const ack::v1::CognitiveMessage& header) {
  return {header.source(), header.targets_size() == 1 ? header.targets(0) : "",
          header.idempotency_key().empty() ? header.message_id() : header.idempotency_key()};
}

std::vector<Work> WorksOf(const MessageHistory& message, const Mark& now) {
  std::vector<Work> works;
  for (const FrameSeen& copy : message.copies_received) {
    if (NotAfter(copy, now)) {
      works.push_back(WorkOf(*copy.header));
    }
  }
  return works;
}

bool ShareWork(const MessageHistory& one, const MessageHistory& other, const Mark& now) {
  const std::vector<Work> works = WorksOf(other, now);
  const std::vector<Work> own = WorksOf(one, now);
  return std::any_of(own.begin(), own.end(), [&works](const Work& work) {
    return std::find(works.begin(), works.end(), work) != works.end();
  });
}

std::vector<FrameSeen> Arrivals(const MessageHistory& message) {
  const bool redriven = message.copies_received.empty() && !message.copies_sent.empty() &&
                        !message.copies_sent.front().header->redrive_of().empty();
  return redriven ? std::vector<FrameSeen>{message.copies_sent.front()} : message.copies_received;
}

std::uint32_t AnsweredAttempt(const FrameSeen& copy) {
  return std::max(copy.header->attempt(), 1U);
}

PolicyTold Told(const ack::v1::DeliveryPolicy& policy) {
  const auto or_default = [](std::uint64_t told, std::uint64_t absent) {
    return told == 0 ? absent : told;
  };
  PolicyTold told{};
  told.router_ack_ms = or_default(policy.router_ack_ms(), 1'000);
  told.delivery_ack_ms = or_default(policy.delivery_ack_ms(), 10'000);
  told.execution_ms = or_default(policy.execution_ms(), 60'000);
  told.max_retries = policy.has_max_retries() ? policy.max_retries() : 3;
  told.backoff_first_ms =
      policy.has_backoff_first_ms() ? static_cast<double>(policy.backoff_first_ms()) : 1'000.0;
  told.backoff_factor = policy.has_backoff_factor() ? policy.backoff_factor() : 2.0;
  told.backoff_max_ms =
      policy.has_backoff_max_ms() ? static_cast<double>(policy.backoff_max_ms()) : 30'000.0;
  told.cancel_on_timeout = policy.cancel_on_timeout();
  return AtNearestBound(told);
}

double BackoffBase(const PolicyTold& policy, std::uint64_t count) {
  const double first = policy.backoff_first_ms;
  const double growth = std::pow(policy.backoff_factor, static_cast<double>(count) - 1.0);
  return std::min(policy.backoff_max_ms, first == 0 ? 0 : first * growth);  // 0 times infinity.
}

bool NotAfter(const Mark& cause, const Mark& effect) {
  return cause.exchange == effect.exchange || cause.entry < effect.entry;
}

std::string SourceOf(const MessageHistory& message, const History& history) {
  if (history.role() == ack::v1::ROLE_SENDER) {
    return history.module_id();
  }
  const auto arrivals = Arrivals(message);
  return arrivals.empty() ? "" : arrivals.front().header->source();
}

std::string TargetOf(const MessageHistory& message) {
  if (!message.sends.empty()) {
    return message.sends.front().act->request.send().target();
  }
  for (const FrameSeen& copy : Arrivals(message)) {
    if (copy.header->targets_size() == 1) {
      return copy.header->targets(0);
    }
  }
  return "";
}

std::uint64_t Later(std::uint64_t at_ms, std::uint64_t by_ms) {
  const std::uint64_t sum = at_ms + by_ms;
  return sum < at_ms ? std::numeric_limits<std::uint64_t>::max() : sum;
}

namespace {

// By the copies that ended at `end` or before and the changes before `exchange`: one of the same
// exchange may belong to the record that began anew.
std::uint64_t KeptUntil(const MessageHistory& message, const History& history, std::uint64_t end,
                        std::uint64_t exchange) {
  bool made_work = false;  // Else the key window began with the message that did.
  for (const TransitionSeen& seen : message.transitions) {
    if (seen.exchange < exchange) {
      end = std::max(end, seen.at_ms);
      made_work = history.role() == ack::v1::ROLE_TARGET;
    }
  }
  end = Later(end, 2 * history.max_latency_ms());
  if (made_work && !message.copies_received.empty()) {
    end = std::max(end, Later(message.copies_received.front().at_ms, history.key_window_ms()));
  }
  return end;
}

}  // namespace

std::uint64_t LifeEnd(const MessageHistory& message, const History& history, const Mark& mark) {
  std::uint64_t end = 0;
  for (const FrameSeen& copy : Arrivals(message)) {
    // A copy of the same exchange may be the very one that began the record anew.
    if (copy.exchange >= mark.exchange) {
      break;
    }
    const std::uint64_t kept = KeptUntil(message, history, end, copy.exchange);
    if (copy.at_ms > kept) {
      return kept;  // This copy may have begun it anew.
    }
    end = std::max(end, Later(copy.at_ms, copy.header->ttl_ms()));
  }
  return KeptUntil(message, history, end, mark.exchange);
}

namespace {

bool RightfulAuthor(const AckSeen& ack, const MessageHistory& message, const History& history) {
  const std::string& author = ack.header->source();
  switch (ack.ack->ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return author == "@router";
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
    case ack::v1::ACK_TYPE_RECEIPT:
      return author == TargetOf(message);
    case ack::v1::ACK_TYPE_TIMEOUT:
      return author ==
             (history.role() == ack::v1::ROLE_SENDER ? "@router" : SourceOf(message, history));
    case ack::v1::ACK_TYPE_CANCEL:
      return author == SourceOf(message, history);
    default:  // open enum: A type from the future: a router takes it as a word of the target.
      return author == TargetOf(message);
  }
}

}  // namespace

bool Rightful(const AckSeen& ack, const MessageHistory& message, const History& history) {
  if (history.role() == ack::v1::ROLE_ROUTER) {
    return ack.frame->socket == kAckIngress && ack.frame->peer == ack.header->source() &&
           RightfulAuthor(ack, message, history);
  }
  return IsAckEgress(ack.frame->socket) && RightfulAuthor(ack, message, history);
}

std::vector<const ack::v1::Ack*> AcksOf(const ack::v1::CognitiveMessage& header) {
  std::vector<const ack::v1::Ack*> acks;
  if (header.has_ack()) {
    acks.push_back(&header.ack());
  }
  for (const auto& ack : header.ack_batch().acks()) {
    acks.push_back(&ack);
  }
  return acks;
}

bool IsTerminal(const ack::v1::Ack& ack) {
  return ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK &&
         ack.status() != ack::v1::STATUS_IN_PROGRESS;
}

bool IsCancelled(const ack::v1::Ack& ack) {
  return IsTerminal(ack) && ack.status() == ack::v1::STATUS_FAILURE &&
         ack.error_code() == ack::v1::ERROR_CODE_CANCELLED;
}

std::string Words(const ack::v1::Ack& ack) {
  std::string words = wire::Word(ack.ack_type());
  if (ack.status() != ack::v1::STATUS_UNSPECIFIED) {
    words += "/" + wire::Word(ack.status());
  }
  if (ack.error_code() != ack::v1::ERROR_CODE_UNSPECIFIED) {
    words += " " + wire::Word(ack.error_code());
  }
  return words;
}

}  // namespace cmb::conformance::oracle
