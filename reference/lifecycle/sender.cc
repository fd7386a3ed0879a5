#include "reference/lifecycle/sender.h"

#include <utility>

#include "reference/lifecycle/anomaly.h"
#include "reference/lifecycle/check.h"
#include "reference/lifecycle/policy.h"
#include "reference/lifecycle/sender_step.h"

namespace cmb::lifecycle {

namespace {

RecordView View(const ModuleId& self, const SenderRecord& record) {
  RecordView view;
  view.role = Role::kSender;
  view.key = {self, record.message.id};
  view.target = record.message.target;
  view.channel = record.channel;
  view.state = record.state;
  view.certainty = record.certainty;
  view.reason = record.reason;
  view.code = record.code;
  view.attempt = record.attempt;
  view.retry_count = RetriesOf(record.attempt);
  view.dead_letter = record.state == State::kTimeoutAbort && record.reason != Reason::kCancel;
  view.alert = record.alert;
  view.idempotency_key = record.message.key;
  view.created = record.created;
  view.changed = record.changed;
  view.history = record.history;
  view.last_retry = record.last_retry;
  view.last_ack_type = record.last_ack_type;
  view.last_status = record.last_status;
  view.note = record.note;
  view.highest_stage = record.highest_stage;
  view.refused = record.refused;
  return view;
}

}  // namespace

Sender::Sender(ModuleId self, SenderConfig config, JitterSource jitter)
    : self_(std::move(self)),
      config_(std::move(config)),
      jitter_(std::move(jitter)),
      breaker_(config_.circuit) {}

Sender::~Sender() = default;

std::variant<Effects, SendRefusal> Sender::Send(const Outgoing& outgoing, Instant now) {
  if (std::optional<SendRefusal> refusal = Refuse(outgoing)) {
    return *std::move(refusal);
  }
  SenderRecord& record = records_[outgoing.id];
  record.message = outgoing;
  record.channel = outgoing.channel;
  if (record.message.key.empty()) {
    record.message.key = IdempotencyKey(outgoing.id.str());
  }
  Effects effects;
  SenderStep{*this, record, now, effects}.Begin();
  if (record.attempt > 0) {
    BorrowKey(record);
  }
  return effects;
}

// 9.4: from now on this message brings the work of the one whose id is its key.
void Sender::BorrowKey(const SenderRecord& record) {
  const auto owner = records_.find(MessageId(record.message.key.str()));
  if (owner != records_.end() && &owner->second != &record &&
      owner->second.message.target == record.message.target) {
    owner->second.key_lent = true;
  }
}

std::optional<SendRefusal> Sender::Refuse(const Outgoing& outgoing) const {
  // CMB-SND-004. The id comes first: it names the message in every complaint.
  if (outgoing.id.empty() || records_.contains(outgoing.id)) {
    return SendRefusal{ErrorCode::kValidationError,
                       "message id '" + outgoing.id.str() + "' is empty or was used before"};
  }
  if (outgoing.channel.empty() || outgoing.target.empty()) {
    return SendRefusal{ErrorCode::kValidationError, "channel and target must not be empty"};
  }
  if (outgoing.ttl < Duration{0} || outgoing.ttl > config_.max_ttl) {
    return SendRefusal{ErrorCode::kValidationError, "the life is above the declared maximum"};
  }
  if (const std::optional<std::string> fault = PolicyFault(outgoing.policy)) {
    return SendRefusal{ErrorCode::kValidationError, *fault};
  }
  if (in_flight_ >= config_.in_flight || records_.size() >= config_.records) {
    return SendRefusal{ErrorCode::kOverloaded, "too many messages are in flight or remembered"};
  }
  return std::nullopt;
}

RouterName Sender::RouterOf(const ChannelName& channel) const {
  const auto found = config_.routers.find(channel);
  return found == config_.routers.end() ? RouterName() : found->second;
}

Effects Sender::Cancel(const MessageId& id, Instant now) {
  Effects effects;
  const auto found = records_.find(id);
  if (IsTracked(config_.profile) && found != records_.end()) {
    SenderStep{*this, found->second, now, effects}.ApplicationCancels();
  }
  return effects;
}

// CMB-VER-003, then CMB-SEC-005.
Effects Sender::OnAck(const AckIn& ack, Instant now) {
  Effects effects;
  if (!IsLegalPair(ack.type, ack.status)) {
    effects.push_back(EmitEvent{AckAnomaly(AnomalyKind::kUnknownValue, Role::kSender, ack, now)});
    return effects;
  }
  const auto found = records_.find(ack.correlation_id);
  if (found == records_.end()) {
    effects.push_back(EmitEvent{AckAnomaly(AnomalyKind::kUnknownMessage, Role::kSender, ack, now)});
    return effects;
  }
  SenderRecord& record = found->second;
  SenderStep{*this, record, now, effects}.Judge(ack);
  if (NoteIfItTookEffect(record.history, ack, effects, now)) {  // CMB-INS-011.
    record.last_ack_type = ack.type;
    record.last_status = ack.status;
  }
  return effects;
}

std::optional<SenderImage> Sender::Image(const MessageId& id) const {
  const auto found = records_.find(id);
  if (found == records_.end()) {
    return std::nullopt;
  }
  return SenderImage{found->second, timers_.Of({self_, id})};
}

// CMB-DUR-010. CMB-DUR-012: the alert is part of the record, and told by then.
Effects Sender::Restore(std::vector<SenderImage> images, Instant now) {
  Check(records_.empty(), "a core is restored before it does anything");
  for (SenderImage& image : images) {
    const MessageId id = image.record.message.id;
    timers_.Restore({self_, id}, image.timers, now);
    in_flight_ += SenderStep::IsEnded(image.record.state) ? 0 : 1;
    pending_.Move(State::kUnspecified, image.record.state);
    records_.emplace(id, std::move(image.record));
  }
  return {};
}

std::optional<Timer> Sender::NextTimer(TimerClass timer_class) const {
  return timers_.Next(timer_class);
}

std::vector<Timer> Sender::Timers() const { return timers_.All(); }

std::optional<Effects> Sender::FireNext(Instant now, TimerClass timer_class) {
  const std::optional<Timer> timer = timers_.PopDue(now, timer_class);
  if (!timer) {
    return std::nullopt;
  }
  Effects effects;
  if (timer->kind == TimerKind::kRecordExpiry) {
    timers_.DisarmAll(timer->key);
    records_.erase(timer->key.id);
    return effects;
  }
  const auto found = records_.find(timer->key.id);
  Check(found != records_.end(), "a timer belongs to a record");
  SenderStep{*this, found->second, now, effects}.OnTimer(timer->kind);
  return effects;
}

std::optional<RecordView> Sender::Find(const MessageId& id) const {
  const auto found = records_.find(id);
  if (found == records_.end()) {
    return std::nullopt;
  }
  return View(self_, found->second);
}

std::vector<RecordView> Sender::Records() const {
  std::vector<RecordView> views;
  for (const auto& [id, record] : records_) {
    views.push_back(View(self_, record));
  }
  return views;
}

std::size_t Sender::size() const { return records_.size(); }

}  // namespace cmb::lifecycle
