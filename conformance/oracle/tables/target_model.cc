#include "conformance/oracle/tables/target_model.h"

#include <algorithm>

#include "conformance/oracle/tables/row_text.h"

namespace cmb::conformance::oracle::tables {
namespace target {

using ack::v1::Ack;
using ack::v1::TimerKind;

TargetModel::TargetModel(World& world) : world_(world), memory_began_ms_(world.now_ms) {}

Work* TargetModel::Find(const std::string& source, const std::string& message_id) {
  for (Work& work : works_) {
    if (work.source == source && MessageIn(work, message_id) != nullptr) {
      return StillKnown(work) ? &work : nullptr;
    }
  }
  return nullptr;
}

const Work* TargetModel::Find(const std::string& source, const std::string& message_id) const {
  return const_cast<TargetModel&>(*this).Find(source, message_id);
}

Message* TargetModel::MessageIn(Work& work, const std::string& id) {
  const auto found = std::find_if(work.messages.begin(), work.messages.end(),
                                  [&](const Message& message) { return message.id == id; });
  return found == work.messages.end() ? nullptr : &*found;
}

// After its lifetime a record goes at once or later (CHO-005).
bool TargetModel::StillKnown(Work& work) {
  if (!work.HasEnded() || world_.now_ms <= work.remember_until_ms ||
      work.kept_in == world_.exchange) {
    return true;
  }
  if (world_.Choose("CHO-005") == 1) {
    work.kept_in = world_.exchange;
    return true;
  }
  world_.timers.Forget(work.source, work.maker);
  Forget(work);
  return false;
}

void TargetModel::Forget(const Work& work) {
  std::set<Name> streams;
  for (const Message& message : work.messages) {
    streams.emplace(work.source, message.stream);
  }
  world_.timers.DisarmAll(work.source, work.maker);
  works_.remove_if([&](const Work& other) { return &other == &work; });
  for (const Name& stream : streams) {
    const bool was_last = std::none_of(works_.begin(), works_.end(), [&](const Work& other) {
      return other.source == stream.first && other.HasMessageOf(stream.second);
    });
    if (was_last && streams_.contains(stream) && world_.Choose("CHO-015") == 0) {
      streams_.erase(stream);
    }
  }
}

void TargetModel::Housekeep() {}

void TargetModel::Fire(const ArmedTimer& timer) {
  Work* work = Find(timer.source, timer.message_id);
  if (work == nullptr) {
    return;
  }
  if (timer.kind == TimerKind::TIMER_KIND_TTL) {
    Apply(TargetRow::kTtlEnds, work, nullptr, nullptr);
  } else if (!work->offered) {
    Offer(*work);
  } else {
    DoDueActs(*work);
  }
  ServeStreams();
}

void TargetModel::Act(const ControlAct& act) {
  const control::v1::Request& request = act.request;
  ExpectedReply reply;
  reply.reason = world_.Apply("CMB-INS-001", "target, GetTransaction", "");
  reply.leeway.push_back("target's record");
  control::v1::Reply result;
  if (request.has_script_execution()) {
    const auto& script = request.script_execution();
    scripts_[{script.source(), script.message_id()}] = script;
  } else if (request.has_get_transaction()) {
    const auto& asked = request.get_transaction();
    result.mutable_transaction();
    if (auto record = RecordOf(asked.source(), asked.message_id())) {
      *result.mutable_transaction()->mutable_record() = std::move(*record);
      NameFields(reply, asked.source(), asked.message_id());
    }
  }
  reply.result = std::move(result);
  world_.expected.reply = std::move(reply);
}

// What of a record has a sentence of its own.
void TargetModel::NameFields(ExpectedReply& reply, const std::string& source,
                             const std::string& message_id) const {
  if (Find(source, message_id)->HasEnded()) {
    reply.fields.emplace_back(kForgotten, "CMB-DUP-008");
  }
  if (Find(source, message_id)->is_tombstone) {
    reply.fields.emplace_back(kForgotten, "CMB-CXL-010");
    reply.fields.emplace_back("transaction.record", "CMB-CXL-010");
  }
  if (refused_.contains({source, message_id})) {
    reply.fields.emplace_back("transaction.record.attempt", "CMB-TGT-008");
  }
}

std::optional<ack::v1::TransactionRecord> TargetModel::RecordOf(const std::string& source,
                                                                const std::string& message_id) {
  Work* work = Find(source, message_id);
  if (work == nullptr) {
    return std::nullopt;
  }
  const Message& message = *MessageIn(*work, message_id);
  ack::v1::TransactionRecord record;
  record.set_message_id(message_id);
  record.set_role(ack::v1::ROLE_TARGET);
  record.set_source(source);
  record.set_target(world_.history.module_id());
  record.set_channel(work->channel);
  record.set_state(work->state);
  record.set_reason(work->reason);
  record.set_error_code(work->error);
  record.set_attempt(message.highest);
  record.set_retry_count(message.highest == 0 ? 0 : message.highest - 1);
  record.set_execution_count(message.executions);
  record.set_idempotency_key(work->key);
  record.set_created_ms(work->created_ms);
  record.set_changed_ms(work->changed_ms);
  if (work->answer) {
    record.set_last_ack_type(work->answer->ack_type());
    record.set_last_status(work->answer->status());
  }
  return record;
}

// From then on the work is known by the key of its message.
void TargetModel::MeetTombstone(Work& work, const ack::v1::CognitiveMessage& header) {
  work.is_tombstone = false;
  work.key = header.idempotency_key().empty() ? header.message_id() : header.idempotency_key();
  work.channel = header.channel();
}

// ---------------------------------------------------------------- the process

void TargetModel::Crash() {
  scripts_.clear();
  if (!IsDurable()) {
    works_.clear();
    streams_.clear();
    world_.timers.Clear();
  }
}

void TargetModel::Start() {
  if (!IsDurable()) {
    memory_began_ms_ = world_.now_ms;
    return;
  }
  world_.timers.DueNow(world_.now_ms, "CMB-DUR-022");
  restart_group_ = ++groups_;
  for (Work& work : works_) {
    world_.timers.Disarm(work.source, work.maker, ack::v1::TIMER_KIND_HANDLER);
    work.acts.clear();
    work.asked_to_stop = false;
    if (StillKnownAtRestart(work)) {
      Apply(TargetRow::kRestartDurable, &work, nullptr, nullptr);
    }
  }
  restart_group_ = 0;
  ArmOffers();
}

bool TargetModel::StillKnownAtRestart(const Work& work) const {
  return !work.HasEnded() || world_.now_ms <= work.remember_until_ms;
}

void TargetModel::OfferAgain(Work& work) { work.offered = false; }

// 10.7: a HANDLER timer that is due at once for what may be offered.
void TargetModel::ArmOffers() {
  std::set<Name> begun;
  std::vector<Work*> works;
  for (Work& work : works_) {
    works.push_back(&work);
  }
  std::sort(works.begin(), works.end(),
            [](const Work* a, const Work* b) { return a->place < b->place; });
  for (Work* work : works) {
    if (work->state != ack::v1::STATE_RECEIVED || work->life_end_ms <= world_.now_ms) {
      continue;
    }
    const bool in_stream = IsOrdered() && !work->stream.empty();
    if (in_stream && (!MayBeOffered(*work, streams_[{work->source, work->stream}], true) ||
                      !begun.insert({work->source, work->stream}).second)) {
      continue;
    }
    world_.timers.Arm(work->source, work->maker, ack::v1::TIMER_KIND_HANDLER, world_.now_ms,
                      "CMB-DUR-019");
  }
}

}  // namespace target

std::unique_ptr<Model> MakeTargetModel(World& world) {
  return std::make_unique<target::TargetModel>(world);
}

}  // namespace cmb::conformance::oracle::tables
