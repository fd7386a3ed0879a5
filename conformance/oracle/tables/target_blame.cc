// Which sentence a target breaks by what no row asks for, where its works tell.
#include <algorithm>

#include "conformance/oracle/tables/target_model.h"

namespace cmb::conformance::oracle::tables::target {

using ack::v1::Ack;

// A row that rests on this sentence applied to the message in this exchange.
bool TargetModel::Asked(std::string_view requirement, const std::string& message_id) const {
  const auto& rows = world_.expected.rows;
  return std::any_of(rows.begin(), rows.end(), [&](const Reason& row) {
    return row.requirement == requirement && row.message == message_id;
  });
}

std::string_view TargetModel::RequirementOf(const ack::v1::Event& event) const {
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      for (const Row& row : TheTargetTable().rows) {
        const auto* cell = row.CellIn(event.transition().old_state());
        if (cell != nullptr && cell->kind == CellKind::kGo &&
            cell->next == event.transition().new_state() &&
            cell->reason == event.transition().reason()) {
          return row.RequirementOf(*cell);
        }
      }
      return "CMB-OBS-013";
    case ack::v1::Event::kAnomaly:
      return "CMB-OBS-004";
    case ack::v1::Event::kExecution:
      return "CMB-DUP-003";
    default:  // open enum
      return "CMB-OBS-013";
  }
}

std::string_view TargetModel::RequirementOf(const ack::v1::CognitiveMessage& header) const {
  const Ack& ack = header.ack();
  if (header.msg_type() == ack::v1::MSG_TYPE_PONG) {
    return "CMB-WIRE-011";
  }
  if (ack.status() != ack::v1::STATUS_IN_PROGRESS) {
    return "CMB-WIRE-019";
  }
  return ack.has_hold_ms()                                  ? "CMB-PRG-007"
         : ack.ack_type() == ack::v1::ACK_TYPE_PROGRESS_ACK ? "CMB-PRG-005"
                                                            : "CMB-PRG-004";
}

// ---------------------------------------------------------------- what nothing asks for

// A word about work that runs: not of a BASIC target, not of a hold that it cannot have, not after
// the end, not to a copy if there was none.
std::string_view TargetModel::OfStage(const Ack& ack, const Work* work) const {
  if (!IsTracked()) {
    return "CMB-TGT-009";
  }
  if (ack.has_hold_ms() && !world_.history.Declares(ack::v1::FEATURE_CONDITIONAL_ACK)) {
    return "CMB-PRG-007";
  }
  if (work != nullptr && work->HasEnded()) {
    return "CMB-WIRE-019";
  }
  return Asked("CMB-DUP-005", ack.correlation_id()) ? "CMB-PRG-006" : "";
}

// The handler ends although its script goes on, at an instant at which it did something else, too.
bool TargetModel::IsEarlyEnd(const Ack& ack, const Work& work) const {
  const bool acts =
      Asked("CMB-TGT-004", ack.correlation_id()) || Asked("CMB-PRG-005", ack.correlation_id());
  return acts && !work.HasEnded() && ack.error_code() != ack::v1::ERROR_CODE_CANCELLED &&
         ack.error_code() != ack::v1::ERROR_CODE_TTL_EXPIRED;
}

std::string_view TargetModel::RuledOutBy(const ack::v1::CognitiveMessage& header) const {
  const Ack& ack = header.ack();
  if (ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT) {
    return "CMB-TGT-001";
  }
  const Work* work =
      header.targets_size() == 1 ? Find(header.targets(0), ack.correlation_id()) : nullptr;
  if (ack.status() == ack::v1::STATUS_IN_PROGRESS) {
    return OfStage(ack, work);
  }
  if (work == nullptr) {
    return "";
  }
  if (ack.error_code() == ack::v1::ERROR_CODE_CANCELLED && !IsTracked()) {
    return "CMB-TGT-009";
  }
  if (ack.error_code() == ack::v1::ERROR_CODE_TTL_EXPIRED && work->life_end_ms > world_.now_ms) {
    return "CMB-TGT-013";
  }
  if (IsEarlyEnd(ack, *work)) {
    return "CMB-CTL-017";
  }
  const bool of_another = std::any_of(cancelled_.begin(), cancelled_.end(), [&](const Name& name) {
    return name.second == ack.correlation_id() && name.first != work->source;
  });
  return ack.error_code() == ack::v1::ERROR_CODE_CANCELLED && of_another ? "CMB-SND-003"
                                                                         : OfEarlyStart(*work);
}

// A start before its turn in its stream.
std::string_view TargetModel::OfEarlyStart(const Work& work) const {
  const bool waits =
      work.state == ack::v1::STATE_RECEIVED && !work.offered && IsOrdered() && !work.stream.empty();
  if (!waits) {
    return "";
  }
  const auto stream = streams_.find({work.source, work.stream});
  return stream == streams_.end() || MayBeOffered(work, stream->second) ? "CMB-ORD-002"
                                                                        : "CMB-ORD-003";
}

std::string_view TargetModel::RuledOutBy(const ack::v1::Event& event) const {
  const bool starts =
      event.has_execution() || event.transition().reason() == ack::v1::REASON_HANDLER_STARTED;
  const std::string& id =
      event.has_execution() ? event.execution().message_id() : event.transition().message_id();
  const Work* work = !starts                 ? nullptr
                     : event.has_execution() ? Find(event.execution().source(), id)
                                             : Find(event.transition().source(), id);
  if (work == nullptr) {
    return "";
  }
  for (const std::string_view joins : {"CMB-DUP-007", "CMB-DUP-010"}) {
    if (Asked(joins, id)) {
      return joins;
    }
  }
  if (work->state == ack::v1::STATE_RECEIVED) {
    const bool refuses = work->script.end() == control::v1::SCRIPT_END_REJECTED;
    const std::string_view early = OfEarlyStart(*work);
    return early.empty() && refuses ? "CMB-TGT-006" : early;
  }
  if (work->reason == ack::v1::REASON_TTL_EXPIRED || work->state == ack::v1::STATE_CANCELLED) {
    return "CMB-TGT-017";
  }
  const bool over = !work->HasEnded() && world_.now_ms > work->remember_until_ms;
  return over ? "CMB-DUP-012" : "CMB-DUP-003";
}

// ---------------------------------------------------------------- what comes in place of another

std::string_view TargetModel::OfOdd(const ack::v1::Event& event) const {
  if (event.anomaly().kind() == ack::v1::ANOMALY_KIND_MALFORMED &&
      took_batch_in_ == world_.exchange) {
    return "CMB-BAT-002";
  }
  if (!event.has_execution()) {
    return "";
  }
  const Work* work = Find(event.execution().source(), event.execution().message_id());
  const bool dead = work != nullptr && work->reason == ack::v1::REASON_TTL_EXPIRED;
  return dead ? "CMB-TGT-017" : "";
}

// A life that is not that of the work: of one of its messages, or of a copy.
std::string_view TargetModel::OfWait(std::uint64_t said_ms) const {
  for (const Work& work : works_) {
    const bool lives =
        world_.timers.Find(work.source, work.maker, ack::v1::TIMER_KIND_TTL) != nullptr;
    const bool is_a_life =
        said_ms == last_life_end_ms_ ||
        std::any_of(work.messages.begin(), work.messages.end(),
                    [&](const Message& message) { return message.life_end_ms == said_ms; });
    if (lives && is_a_life && said_ms != work.life_end_ms) {
      return "CMB-TGT-013";
    }
  }
  return "";
}

}  // namespace cmb::conformance::oracle::tables::target
