// What a sender chooses for itself: the ids of its messages and the channels of its attempts.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

void IdsAreUsedOnce(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (std::size_t i = 1; i < message.sends.size(); ++i) {
      breaches.push_back(
          {message.sends[i].entry, fmt::format("'{}' names a second message", id),
           message.sends[i].life == message.sends[0].life ? "CMB-SND-002" : "CMB-DUR-011"});
    }
  }
}

// The channels of a message's attempts, in their order.
std::vector<std::string> ListOf(const History& history, const control::v1::Send& send) {
  if (send.policy().channels_size() > 0) {
    return {send.policy().channels().begin(), send.policy().channels().end()};
  }
  std::vector<std::string> list{send.channel()};
  for (const std::string& channel : history.transcript().header.channels) {
    if (channel != send.channel()) {
      list.push_back(channel);
    }
  }
  return list;
}

// CMB-FBK-001: attempt 1 by the message's channel, retry n by place (p + n) mod k.
std::string ChannelDue(const History& history, const control::v1::Send& send,
                       std::uint32_t attempt) {
  if (attempt <= 1 || !history.Declares(ack::v1::FEATURE_FALLBACK)) {
    return send.channel();
  }
  const std::vector<std::string> list = ListOf(history, send);
  const auto place = std::find(list.begin(), list.end(), send.channel());
  const std::size_t next =
      place == list.end() ? 0 : static_cast<std::size_t>(place - list.begin()) + 1;
  return list[(next + attempt - 2) % list.size()];
}

void AttemptsTakeTheirChannel(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const FrameSeen& copy : message.copies_sent) {
      if (message.sends.empty()) {
        continue;
      }
      const std::string due =
          ChannelDue(history, message.sends.front().act->request.send(), copy.header->attempt());
      if (copy.frame->socket != due) {
        breaches.push_back(
            {copy.entry,
             fmt::format("attempt {} of '{}' goes by {}, {} is expected", copy.header->attempt(),
                         id, copy.frame->socket, due),
             history.Declares(ack::v1::FEATURE_FALLBACK) ? "CMB-FBK-001" : "CMB-WIRE-010"});
      }
    }
  }
}

// The channel of the last attempt; of several in one exchange any may have been the last then.
std::set<std::string> LastChannels(const MessageHistory& message, const Mark& now) {
  std::set<std::string> last;
  for (const FrameSeen& copy : message.copies_sent) {
    if (copy.exchange < now.exchange) {
      last = {copy.frame->socket};
    } else if (copy.exchange == now.exchange) {
      last.insert(copy.frame->socket);
    }
  }
  return last;
}

void EventsNameTheLastChannel(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    const auto judge = [&, &id = id, &message = message](const Mark& mark,
                                                         const std::string& channel) {
      const std::set<std::string> last = LastChannels(message, mark);
      if (!last.empty() && !channel.empty() && last.count(channel) == 0) {
        breaches.push_back({mark.entry, fmt::format("an event of '{}' names the channel {}, it was "
                                                    "last sent by {}",
                                                    id, channel, *last.begin())});
      }
    };
    for (const TransitionSeen& seen : message.transitions) {
      judge(seen, seen.event->channel());
    }
    for (const AlertSeen& seen : message.alerts) {
      judge(seen, seen.event->channel());
    }
  }
}

}  // namespace

std::vector<Rule> ChannelRules() {
  using enum ack::v1::Role;
  return {
      {"ids-are-used-once",
       {"CMB-SND-002", "CMB-DUR-011"},
       {ROLE_SENDER},
       "A message_id names one message, over every restart.",
       IdsAreUsedOnce},
      {"attempts-take-their-channel",
       {"CMB-FBK-001", "CMB-WIRE-010"},
       {ROLE_SENDER},
       "The first attempt goes by the message's channel, each retry by the next of its list.",
       AttemptsTakeTheirChannel},
      {"events-name-the-last-channel",
       {"CMB-FBK-002"},
       {ROLE_SENDER},
       "Events and alerts name the channel by which the last attempt was sent.",
       EventsNameTheLastChannel},
  };
}

}  // namespace cmb::conformance::oracle
