#include "conformance/oracle/facts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

// The spec's defaults, for what a case left out.
constexpr std::uint64_t kDefaultMaxLatencyMs = 30'000;
constexpr std::uint64_t kDefaultReconcileWindowMs = 300'000;
constexpr std::uint64_t kDefaultKeyWindowMs = 3'600'000;
constexpr std::uint32_t kDefaultMaxDeliveries = 5;

// A router judges whatever comes as a MESSAGE, unless it is an ACK, a PING or a PONG.
bool IsCopy(const ack::v1::CognitiveMessage& header, ack::v1::Role receiver) {
  const auto type = header.msg_type();
  return receiver != ack::v1::ROLE_ROUTER
             ? type == ack::v1::MSG_TYPE_MESSAGE
             : type != ack::v1::MSG_TYPE_ACK && type != ack::v1::MSG_TYPE_PING &&
                   type != ack::v1::MSG_TYPE_PONG;
}

template <typename Event>
EventSeen<Event> Seen(const Mark& mark, const Event& event, std::uint64_t number) {
  EventSeen<Event> seen;
  static_cast<Mark&>(seen) = mark;
  seen.event = &event;
  seen.number = number;
  return seen;
}

// A router uses a policy outside its ranges so; a sender refuses it.
PolicyTold AtNearestBound(PolicyTold told) {
  constexpr std::uint64_t kLongestMs = 604'800'000;
  told.router_ack_ms = std::min(told.router_ack_ms, kLongestMs);
  told.delivery_ack_ms = std::min(told.delivery_ack_ms, kLongestMs);
  told.execution_ms = std::min(told.execution_ms, kLongestMs);
  told.max_retries = std::min(told.max_retries, 100U);
  told.backoff_first_ms = std::min(told.backoff_first_ms, static_cast<double>(kLongestMs));
  told.backoff_factor = std::clamp(told.backoff_factor, 1.0, 10.0);
  told.backoff_max_ms = std::min(told.backoff_max_ms, static_cast<double>(kLongestMs));
  return told;
}

}  // namespace

Facts::Facts(const Transcript& transcript) : transcript_(transcript) {
  for (std::size_t i = 0; i < transcript.entries.size(); ++i) {
    const Entry& entry = transcript.entries[i];
    const Mark mark{i, entry.at_ms, entry.exchange};
    if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
      AddFrame(mark, *frame);
    } else if (const auto* act = std::get_if<ControlAct>(&entry.what)) {
      AddAct(mark, *act);
    } else if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
      AddEvent(mark, event->event);
    }
  }
}

std::uint64_t Facts::max_latency_ms() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_max_latency_ms() ? settings.max_latency_ms() : kDefaultMaxLatencyMs;
}

std::uint64_t Facts::reconcile_window_ms() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_reconcile_window_ms() ? settings.reconcile_window_ms()
                                            : kDefaultReconcileWindowMs;
}

std::uint64_t Facts::key_window_ms() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_key_window_ms() ? settings.key_window_ms() : kDefaultKeyWindowMs;
}

std::uint32_t Facts::max_deliveries() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_max_deliveries() ? settings.max_deliveries() : kDefaultMaxDeliveries;
}

Story& Facts::StoryOf(const std::string& message_id) {
  Story& story = stories_[message_id];
  story.message_id = message_id;
  return story;
}

void Facts::AddFrame(const Mark& mark, const DataFrame& frame) {
  const bool to_iut = frame.direction == Direction::kToIut;
  AckSeen seen;
  static_cast<Mark&>(seen) = mark;
  seen.frame = &frame;
  seen.header = frame.header ? &*frame.header : nullptr;
  (to_iut ? received_ : sent_).push_back(seen);
  Exchange& exchange = exchanges_[mark.exchange];
  (to_iut ? exchange.received : exchange.sent).push_back(seen);
  if (seen.header == nullptr) {
    return;
  }
  if (IsCopy(*seen.header, to_iut ? role() : ack::v1::ROLE_UNSPECIFIED)) {
    Story& story = StoryOf(seen.header->message_id());
    (to_iut ? story.copies_received : story.copies_sent).push_back(seen);
  } else if (seen.header->msg_type() == ack::v1::MSG_TYPE_ACK) {
    const auto add = [&](const ack::v1::Ack& ack) {
      seen.ack = &ack;
      Story& story = StoryOf(ack.correlation_id());
      (to_iut ? story.acks_received : story.acks_sent).push_back(seen);
    };
    if (seen.header->has_ack()) {
      add(seen.header->ack());
    }
    for (const auto& ack : seen.header->ack_batch().acks()) {
      add(ack);
    }
  }
}

void Facts::AddAct(const Mark& mark, const ControlAct& act) {
  exchanges_[mark.exchange].act = &act;
  undeliverable_ = undeliverable_ || act.reply.undeliverable() > 0;
  if (act.reply.has_error()) {
    return;
  }
  ActSeen seen;
  static_cast<Mark&>(seen) = mark;
  seen.act = &act;
  if (act.request.has_send()) {
    StoryOf(act.reply.sent_message().message_id()).sends.push_back(seen);
  } else if (act.request.has_cancel()) {
    StoryOf(act.request.cancel().message_id()).cancels.push_back(seen);
  } else if (act.request.has_script_execution()) {
    StoryOf(act.request.script_execution().message_id()).scripts.push_back(seen);
  } else if (act.request.has_get_transaction()) {
    StoryOf(act.request.get_transaction().message_id()).transactions.push_back(seen);
  }
}

void Facts::AddEvent(const Mark& mark, const ack::v1::Event& event) {
  const std::uint64_t number = event.number();
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      StoryOf(event.transition().message_id())
          .transitions.push_back(Seen(mark, event.transition(), number));
      break;
    case ack::v1::Event::kRetry:
      retries_.push_back(Seen(mark, event.retry(), number));
      StoryOf(event.retry().message_id()).retries.push_back(retries_.back());
      break;
    case ack::v1::Event::kProgress:
      StoryOf(event.progress().message_id())
          .progress.push_back(Seen(mark, event.progress(), number));
      break;
    case ack::v1::Event::kAnomaly: {
      const AnomalySeen seen = Seen(mark, event.anomaly(), number);
      exchanges_[mark.exchange].anomalies.push_back(seen);
      StoryOf(event.anomaly().message_id()).anomalies.push_back(seen);
      break;
    }
    case ack::v1::Event::kAlert:
      StoryOf(event.alert().message_id()).alerts.push_back(Seen(mark, event.alert(), number));
      break;
    case ack::v1::Event::kExecution:
      executions_.push_back(Seen(mark, event.execution(), number));
      StoryOf(event.execution().message_id()).executions.push_back(executions_.back());
      break;
    case ack::v1::Event::KIND_NOT_SET:
      break;
  }
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
  return AtNearestBound(told);
}

double BackoffBase(const PolicyTold& policy, std::uint64_t count) {
  const double grown =
      policy.backoff_first_ms * std::pow(policy.backoff_factor, static_cast<double>(count) - 1.0);
  return std::min(policy.backoff_max_ms, grown);
}

bool NotAfter(const Mark& cause, const Mark& effect) {
  return cause.exchange == effect.exchange || cause.entry < effect.entry;
}

std::string SourceOf(const Story& story, const Facts& facts) {
  if (facts.role() == ack::v1::ROLE_SENDER) {
    return facts.module_id();
  }
  return story.copies_received.empty() ? "" : story.copies_received.front().header->source();
}

std::string TargetOf(const Story& story) {
  if (!story.sends.empty()) {
    return story.sends.front().act->request.send().target();
  }
  for (const FrameSeen& copy : story.copies_received) {
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

std::uint64_t LifeEnd(const Story& story, const Facts& facts, const Mark& mark) {
  std::uint64_t end = 0;
  for (const FrameSeen& copy : story.copies_received) {
    // A copy of the same exchange may be the very one that began the record anew.
    if (copy.exchange < mark.exchange) {
      end = std::max(end, Later(copy.at_ms, copy.header->ttl_ms()));
    }
  }
  for (const TransitionSeen& seen : story.transitions) {
    if (seen.entry < mark.entry) {
      end = std::max(end, seen.at_ms);
    }
  }
  end = Later(end, 2 * facts.max_latency_ms());
  if (facts.role() == ack::v1::ROLE_TARGET && !story.copies_received.empty()) {
    end = std::max(end, Later(story.copies_received.front().at_ms, facts.key_window_ms()));
  }
  return end;
}

namespace {

bool RightfulAuthor(const AckSeen& ack, const Story& story, const Facts& facts) {
  const std::string& author = ack.header->source();
  switch (ack.ack->ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return author == "@router";
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
    case ack::v1::ACK_TYPE_RECEIPT:
      return author == TargetOf(story);
    case ack::v1::ACK_TYPE_TIMEOUT:
      return author == (facts.role() == ack::v1::ROLE_SENDER ? "@router" : SourceOf(story, facts));
    case ack::v1::ACK_TYPE_CANCEL:
      return author == SourceOf(story, facts);
    default:  // open enum: A type from the future: a router takes it as a word of the target.
      return author == TargetOf(story);
  }
}

}  // namespace

bool Rightful(const AckSeen& ack, const Story& story, const Facts& facts) {
  if (facts.role() == ack::v1::ROLE_ROUTER) {
    return ack.frame->socket == kAckIngress && ack.frame->peer == ack.header->source() &&
           RightfulAuthor(ack, story, facts);
  }
  return ack.frame->socket == kAckEgress && RightfulAuthor(ack, story, facts);
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
