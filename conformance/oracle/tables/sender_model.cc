#include "conformance/oracle/tables/sender_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/oracle/tables/row_text.h"
#include "conformance/oracle/tables/sender_frames.h"
#include "conformance/oracle/tables/sender_telling.h"

namespace cmb::conformance::oracle::tables::sender {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

// Rows of the table that a finding stands for.
SenderRow RowOf(Judgement judgement) {
  switch (judgement) {
    case Judgement::kWrongAuthor:
      return SenderRow::kAnyAckUnauthorised;
    case Judgement::kDuplicate:
      return SenderRow::kAnyAckDuplicate;
    case Judgement::kStale:
      return SenderRow::kBadNewsStale;
    case Judgement::kMalformed:
    case Judgement::kWrongSocket:
    case Judgement::kWrongConnection:
    case Judgement::kUnknownType:
    case Judgement::kUnsupported:
    case Judgement::kUnknownValue:
    case Judgement::kUnknownMessage:
      return SenderRow::kAnyAckUnknownValue;
  }
  return SenderRow::kAnyAckUnknownValue;
}

ack::v1::Reason PhaseOf(ack::v1::TimerKind kind) {
  switch (kind) {
    case ack::v1::TIMER_KIND_ROUTER_ACK:
      return ack::v1::REASON_ROUTER_ACK_TIMEOUT;
    case ack::v1::TIMER_KIND_DELIVERY_ACK:
      return ack::v1::REASON_DELIVERY_ACK_TIMEOUT;
    default:  // open enum
      return ack::v1::REASON_EXECUTION_TIMEOUT;
  }
}

JudgedAck KeyOf(const Ack& ack) { return {ack.ack_type(), ack.status(), ack.attempt()}; }
Place PlaceOf(const Ack& ack) { return {ack.attempt(), ack.progress_number()}; }

}  // namespace

// ---------------------------------------------------------------- frames

void SenderModel::Handle(const FrameSeen& frame) {
  if (const Finding* finding = FindingOf({world_, frame})) {
    return Count(*finding, frame, nullptr, nullptr);
  }
  if (frame.header->msg_type() == ack::v1::MSG_TYPE_PING) {
    Reason reason = world_.Apply("CMB-WIRE-011", "sender, PING", frame.header->message_id());
    ExpectedFrame pong = PongTo(world_, frame);
    if (pong.header.ByteSizeLong() <= kHeaderBytes) {  // CMB-WIRE-023
      world_.Expect(reason, std::move(pong)).leeway = {"own frame"};
    }
  }
  for (const Ack* ack : AcksOf(*frame.header)) {
    HandleAck(frame, *ack);
  }
}

void SenderModel::HandleAck(const FrameSeen& frame, const Ack& ack) {
  const Finding* finding = FindingOf({world_, frame, &ack});
  if (finding != nullptr && finding->judgement < Judgement::kUnknownMessage) {
    const auto known = records_.find(ack.correlation_id());
    const bool is_row = finding->judgement == Judgement::kUnknownValue && known != records_.end();
    return Count(*finding, frame, &ack, is_row ? &known->second : nullptr);
  }
  Record* record = Find(ack.correlation_id());
  if (record == nullptr && finding == nullptr) {
    world_.Apply("CMB-WIRE-026", "sender, the answer to a PING", ack.correlation_id());
    return;
  }
  if (record == nullptr) {
    return Count(*finding, frame, &ack, nullptr);
  }
  Input input{world_, *record, &ack, frame.header->source()};
  if (!Holds(SenderGuard::kUnauthorised, input)) {
    input.judged_before = WasJudged(*record, ack);
    Judge(*record, ack);
  }
  if (const Finding* found = FindingOf({world_, frame, &ack, &input})) {
    return Count(*found, frame, &ack, record);
  }
  machine_.TakeAck(*record, {&frame, &ack});
}

void SenderModel::Count(const Finding& finding, const FrameSeen& frame, const Ack* ack,
                        const Record* record) {
  std::string_view requirement = finding.requirements.at(ack::v1::ROLE_SENDER);
  std::string row = fmt::format("sender, finding {} of 3.6", finding.name);
  if (record != nullptr) {
    const auto& table = TheSenderTable();
    row = RowText(table, table.RowOf(RowOf(finding.judgement)), record->state);
  }
  if (finding.judgement == Judgement::kDuplicate && IsProgress(*ack)) {
    requirement = "CMB-DUP-011";
  }
  if (finding.judgement == Judgement::kMalformed && ack != nullptr) {
    requirement = "CMB-BAT-002";
  }
  if (finding.judgement == Judgement::kUnknownValue) {
    requirement = frame.header->schema_version() != 1 ? "CMB-VER-018"
                  : frame.header->critical_size() > 0 ? "CMB-VER-013"
                                                      : requirement;
  }
  if (finding.judgement == Judgement::kUnsupported && !frame.header->has_ack_batch()) {
    requirement = "CMB-OBS-004";
  }
  ack::v1::Event event = AnomalyOf(finding.anomaly, frame.header, ack);
  const std::string message = event.anomaly().message_id();
  auto& item = world_.Expect(world_.Apply(requirement, std::move(row), message), std::move(event));
  if (finding.judgement == Judgement::kMalformed) {
    item.leeway = {"malformed"};
  }
  if (frame.header == nullptr) {
    item.leeway.emplace_back("unreadable");
  } else if (frame.header->msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    item.leeway.emplace_back("of a MESSAGE");
  }
}

// CHO-008: what was judged before a restart is remembered or is not.
bool SenderModel::WasJudged(const Record& record, const Ack& ack) {
  std::size_t judged = process_;
  if (IsProgress(ack)) {
    if (!record.place || PlaceOf(ack) > *record.place) {
      return false;
    }
    judged = record.place_judged;
  } else {
    const auto found = record.judged.find(KeyOf(ack));
    if (found == record.judged.end()) {
      return false;
    }
    judged = found->second;
  }
  return judged == process_ || world_.Choose("CHO-008") == 0;
}

void SenderModel::Judge(Record& record, const Ack& ack) const {
  if (!IsProgress(ack)) {
    record.judged[KeyOf(ack)] = process_;
  } else if (!record.place || PlaceOf(ack) >= *record.place) {
    record.place = PlaceOf(ack);
    record.place_judged = process_;
  }
}

bool SenderModel::IsOver(const std::string& message_id) const {
  const auto* expiry =
      world_.timers.Find(world_.history.module_id(), message_id, ack::v1::TIMER_KIND_RECORD_EXPIRY);
  return expiry != nullptr && world_.now_ms >= expiry->deadline_ms;
}

Record* SenderModel::Find(const std::string& message_id) {
  const auto found = records_.find(message_id);
  if (found == records_.end()) {
    return nullptr;
  }
  if (IsOver(message_id) && world_.Choose("CHO-005") == 0) {
    world_.timers.Forget(world_.history.module_id(), message_id);
    records_.erase(found);
    return nullptr;
  }
  return &found->second;
}

// ---------------------------------------------------------------- timers and processes

void SenderModel::Fire(const ArmedTimer& timer) {
  Record& record = records_.at(timer.message_id);
  switch (timer.kind) {
    case ack::v1::TIMER_KIND_TTL:
      return machine_.Take(SenderTrigger::kTtlEnds, record, {});
    case ack::v1::TIMER_KIND_BACKOFF:
      return machine_.Take(SenderTrigger::kBackoffEnds, record, {});
    case ack::v1::TIMER_KIND_CANCEL:
      if (world_.now_ms > Later(record.entered_ms, record.window_ms)) {
        return;  // A restart brought it late (CMB-CXL-015).
      }
      return machine_.Take(SenderTrigger::kCancelTimer, record, {});
    default:  // open enum
      return machine_.Take(SenderTrigger::kPhaseTimer, record,
                           {nullptr, nullptr, PhaseOf(timer.kind)});
  }
}

// The circuits are closed (CMB-CBR-008); without a store nothing else is left either.
void SenderModel::Start() {
  ++process_;
  circuits_.Clear();
  machine_.Restart();
  for (auto& [id, record] : records_) {
    machine_.Take(SenderTrigger::kRestart, record, {});
  }
  if (world_.history.profile() != ack::v1::PROFILE_DURABLE) {
    world_.timers.Clear();
    records_.clear();
    sends_ = 0;
    return;
  }
  world_.timers.DueNow(world_.now_ms, "CMB-DUR-022");
}

}  // namespace cmb::conformance::oracle::tables::sender

namespace cmb::conformance::oracle::tables {

std::unique_ptr<Model> MakeSenderModel(World& world) {
  return std::make_unique<sender::SenderModel>(world);
}

}  // namespace cmb::conformance::oracle::tables
