// Order within a stream: first forwards as they came, works one at a time.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

// Source, stream; at a router also target and channel, since order is seen on one connection.
using Stream = std::tuple<std::string, std::string, std::string, std::string>;

Stream StreamOf(const History& history, const FrameSeen& copy) {
  const bool router = history.role() == ack::v1::ROLE_ROUTER;
  return {copy.header->source(), copy.header->stream_id(),
          router && copy.header->targets_size() == 1 ? copy.header->targets(0) : "",
          router ? copy.frame->socket : ""};
}

// The messages of each stream in the order of their first copies.
std::map<Stream, std::vector<const MessageHistory*>> Streams(const History& history) {
  std::vector<const MessageHistory*> histories;
  for (const auto& [id, message] : history.messages()) {
    if (!message.copies_received.empty() &&
        !message.copies_received.front().header->stream_id().empty()) {
      histories.push_back(&message);
    }
  }
  std::sort(histories.begin(), histories.end(),
            [](const MessageHistory* a, const MessageHistory* b) {
              return a->copies_received.front().entry < b->copies_received.front().entry;
            });
  std::map<Stream, std::vector<const MessageHistory*>> streams;
  for (const MessageHistory* message : histories) {
    streams[StreamOf(history, message->copies_received.front())].push_back(message);
  }
  return streams;
}

void FirstForwardsInOrder(const History& history, Breaches& breaches) {
  if (!history.Declares(ack::v1::FEATURE_ORDERED)) {
    return;
  }
  for (const auto& [stream, histories] : Streams(history)) {
    const FrameSeen* last = nullptr;
    for (const MessageHistory* message : histories) {
      if (message->copies_sent.empty() || message->copies_sent.front().header->attempt() > 1) {
        continue;  // Never forwarded, or refused at first.
      }
      const FrameSeen& first = message->copies_sent.front();
      if (last != nullptr && first.entry < last->entry) {
        breaches.push_back(
            {first.entry, fmt::format("'{}' is forwarded before '{}', which came "
                                      "first",
                                      message->message_id, last->header->message_id())});
      } else {
        last = &first;
      }
    }
  }
}

// ---------------------------------------------------------------- target

bool WasReopened(const MessageHistory& message) {
  return std::any_of(
      message.transitions.begin(), message.transitions.end(),
      [](const TransitionSeen& seen) { return seen.event->reason() == ack::v1::REASON_RESEND; });
}

bool IsEnd(ack::v1::State state) {
  return state == ack::v1::STATE_SUCCEEDED || state == ack::v1::STATE_FAILED ||
         state == ack::v1::STATE_REJECTED || state == ack::v1::STATE_CANCELLED;
}

// It was taken, and its work is that of no message before it.
bool MadeItsRecord(const History& history, const MessageHistory& message, const Mark& now) {
  const auto& acks = message.acks_sent;
  const bool taken = std::any_of(acks.begin(), acks.end(), [&now](const AckSeen& a) {
    return NotAfter(a, now) && a.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT &&
           a.ack->status() == ack::v1::STATUS_SUCCESS;
  });
  const std::size_t first = message.copies_received.front().entry;
  return taken &&
         std::none_of(history.messages().begin(), history.messages().end(), [&](const auto& entry) {
           const auto& copies = entry.second.copies_received;
           return !copies.empty() && copies.front().entry < first &&
                  ShareWork(entry.second, message, now);
         });
}

// A tombstone ends without an event, by its answer.
bool WasOpen(const History& history, const MessageHistory& message, const Mark& now) {
  const bool ended =
      std::any_of(message.transitions.begin(), message.transitions.end(),
                  [&](const TransitionSeen& seen) {
                    return seen.entry < now.entry && IsEnd(seen.event->new_state());
                  }) ||
      std::any_of(message.acks_sent.begin(), message.acks_sent.end(), [&](const AckSeen& seen) {
        return NotAfter(seen, now) && IsCancelled(*seen.ack);
      });
  return MadeItsRecord(history, message, now) && !WasReopened(message) && !ended;
}

std::uint64_t NumberOf(const MessageHistory& message) {
  return message.copies_received.front().header->sequence();
}

// `before` came first and is open, `later` starts: whether its number lets it go first. One that is
// higher may wait for a number that is missing, and then whoever needs none passes it.
bool MayPass(const MessageHistory& later, const MessageHistory& before, const Mark& now) {
  const bool runs =
      std::any_of(before.executions.begin(), before.executions.end(),
                  [&now](const ExecutionSeen& seen) { return seen.entry < now.entry; });
  return !runs && NumberOf(before) > 0 && NumberOf(later) < NumberOf(before);
}

void OneWorkOfAStreamAtATime(const History& history, Breaches& breaches) {
  if (!history.Declares(ack::v1::FEATURE_ORDERED)) {
    return;
  }
  for (const auto& [stream, histories] : Streams(history)) {
    for (std::size_t i = 1; i < histories.size(); ++i) {
      if (histories[i]->executions.empty() || WasReopened(*histories[i])) {
        continue;
      }
      const ExecutionSeen& start = histories[i]->executions.front();
      for (std::size_t before = 0; before < i; ++before) {
        if (WasOpen(history, *histories[before], start) &&
            !MayPass(*histories[i], *histories[before], start)) {
          breaches.push_back(
              {start.entry, fmt::format("'{}' starts before '{}' of its stream has "
                                        "ended",
                                        histories[i]->message_id, histories[before]->message_id)});
        }
      }
    }
  }
}

bool EndedByItsLife(const MessageHistory& message, const Mark& now) {
  return std::any_of(
      message.transitions.begin(), message.transitions.end(), [&now](const TransitionSeen& seen) {
        return seen.entry < now.entry && seen.event->reason() == ack::v1::REASON_TTL_EXPIRED;
      });
}

// The highest number that nobody waits for any more when `start` happens.
std::uint64_t Passed(const std::vector<const MessageHistory*>& histories, const Mark& start) {
  std::uint64_t passed = 0;
  bool any = false;
  for (const MessageHistory* message : histories) {
    const std::uint64_t number = NumberOf(*message);
    if (number > 0 && !any) {
      passed = number - 1;
      any = true;
    }
    const bool started =
        !message->executions.empty() && message->executions.front().entry < start.entry;
    passed = started || EndedByItsLife(*message, start) ? std::max(passed, number) : passed;
  }
  return passed;
}

void NumbersInTheirOrder(const History& history, Breaches& breaches) {
  if (!history.Declares(ack::v1::FEATURE_ORDERED)) {
    return;
  }
  for (const auto& [stream, histories] : Streams(history)) {
    for (const MessageHistory* message : histories) {
      if (message->executions.empty() || NumberOf(*message) == 0) {
        continue;
      }
      const ExecutionSeen& start = message->executions.front();
      const std::uint64_t passed = Passed(histories, start);
      std::set<std::uint64_t> come;  // Between what is passed and its own.
      for (const MessageHistory* other : histories) {
        const std::uint64_t number = NumberOf(*other);
        if (number > passed && number < NumberOf(*message) &&
            NotAfter(other->copies_received.front(), start)) {
          come.insert(number);
        }
      }
      if (NumberOf(*message) > passed && come.size() < NumberOf(*message) - passed - 1) {
        breaches.push_back({start.entry, fmt::format("'{}', number {} of its stream, starts before "
                                                     "a lower one has come",
                                                     message->message_id, NumberOf(*message))});
      }
    }
  }
}

}  // namespace

std::vector<Rule> OrderRules() {
  using enum ack::v1::Role;
  return {
      {"first-forwards-in-order",
       {"CMB-ORD-001"},
       {ROLE_ROUTER},
       "Messages of one stream are first forwarded in the order in which they came.",
       FirstForwardsInOrder},
      {"one-work-of-a-stream-at-a-time",
       {"CMB-ORD-002"},
       {ROLE_TARGET},
       "A work of a stream starts when all that came before it have ended.",
       OneWorkOfAStreamAtATime},
      {"numbers-in-their-order",
       {"CMB-ORD-003"},
       {ROLE_TARGET},
       "A numbered work starts when every lower number has come, or is waited for no more.",
       NumbersInTheirOrder},
  };
}

}  // namespace cmb::conformance::oracle
