// What a router answers when it is asked: once for each QUERY, and what the events have said.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "conformance/oracle/rule.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::CognitiveMessage;
using ack::v1::State;
using wire::Word;

constexpr std::size_t kLongestId = 255;

// Asker, socket, message_id.
using Question = std::tuple<std::string, std::string, std::string>;

// A QUERY that must be answered with a REPLY.
bool IsQuestion(const FrameSeen& seen, const History& history) {
  const auto& channels = history.transcript().header.channels;
  return seen.header != nullptr && seen.header->msg_type() == ack::v1::MSG_TYPE_QUERY &&
         std::find(channels.begin(), channels.end(), seen.frame->socket) != channels.end() &&
         seen.header->source() == seen.frame->peer && seen.header->schema_version() == 1 &&
         seen.header->critical_size() == 0 && !seen.header->message_id().starts_with('@') &&
         seen.header->targets_size() == 1 && seen.header->targets(0) == history.module_id() &&
         !seen.header->message_id().empty() && seen.header->message_id().size() <= kLongestId &&
         history.profile() >= ack::v1::PROFILE_TRACKED;
}

bool IsReply(const FrameSeen& seen) {
  return seen.header != nullptr && seen.header->msg_type() == ack::v1::MSG_TYPE_REPLY;
}

Question AnsweredBy(const FrameSeen& reply) {
  return {reply.frame->peer, reply.frame->socket, reply.header->correlation_id()};
}

bool HadNobody(const Exchange& exchange) {
  return std::any_of(exchange.anomalies.begin(), exchange.anomalies.end(),
                     [](const AnomalySeen& seen) {
                       return seen.event->kind() == ack::v1::ANOMALY_KIND_UNDELIVERABLE;
                     });
}

void OneReplyForOneQuery(const History& history, Breaches& breaches) {
  for (const auto& [number, exchange] : history.exchanges()) {
    std::map<Question, int> open;
    std::map<Question, std::size_t> asked_at;
    for (const FrameSeen& seen : exchange.received) {
      if (IsQuestion(seen, history)) {
        const Question question{seen.frame->peer, seen.frame->socket, seen.header->message_id()};
        ++open[question];
        asked_at[question] = seen.entry;
      }
    }
    for (const FrameSeen& seen : exchange.sent) {
      if (IsReply(seen) && --open[AnsweredBy(seen)] < 0) {
        breaches.push_back({seen.entry, fmt::format("a REPLY to '{}' that nobody is waiting for",
                                                    seen.header->correlation_id())});
      }
    }
    for (const auto& [question, count] : open) {
      if (count > 0 && !HadNobody(exchange)) {
        breaches.push_back(
            {asked_at[question], fmt::format("the QUERY '{}' of {} gets no REPLY",
                                             std::get<2>(question), std::get<0>(question))});
      }
    }
  }
}

// ---------------------------------------------------------------- what it tells

const TransitionSeen* LastOf(const History& history, const std::string& source,
                             const std::string& id, const Mark& now) {
  const TransitionSeen* last = nullptr;
  const auto message = history.messages().find(id);
  if (message == history.messages().end()) {
    return nullptr;
  }
  for (const TransitionSeen& seen : message->second.transitions) {
    if (seen.exchange < now.exchange && seen.event->source() == source) {
      last = &seen;
    }
  }
  return last;
}

std::string WrongRecord(const History& history, const ack::v1::TransactionRecord& record,
                        const Mark& now) {
  const TransitionSeen* last = LastOf(history, record.source(), record.message_id(), now);
  const bool agrees = last == nullptr ? record.state() == ack::v1::STATE_FORWARDING ||
                                            record.state() == ack::v1::STATE_REJECTED
                                      : record.state() == last->event->new_state();
  return agrees ? ""
                : fmt::format("'{}' is called {}, its last event said {}", record.message_id(),
                              Word(record.state()),
                              last == nullptr ? "nothing" : Word(last->event->new_state()));
}

bool IsInFlight(State state) {
  return state == ack::v1::STATE_FORWARDING || state == ack::v1::STATE_DELIVERED;
}

bool IsBefore(const ack::v1::TransactionRecord& a, const ack::v1::TransactionRecord& b) {
  return std::make_pair(a.source(), a.message_id()) < std::make_pair(b.source(), b.message_id());
}

std::string WrongList(const ack::v1::QueryReply& reply) {
  const auto& list = reply.in_flight();
  for (int i = 0; i < list.size(); ++i) {
    if (!IsInFlight(list[i].state())) {
      return fmt::format("'{}' is listed in {}", list[i].message_id(), Word(list[i].state()));
    }
    if (i > 0 && !IsBefore(list[i - 1], list[i])) {
      return fmt::format("'{}' is listed behind '{}'", list[i].message_id(),
                         list[i - 1].message_id());
    }
  }
  return "";
}

std::string WrongLetters(const History& history, const ack::v1::QueryReply& reply,
                         const Mark& now) {
  for (const auto& letter : reply.dead_letters()) {
    const TransitionSeen* last = LastOf(history, letter.source(), letter.message_id(), now);
    if (last == nullptr || last->event->new_state() != ack::v1::STATE_DEAD_LETTERED) {
      return fmt::format("'{}' is listed as a dead letter and is none", letter.message_id());
    }
    if (letter.reason() != last->event->reason()) {
      return fmt::format("'{}' was given up for {}, not {}", letter.message_id(),
                         Word(last->event->reason()), Word(letter.reason()));
    }
  }
  return "";
}

void RepliesAgreeWithEvents(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    if (!IsReply(seen)) {
      continue;
    }
    const auto& reply = seen.header->reply();
    const std::string record =
        reply.has_transaction() ? WrongRecord(history, reply.transaction(), seen) : "";
    const std::string list = WrongList(reply);
    const std::string letters = WrongLetters(history, reply, seen);
    if (!record.empty()) {
      breaches.push_back({seen.entry, record, "CMB-INS-004"});
    } else if (!list.empty()) {
      breaches.push_back({seen.entry, list, "CMB-INS-005"});
    } else if (!letters.empty()) {
      breaches.push_back({seen.entry, letters, "CMB-DLQ-001"});
    }
  }
}

}  // namespace

std::vector<Rule> InspectionRules() {
  using enum ack::v1::Role;
  return {
      {"one-reply-for-one-query",
       {"CMB-INS-003"},
       {ROLE_ROUTER},
       "Every QUERY for the router gets one REPLY, on its channel, and there is no other.",
       OneReplyForOneQuery},
      {"replies-agree-with-events",
       {"CMB-INS-004", "CMB-INS-005", "CMB-DLQ-001"},
       {ROLE_ROUTER},
       "What a REPLY tells of a record is what the events have said.",
       RepliesAgreeWithEvents},
  };
}

}  // namespace cmb::conformance::oracle
