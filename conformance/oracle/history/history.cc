#include "conformance/oracle/history/history.h"

#include <algorithm>

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

}  // namespace

History::History(const Transcript& transcript) : transcript_(transcript) {
  for (std::size_t i = 0; i < transcript.entries.size(); ++i) {
    const Entry& entry = transcript.entries[i];
    if (const auto* process = std::get_if<ProcessMark>(&entry.what)) {
      AddProcess(entry, *process);
    }
    const Mark mark{i, entry.at_ms, entry.exchange, life_};
    if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
      AddFrame(mark, *frame);
    } else if (const auto* act = std::get_if<ControlAct>(&entry.what)) {
      AddAct(mark, *act);
    } else if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
      AddEvent(mark, event->event);
    }
  }
}

void History::AddProcess(const Entry& entry, const ProcessMark& mark) {
  switch (mark.moment) {
    case ProcessMoment::kCrashed:
      downs_.push_back({entry.at_ms, entry.at_ms, 0});
      break;
    case ProcessMoment::kStarted:
      if (!downs_.empty()) {
        downs_.back().to_ms = entry.at_ms;
        downs_.back().exchange = entry.exchange;
      }
      ++life_;
      break;
  }
}

bool History::Declares(ack::v1::Feature feature) const {
  const auto& features = transcript_.header.features;
  return std::find(features.begin(), features.end(), feature) != features.end();
}

bool History::IsRestart(std::uint64_t exchange) const {
  return std::any_of(downs_.begin(), downs_.end(),
                     [exchange](const Down& down) { return down.exchange == exchange; });
}

std::uint64_t History::ProcessBegan(const Mark& mark) const {
  return mark.life == 0 || mark.life > downs_.size() ? transcript_.header.settings.now_ms()
                                                     : downs_[mark.life - 1].to_ms;
}

std::uint64_t History::MemoryBegan(const Mark& mark) const {
  return profile() == ack::v1::PROFILE_DURABLE ? transcript_.header.settings.now_ms()
                                               : ProcessBegan(mark);
}

bool History::IsDueAt(std::uint64_t due_ms, std::uint64_t at_ms) const {
  return due_ms == at_ms || std::any_of(downs_.begin(), downs_.end(), [&](const Down& down) {
           return down.from_ms <= due_ms && due_ms <= down.to_ms && down.to_ms == at_ms;
         });
}

std::uint64_t History::max_latency_ms() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_max_latency_ms() ? settings.max_latency_ms() : kDefaultMaxLatencyMs;
}

std::uint64_t History::reconcile_window_ms(const MessageHistory& message) const {
  if (!message.sends.empty() &&
      message.sends.front().act->request.send().has_reconcile_window_ms()) {
    return message.sends.front().act->request.send().reconcile_window_ms();
  }
  const auto& settings = transcript_.header.settings;
  return settings.has_reconcile_window_ms() ? settings.reconcile_window_ms()
                                            : kDefaultReconcileWindowMs;
}

std::uint64_t History::key_window_ms() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_key_window_ms() ? settings.key_window_ms() : kDefaultKeyWindowMs;
}

std::uint32_t History::max_deliveries() const {
  const auto& settings = transcript_.header.settings;
  return settings.has_max_deliveries() ? settings.max_deliveries() : kDefaultMaxDeliveries;
}

MessageHistory& History::MessageOf(const std::string& message_id) {
  MessageHistory& message = messages_[message_id];
  message.message_id = message_id;
  return message;
}

// 3.6: else a target drops it, and it is no copy of anything.
bool History::MayBeTaken(const DataFrame& frame) const {
  const ack::v1::CognitiveMessage& header = *frame.header;
  return header.schema_version() == 1 && header.critical().empty() &&
         header.channel() == frame.socket && header.targets_size() == 1 &&
         header.targets(0) == module_id() && !header.source().starts_with('@');
}

void History::AddFrame(const Mark& mark, const DataFrame& frame) {
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
    if (to_iut && role() == ack::v1::ROLE_TARGET && !MayBeTaken(frame)) {
      return;
    }
    MessageHistory& message = MessageOf(seen.header->message_id());
    (to_iut ? message.copies_received : message.copies_sent).push_back(seen);
  } else if (seen.header->msg_type() == ack::v1::MSG_TYPE_ACK) {
    for (const ack::v1::Ack* ack : AcksOf(*seen.header)) {
      seen.ack = ack;
      MessageHistory& message = MessageOf(ack->correlation_id());
      (to_iut ? message.acks_received : message.acks_sent).push_back(seen);
    }
  }
}

void History::AddAct(const Mark& mark, const ControlAct& act) {
  exchanges_[mark.exchange].act = &act;
  undeliverable_ = undeliverable_ || act.reply.undeliverable() > 0;
  if (act.reply.has_error()) {
    return;
  }
  ActSeen seen;
  static_cast<Mark&>(seen) = mark;
  seen.act = &act;
  if (act.request.has_send()) {
    MessageOf(act.reply.sent_message().message_id()).sends.push_back(seen);
  } else if (act.request.has_cancel()) {
    MessageOf(act.request.cancel().message_id()).cancels.push_back(seen);
  } else if (act.request.has_script_execution()) {
    MessageOf(act.request.script_execution().message_id()).scripts.push_back(seen);
  } else if (act.request.has_get_transaction()) {
    MessageOf(act.request.get_transaction().message_id()).transactions.push_back(seen);
  }
}

void History::AddEvent(const Mark& mark, const ack::v1::Event& event) {
  const std::uint64_t number = event.number();
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      transitions_.push_back(Seen(mark, event.transition(), number));
      MessageOf(event.transition().message_id()).transitions.push_back(transitions_.back());
      break;
    case ack::v1::Event::kRetry:
      retries_.push_back(Seen(mark, event.retry(), number));
      MessageOf(event.retry().message_id()).retries.push_back(retries_.back());
      break;
    case ack::v1::Event::kProgress:
      MessageOf(event.progress().message_id())
          .progress.push_back(Seen(mark, event.progress(), number));
      break;
    case ack::v1::Event::kAnomaly: {
      const AnomalySeen seen = Seen(mark, event.anomaly(), number);
      exchanges_[mark.exchange].anomalies.push_back(seen);
      MessageOf(event.anomaly().message_id()).anomalies.push_back(seen);
      break;
    }
    case ack::v1::Event::kAlert:
      MessageOf(event.alert().message_id()).alerts.push_back(Seen(mark, event.alert(), number));
      break;
    case ack::v1::Event::kExecution:
      executions_.push_back(Seen(mark, event.execution(), number));
      MessageOf(event.execution().message_id()).executions.push_back(executions_.back());
      break;
    case ack::v1::Event::KIND_NOT_SET:
      break;
  }
}

}  // namespace cmb::conformance::oracle
