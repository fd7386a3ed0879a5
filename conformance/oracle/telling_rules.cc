// What is told besides the changes of state: each redelivery of a router, each progress at a
// sender.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;
using wire::Word;

// ---------------------------------------------------------------- redelivery

// What left with the message's id for its target; a copy may have brought another type.
std::vector<FrameSeen> ForwardsOf(const History& history, const MessageHistory& message) {
  std::vector<FrameSeen> forwards;
  for (const FrameSeen& sent : history.sent()) {
    if (sent.header != nullptr && sent.header->message_id() == message.message_id &&
        sent.header->source() != history.module_id()) {
      forwards.push_back(sent);
    }
  }
  return forwards;
}

// One message of one source at a router, in one exchange.
struct Deliveries {
  std::size_t forwards = 0, copies = 0, retries = 0;
  std::size_t entry = 0;  // The last of them.
};

std::map<std::uint64_t, Deliveries> DeliveriesOf(const MessageHistory& message,
                                                 const std::vector<FrameSeen>& forwards,
                                                 const std::string& source) {
  std::map<std::uint64_t, Deliveries> found;
  const auto add = [&found](const Mark& mark, std::size_t Deliveries::*count) {
    Deliveries& here = found[mark.exchange];
    ++(here.*count);
    here.entry = std::max(here.entry, mark.entry);
  };
  for (const FrameSeen& copy : message.copies_received) {
    if (copy.header->source() == source) {
      add(copy, &Deliveries::copies);
    }
  }
  for (const FrameSeen& forward : forwards) {
    if (forward.header->source() == source) {
      add(forward, &Deliveries::forwards);
    }
  }
  for (const RetrySeen& retry : message.retries) {
    if (retry.event->source() == source) {
      add(retry, &Deliveries::retries);
    }
  }
  return found;
}

// A copy may cause a forward, and the first one is none again; any other has its event, and each
// event its forward, unless ZeroMQ refused it.
void EachRedeliveryIsTold(const History& history, const MessageHistory& message,
                          const std::vector<FrameSeen>& forwards, const std::string& source,
                          Breaches& breaches) {
  bool forwarded = false;
  for (const auto& [exchange, here] : DeliveriesOf(message, forwards, source)) {
    const bool first = !std::exchange(forwarded, forwarded || here.forwards > 0);
    const std::size_t others = here.copies + (first ? 1 : 0);
    if (here.forwards > here.retries + others) {
      breaches.push_back({here.entry, fmt::format("'{}' is forwarded again without a retry event",
                                                  message.message_id)});
    } else if (here.retries > here.forwards && !history.HasUndeliverable()) {
      breaches.push_back(
          {here.entry, fmt::format("{} retry events of '{}' and {} forwards", here.retries,
                                   message.message_id, here.forwards)});
    }
  }
}

// The forwards of its attempt that were seen up to this event.
std::uint64_t ForwardsSeen(const std::vector<FrameSeen>& forwards, const RetrySeen& retry) {
  return static_cast<std::uint64_t>(
      std::count_if(forwards.begin(), forwards.end(), [&retry](const FrameSeen& forward) {
        return NotAfter(forward, retry) && forward.header->source() == retry.event->source() &&
               AnsweredAttempt(forward) == std::max(retry.event->attempt(), 1U);
      }));
}

// Without a backoff several redeliveries are of one exchange: those that are told behind this one.
std::uint64_t ToldBehind(const MessageHistory& message, const RetrySeen& retry) {
  return static_cast<std::uint64_t>(std::count_if(
      message.retries.begin(), message.retries.end(), [&retry](const RetrySeen& other) {
        return other.exchange == retry.exchange && other.entry > retry.entry &&
               other.event->source() == retry.event->source() &&
               other.event->attempt() == retry.event->attempt();
      }));
}

// What ZeroMQ refused counts and is not seen.
std::string WhatIsWrong(const History& history, const MessageHistory& message,
                        const std::vector<FrameSeen>& forwards, const RetrySeen& retry) {
  const std::uint64_t told = retry.event->delivery_count();
  const std::uint64_t up_to_now = ForwardsSeen(forwards, retry);
  const std::uint64_t seen = up_to_now - std::min(up_to_now, ToldBehind(message, retry));
  if (told < seen || (told > seen && !history.HasUndeliverable())) {
    return fmt::format("tells {} forwards of attempt {}, {} were seen", told,
                       retry.event->attempt(), seen);
  }
  return retry.event->reason() == ack::v1::REASON_RECEIPT
             ? ""
             : "has the reason " + Word(retry.event->reason());
}

void RedeliveriesAreTold(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    std::set<std::string> sources;
    const std::vector<FrameSeen> forwards = ForwardsOf(history, message);
    for (const FrameSeen& forward : forwards) {
      sources.insert(forward.header->source());
    }
    for (const std::string& source : sources) {
      EachRedeliveryIsTold(history, message, forwards, source, breaches);
    }
    for (const RetrySeen& retry : message.retries) {
      const std::string wrong = WhatIsWrong(history, message, forwards, retry);
      if (!wrong.empty()) {
        breaches.push_back({retry.entry, fmt::format("the retry of '{}' {}", id, wrong)});
      }
    }
  }
}

// ---------------------------------------------------------------- progress

bool IsStart(ack::v1::AckType type, ack::v1::Status status) {
  return type == ack::v1::ACK_TYPE_EXECUTION_ACK && status == ack::v1::STATUS_IN_PROGRESS;
}

bool IsNews(ack::v1::AckType type, ack::v1::Status status) {
  return type == ack::v1::ACK_TYPE_PROGRESS_ACK || IsStart(type, status);
}

// What one exchange brought of one message.
struct News {
  std::vector<const Ack*> acks;  // PROGRESS_ACKs and IN_PROGRESS, those that count or not.
  std::size_t dropped = 0;       // Of these, by their anomalies.
  std::size_t entered = 0;       // Of these, changed the state and are no progress.
  bool ended = false;            // A terminal EXECUTION_ACK came too.
  std::vector<ProgressSeen> told;
  std::size_t entry = 0;
};

// An ACK that enters EXECUTING by IN_PROGRESS, or completes, is told by its transition alone.
bool IsToldByItself(const ack::v1::TransitionEvent& event) {
  const bool completes = event.new_state() == ack::v1::STATE_COMPLETED_SUCCESS;
  return event.reason() == ack::v1::REASON_EXECUTION_ACK
             ? completes || event.new_state() == ack::v1::STATE_EXECUTING
             : completes && event.reason() == ack::v1::REASON_PROGRESS_ACK;
}

void AddEvents(const History& history, const MessageHistory& message,
               std::map<std::uint64_t, News>& found) {
  for (auto& [exchange, news] : found) {
    for (const AnomalySeen& seen : history.exchanges().at(exchange).anomalies) {
      const bool its = seen.event->message_id() == message.message_id;
      news.dropped += its && IsNews(seen.event->ack_type(), seen.event->status()) ? 1 : 0;
    }
  }
  for (const TransitionSeen& seen : message.transitions) {
    const auto news = found.find(seen.exchange);
    if (news != found.end() && IsToldByItself(*seen.event)) {
      ++news->second.entered;
    }
  }
}

std::map<std::uint64_t, News> NewsOf(const History& history, const MessageHistory& message) {
  std::map<std::uint64_t, News> found;
  for (const AckSeen& seen : message.acks_received) {
    News& news = found[seen.exchange];
    news.entry = seen.entry;
    news.ended = news.ended || IsTerminal(*seen.ack);
    if (IsNews(seen.ack->ack_type(), seen.ack->status())) {
      news.acks.push_back(seen.ack);
    }
  }
  AddEvents(history, message, found);
  for (const ProgressSeen& seen : message.progress) {
    found[seen.exchange].told.push_back(seen);
  }
  return found;
}

// What was dropped with its whole frame has no anomaly of its own.
bool LostAFrame(const History& history, std::uint64_t exchange) {
  const auto& anomalies = history.exchanges().at(exchange).anomalies;
  return std::any_of(anomalies.begin(), anomalies.end(), [](const AnomalySeen& seen) {
    return seen.event->message_id().empty() ||
           seen.event->kind() == ack::v1::ANOMALY_KIND_MALFORMED;
  });
}

bool Tells(const ack::v1::ProgressEvent& event, const Ack& ack) {
  return event.progress_number() == ack.progress_number() &&
         event.has_percent() == ack.has_percent() && event.percent() == ack.percent();
}

void ProgressIsTold(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const auto& [exchange, news] : NewsOf(history, message)) {
      const std::size_t most = news.acks.size() - std::min(news.dropped, news.acks.size());
      // The change may be that of the terminal.
      const std::size_t least = most - std::min(news.entered, most);
      const std::size_t told = news.told.size();
      if (told > (news.ended ? most : least) || (told < least && !LostAFrame(history, exchange))) {
        const std::size_t entry = news.told.empty() ? news.entry : news.told.back().entry;
        breaches.push_back(
            {entry, fmt::format("{} progress events of '{}', {} are expected", told, id, least)});
        continue;
      }
      for (const ProgressSeen& seen : news.told) {
        if (std::none_of(news.acks.begin(), news.acks.end(),
                         [&seen](const Ack* ack) { return Tells(*seen.event, *ack); })) {
          breaches.push_back({seen.entry, fmt::format("progress {} of '{}' tells what no ACK said",
                                                      seen.event->progress_number(), id)});
        }
      }
    }
  }
}

}  // namespace

std::vector<Rule> TellingRules() {
  using enum ack::v1::Role;
  return {
      {"redeliveries-are-told",
       {"CMB-OBS-006"},
       {ROLE_ROUTER},
       "Each forward that no copy causes is one retry event, which counts the forwards.",
       RedeliveriesAreTold},
      {"progress-is-told",
       {"CMB-OBS-005"},
       {ROLE_SENDER},
       "Each PROGRESS_ACK that counts in an open record, and each IN_PROGRESS in EXECUTING, is one "
       "progress event.",
       ProgressIsTold},
  };
}

}  // namespace cmb::conformance::oracle
