// What is told besides the changes of state: each progress at a sender.
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
      {"progress-is-told",
       {"CMB-OBS-005"},
       {ROLE_SENDER},
       "Each PROGRESS_ACK that counts in an open record, and each IN_PROGRESS in EXECUTING, is one "
       "progress event.",
       ProgressIsTold},
  };
}

}  // namespace cmb::conformance::oracle
