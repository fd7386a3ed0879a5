#include "reference/harness/script_handler.h"

#include <algorithm>

#include "reference/harness/case_settings.h"

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
  on_cancel_.clear();
  ends_with_life_.clear();
  again_.clear();
  timers_ = {};
}

const control::v1::ScriptExecution& ScriptHandler::ScriptOf(
    const lifecycle::MessageKey& key) const {
  static const control::v1::ScriptExecution kSucceedAtOnce = SucceedAtOnce();
  const auto script = scripts_.find(key);
  return script == scripts_.end() ? kSucceedAtOnce : script->second;
}

ScriptHandler::Plan ScriptHandler::PlanOf(const control::v1::ScriptExecution& script,
                                          lifecycle::Instant arrived) const {
  const auto end = EndOf(script);
  const bool holds = holds_ && script.has_hold_ms();
  // A refusal comes instead of a start.
  const bool starts = !end || end->status != lifecycle::Status::kRejected;
  const auto held_until = arrived + lifecycle::SaturatedMs(script.hold_ms());
  auto start_at = arrived;
  if (script.has_starts_ms()) {
    start_at += GivenMs(script.starts_ms());
  } else if (holds) {
    start_at = held_until;
  }
  Plan plan;
  if (holds && held_until > Now()) {
    plan.push_back({arrived, held_until - Now()});
  }
  auto end_at = arrived + GivenMs(script.after_ms());
  if (starts) {
    end_at = std::max(start_at, end_at);
    const bool announces = script.has_starts_ms() || holds;
    plan.push_back({start_at, lifecycle::HandlerStart{.announce = announces}});
    for (const auto& progress : script.progress()) {
      const auto at = arrived + GivenMs(progress.at_ms());
      if (progresses_ && at >= start_at && (!end || at <= end_at)) {
        lifecycle::HandlerProgress said;
        said.percent = progress.percent();
        plan.push_back({at, said});
      }
    }
  }
  if (end) {
    plan.push_back({end_at, *end});
  }
  std::stable_sort(plan.begin(), plan.end(),
                   [](const Act& a, const Act& b) { return a.at < b.at; });
  return plan;
}

void ScriptHandler::Offer(Work work) {
  if (work.again) {
    again_[work.key] = work.arrived;
    timers_.Arm(work.key, lifecycle::TimerKind::kHandler, Now());
    return;
  }
  Follow(work.key, work.arrived);
  Proceed(work.key);
}

void ScriptHandler::Follow(const lifecycle::MessageKey& key, lifecycle::Instant arrived) {
  const auto& script = ScriptOf(key);
  on_cancel_[key] = script.on_cancel();
  if (script.ends_with_life()) {
    ends_with_life_.insert(key);
  } else {
    ends_with_life_.erase(key);
  }
  plans_[key] = PlanOf(script, arrived);
}

void ScriptHandler::Drop(const lifecycle::MessageKey& key) {
  plans_.erase(key);
  again_.erase(key);
  timers_.DisarmAll(key);
}

void ScriptHandler::Cancel(const lifecycle::MessageKey& key) {
  const auto asked = on_cancel_.find(key);
  if (asked == on_cancel_.end() || asked->second != control::v1::SCRIPT_ON_CANCEL_IGNORE) {
    Drop(key);
    answers_.stopped(key);
  }
}

void ScriptHandler::LifeEnded(const lifecycle::MessageKey& key) {
  if (ends_with_life_.contains(key)) {
    Drop(key);
    answers_.ended(key, {.status = lifecycle::Status::kFailure,
                         .code = lifecycle::ErrorCode::kToolTimeout,
                         .retryable = false,
                         .note = {},
                         .parcel = {}});
  }
}

// No script says that it is resumable, but the handler's contract asks for it.
void ScriptHandler::Resume(Work work) {
  Follow(work.key, work.arrived);
  std::erase_if(plans_[work.key], [](const Act& act) {
    return std::holds_alternative<lifecycle::Duration>(act.what) ||
           std::holds_alternative<lifecycle::HandlerStart>(act.what);
  });
  Proceed(work.key);
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
    Do(key, act);
  }
}

void ScriptHandler::Do(const lifecycle::MessageKey& key, const Act& act) {
  if (const auto* hold = std::get_if<lifecycle::Duration>(&act.what)) {
    answers_.held(key, *hold);
  } else if (const auto* start = std::get_if<lifecycle::HandlerStart>(&act.what)) {
    answers_.started(key, *start);
  } else if (const auto* progress = std::get_if<lifecycle::HandlerProgress>(&act.what)) {
    answers_.progressed(key, *progress);
  } else if (const auto* end = std::get_if<lifecycle::HandlerEnd>(&act.what)) {
    answers_.ended(key, *end);
  }
}

std::optional<lifecycle::Timer> ScriptHandler::NextTimer(lifecycle::TimerClass timer_class) const {
  return timers_.Next(timer_class);
}

bool ScriptHandler::FireNext(lifecycle::TimerClass timer_class) {
  const auto timer = timers_.PopDue(Now(), timer_class);
  if (timer) {
    if (const auto again = again_.extract(timer->key)) {
      Follow(timer->key, again.mapped());
    }
    Proceed(timer->key);
  }
  return timer.has_value();
}

}  // namespace cmb::reference
