// The sender's side of cancelling: when it says CANCEL, and when it says it again.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "conformance/oracle/rule.h"

namespace cmb::conformance::oracle {
namespace {

template <typename Seen, typename Predicate>
bool Any(const std::vector<Seen>& list, Predicate wanted) {
  return std::any_of(list.begin(), list.end(), wanted);
}

std::uint32_t HighestSent(const MessageHistory& message, const Mark& now) {
  std::uint32_t highest = 0;
  for (const FrameSeen& copy : message.copies_sent) {
    highest = NotAfter(copy, now) ? std::max(highest, copy.header->attempt()) : highest;
  }
  return highest;
}

bool IsAbort(const TransitionSeen& seen) {
  return seen.event->new_state() == ack::v1::STATE_TIMEOUT_ABORT;
}

bool IsCancel(const AckSeen& seen) { return seen.ack->ack_type() == ack::v1::ACK_TYPE_CANCEL; }

PolicyTold PolicyOf(const MessageHistory& message) {
  return Told(message.sends.empty() ? ack::v1::DeliveryPolicy()
                                    : message.sends.front().act->request.send().policy());
}

// The abort asks for a CANCEL in its own exchange.
bool AsksForCancel(const TransitionSeen& abort, const MessageHistory& message,
                   const History& history) {
  const bool on_timeout =
      PolicyOf(message).cancel_on_timeout && history.profile() >= ack::v1::PROFILE_TRACKED;
  return IsAbort(abort) && (abort.event->reason() == ack::v1::REASON_CANCEL || on_timeout);
}

// One that came before is repeated: not too early, and within the window of the abort.
bool Repeats(const AckSeen& cancel, const MessageHistory& message, const History& history) {
  const AckSeen* before = nullptr;
  for (const AckSeen& seen : message.acks_sent) {
    if (seen.exchange < cancel.exchange && IsCancel(seen)) {
      before = &seen;
    }
  }
  const auto abort = std::find_if(message.transitions.begin(), message.transitions.end(), IsAbort);
  return before != nullptr && abort != message.transitions.end() &&
         cancel.at_ms >= before->at_ms + PolicyOf(message).router_ack_ms &&
         cancel.at_ms <= Later(abort->at_ms, history.reconcile_window_ms(message));
}

constexpr std::string_view kNotNow = "it is not cancelled now, nor is it time to say it again";

std::string WhyNoCancel(const AckSeen& cancel, const MessageHistory& message,
                        const History& history) {
  const auto now = [&](const Mark& mark) { return mark.exchange == cancel.exchange; };
  const bool asked = Any(message.transitions, [&](const TransitionSeen& seen) {
    return now(seen) && AsksForCancel(seen, message, history);
  });
  const bool late = Any(message.cancels, now) && Any(message.transitions, IsAbort);
  if (!asked && !late && !Repeats(cancel, message, history)) {
    return std::string(kNotNow);
  }
  const std::uint32_t highest = HighestSent(message, cancel);
  return cancel.ack->attempt() == highest ? "" : fmt::format("{} is expected", highest);
}

void CancelsHaveACause(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      const std::string wrong = IsCancel(seen) ? WhyNoCancel(seen, message, history) : "";
      if (!wrong.empty()) {
        breaches.push_back({seen.entry,
                            fmt::format("CANCEL({}) of '{}': {}", seen.ack->attempt(), id, wrong),
                            wrong == kNotNow ? "CMB-CXL-015" : ""});
      }
    }
    for (const TransitionSeen& abort : message.transitions) {
      const bool said = Any(message.acks_sent, [&](const AckSeen& seen) {
        return seen.exchange == abort.exchange && IsCancel(seen);
      });
      if (AsksForCancel(abort, message, history) && !said && !message.copies_sent.empty()) {
        const bool by_cancel = abort.event->reason() == ack::v1::REASON_CANCEL;
        breaches.push_back({abort.entry, fmt::format("'{}' is cancelled, nobody is told", id),
                            by_cancel ? "" : "CMB-CXL-014"});
      }
    }
  }
}

}  // namespace

std::vector<Rule> WishRules() {
  using enum ack::v1::Role;
  return {
      {"cancels-have-a-cause",
       {"CMB-CXL-001", "CMB-CXL-014", "CMB-CXL-015"},
       {ROLE_SENDER},
       "CANCEL is sent for the highest attempt when a message is cancelled, and again in its time.",
       CancelsHaveACause},
  };
}

}  // namespace cmb::conformance::oracle
