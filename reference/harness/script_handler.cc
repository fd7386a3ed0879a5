#include "reference/harness/script_handler.h"

#include <algorithm>

namespace cmb::reference {
namespace {

control::v1::ScriptExecution SucceedAtOnce() {
  control::v1::ScriptExecution script;
  script.set_end(control::v1::SCRIPT_END_SUCCESS);
  return script;
}

lifecycle::HandlerEnd EndOf(const control::v1::ScriptExecution& script, lifecycle::Status status) {
  lifecycle::HandlerEnd end;
  end.status = status;
  if (status != lifecycle::Status::kSuccess) {
    end.code = static_cast<lifecycle::ErrorCode>(script.error_code());
  }
  end.retryable = script.retryable();
  return end;
}

// How the script ends; absent: never.
std::optional<lifecycle::HandlerEnd> EndOf(const control::v1::ScriptExecution& script) {
  switch (script.end()) {
    case control::v1::SCRIPT_END_FAILURE:
      return EndOf(script, lifecycle::Status::kFailure);
    case control::v1::SCRIPT_END_REJECTED:
      return EndOf(script, lifecycle::Status::kRejected);
    case control::v1::SCRIPT_END_NEVER:
      return std::nullopt;
    default:  // An open enum; the harness refuses what is not named in it.
      return EndOf(script, lifecycle::Status::kSuccess);
  }
}

}  // namespace

lifecycle::Instant ScriptHandler::Now() const {
  return lifecycle::AtMs(static_cast<std::int64_t>(clock_.NowMs()));
}

void ScriptHandler::Add(const control::v1::ScriptExecution& script) {
  scripts_[{lifecycle::ModuleId(script.source()), lifecycle::MessageId(script.message_id())}] =
      script;
}

void ScriptHandler::Clear() {
  scripts_.clear();
  plans_.clear();
  timers_ = {};
}

ScriptHandler::Plan ScriptHandler::PlanOf(const control::v1::ScriptExecution& script) const {
  const auto end = EndOf(script);
  // A refusal comes instead of a start, unless the script says a start.
  const bool starts = script.has_starts_ms() || !end || end->status != lifecycle::Status::kRejected;
  const auto start_at = lifecycle::SaturatedMs(script.starts_ms());
  Plan plan;
  if (starts) {
    plan.push_back({Now() + start_at, std::nullopt});
  }
  if (end) {
    const auto end_at = lifecycle::SaturatedMs(script.after_ms());
    plan.push_back({Now() + (starts ? std::max(start_at, end_at) : end_at), end});
  }
  return plan;
}

void ScriptHandler::Offer(Work work) {
  const auto script = scripts_.find(work.key);
  plans_[work.key] = PlanOf(script == scripts_.end() ? SucceedAtOnce() : script->second);
  Proceed(work.key);
}

void ScriptHandler::Drop(const lifecycle::MessageKey& key) {
  plans_.erase(key);
  timers_.DisarmAll(key);
}

void ScriptHandler::Proceed(const lifecycle::MessageKey& key) {
  // Looked up anew each time: an answer may make the shell drop the work.
  for (auto plan = plans_.find(key); plan != plans_.end(); plan = plans_.find(key)) {
    if (plan->second.empty()) {
      plans_.erase(plan);
      return;
    }
    const Act act = plan->second.front();
    if (act.at > Now()) {
      timers_.Arm(key, lifecycle::TimerKind::kHandler, act.at);
      return;
    }
    plan->second.pop_front();
    if (act.end) {
      answers_.ended(key, *act.end);
    } else {
      answers_.started(key);
    }
  }
}

std::optional<lifecycle::Timer> ScriptHandler::NextTimer(lifecycle::TimerClass timer_class) const {
  return timers_.Next(timer_class);
}

bool ScriptHandler::FireNext(lifecycle::TimerClass timer_class) {
  const auto timer = timers_.PopDue(Now(), timer_class);
  if (timer) {
    Proceed(timer->key);
  }
  return timer.has_value();
}

}  // namespace cmb::reference
