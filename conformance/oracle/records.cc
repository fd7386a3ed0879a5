#include "conformance/oracle/records.h"

#include <algorithm>

namespace cmb::conformance::oracle {
namespace {

// Of the refusal that this transition tells.
bool IsRetryable(const History& history, const TransitionSeen& seen) {
  const auto& acks = history.messages().at(seen.event->message_id()).acks_sent;
  return std::any_of(acks.begin(), acks.end(), [&seen](const AckSeen& ack) {
    return ack.exchange == seen.exchange && IsTerminal(*ack.ack) && ack.ack->retryable();
  });
}

bool EndsBeforeItsStart(const ack::v1::TransitionEvent& event) {
  return event.reason() == ack::v1::REASON_TTL_EXPIRED ||
         (event.new_state() == ack::v1::STATE_CANCELLED &&
          event.old_state() != ack::v1::STATE_EXECUTING);
}

}  // namespace

Records::Records(const History& history) : history_(history) {
  for (const Step& step : Steps()) {
    if (step.copy != nullptr) {
      Take(*step.copy);
    } else {
      Take(*step.transition);
    }
  }
}

std::vector<Records::Step> Records::Steps() const {
  std::vector<Step> steps;
  for (const auto& [id, message] : history_.messages()) {
    for (const FrameSeen& copy : message.copies_received) {
      steps.push_back({copy.entry, &copy, nullptr});
    }
  }
  for (const TransitionSeen& seen : history_.transitions()) {
    steps.push_back({seen.entry, nullptr, &seen});
  }
  std::sort(steps.begin(), steps.end(),
            [](const Step& a, const Step& b) { return a.entry < b.entry; });
  return steps;
}

MessageName Records::Of(const MessageName& message, const Mark& mark) const {
  const auto found = records_.find(message);
  if (found == records_.end()) {
    return message;
  }
  const auto after = found->second.upper_bound(mark.entry);
  return after == found->second.begin() ? message : std::prev(after)->second;
}

void Records::Attach(const MessageName& message, const MessageName& record, std::size_t entry) {
  records_[message][entry] = record;
}

void Records::Merge(const MessageName& refused, const MessageName& other, std::size_t entry) {
  for (auto& [message, history] : records_) {
    if (history.rbegin()->second == refused) {
      history[entry] = other;
    }
  }
  refused_.erase(refused);
}

// Its CANCEL made the record, and no event tells of its end.
bool Records::WasCancelledBefore(const FrameSeen& first) const {
  const MessageHistory& message = history_.messages().at(first.header->message_id());
  const auto now = [&first](const Mark& mark) { return mark.exchange == first.exchange; };
  return std::none_of(message.transitions.begin(), message.transitions.end(), now) &&
         std::any_of(message.acks_sent.begin(), message.acks_sent.end(),
                     [&now](const AckSeen& ack) {
                       return now(ack) && IsCancelled(*ack.ack) && !ack.ack->started();
                     });
}

// Its life ended in the exchange of the copy that brings its key: it ends first (CMB-TGT-018).
bool Records::HasJustExpired(const MessageName& record, const FrameSeen& copy) const {
  return std::any_of(history_.transitions().begin(), history_.transitions().end(),
                     [&](const TransitionSeen& seen) {
                       return seen.exchange == copy.exchange &&
                              seen.event->reason() == ack::v1::REASON_TTL_EXPIRED &&
                              MessageName{seen.event->source(), seen.event->message_id()} == record;
                     });
}

// It was refused with RECEIPT/REJECTED, and nothing of it is recorded.
bool Records::FoundNoRoom(const FrameSeen& copy) const {
  const auto& acks = history_.messages().at(copy.header->message_id()).acks_sent;
  return std::any_of(acks.begin(), acks.end(), [&copy](const AckSeen& ack) {
    return ack.exchange == copy.exchange && ack.ack->ack_type() == ack::v1::ACK_TYPE_RECEIPT &&
           ack.ack->status() == ack::v1::STATUS_REJECTED;
  });
}

void Records::Take(const FrameSeen& copy) {
  const MessageName message{copy.header->source(), copy.header->message_id()};
  const auto known = records_.find(message);
  if (known == records_.end() && FoundNoRoom(copy)) {
    return;
  }
  std::uint32_t& highest = attempts_[message];
  if (known == records_.end()) {
    const Work key = WorkOf(*copy.header);
    if (const auto before = bearers_.find(key);
        before != bearers_.end() && HasJustExpired(before->second, copy)) {
      bearers_.erase(before);
    }
    const auto [bearer, is_new] = bearers_.try_emplace(key, message);
    Attach(message, bearer->second, copy.entry);
    keys_.try_emplace(bearer->second, key);
    if (is_new && WasCancelledBefore(copy)) {
      bearers_.erase(bearer);
    }
  } else {
    const MessageName record = known->second.rbegin()->second;
    const auto bearer = bearers_.find(keys_.at(record));
    if (refused_.contains(record) && bearer != bearers_.end() && bearer->second != record &&
        AnsweredAttempt(copy) > highest) {
      Merge(record, bearer->second, copy.entry);
    }
  }
  highest = std::max(highest, AnsweredAttempt(copy));
}

void Records::Take(const TransitionSeen& seen) {
  const MessageName record = Of({seen.event->source(), seen.event->message_id()}, seen);
  const auto key = keys_.find(record);
  if (key == keys_.end()) {
    return;
  }
  const bool for_now =
      seen.event->new_state() == ack::v1::STATE_REJECTED && IsRetryable(history_, seen);
  const auto bearer = bearers_.find(key->second);
  if (seen.event->reason() == ack::v1::REASON_RESEND) {
    bearers_[key->second] = record;
    refused_.erase(record);
  } else if ((for_now || EndsBeforeItsStart(*seen.event)) && bearer != bearers_.end() &&
             bearer->second == record) {
    bearers_.erase(bearer);
  }
  if (for_now) {
    refused_.insert(record);
  }
}

}  // namespace cmb::conformance::oracle
