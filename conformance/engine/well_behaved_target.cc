#include "conformance/engine/well_behaved_target.h"

#include <algorithm>
#include <utility>

namespace cmb::conformance::engine {
namespace {

using ack::v1::Ack;
using ack::v1::CognitiveMessage;

// How far back its record reaches, said with CANCELLED: the largest ttl of the
// base policy, which is what it surely keeps.
constexpr std::uint64_t kMemoryMs = 300'000;

std::uint64_t Count(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

Ack Make(ack::v1::AckType type, ack::v1::Status status,
         ack::v1::ErrorCode code = ack::v1::ERROR_CODE_UNSPECIFIED) {
  Ack ack;
  ack.set_ack_type(type);
  ack.set_status(status);
  ack.set_error_code(code);
  return ack;
}

Ack Started() { return Make(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_IN_PROGRESS); }

Ack Held(std::uint64_t hold_ms) {
  Ack ack = Started();
  ack.set_hold_ms(hold_ms);
  return ack;
}

Ack Progressed(std::uint32_t percent) {
  Ack ack = Make(ack::v1::ACK_TYPE_PROGRESS_ACK, ack::v1::STATUS_IN_PROGRESS);
  ack.set_percent(percent);
  return ack;
}

Ack Cancelled(bool started) {
  Ack ack =
      Make(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_FAILURE, ack::v1::ERROR_CODE_CANCELLED);
  ack.set_started(started);
  ack.set_memory_ms(kMemoryMs);
  return ack;
}

// A handler that gives none gives INTERNAL_ERROR (6.2).
ack::v1::ErrorCode CodeOf(const scenario::Work& work) {
  return work.code == ack::v1::ERROR_CODE_UNSPECIFIED ? ack::v1::ERROR_CODE_INTERNAL_ERROR
                                                      : work.code;
}

std::optional<Ack> Terminal(const scenario::Work& work) {
  constexpr auto kType = ack::v1::ACK_TYPE_EXECUTION_ACK;
  switch (work.ends) {
    case scenario::Work::End::kSuccess:
      return Make(kType, ack::v1::STATUS_SUCCESS);
    case scenario::Work::End::kFailure:
      return Make(kType, ack::v1::STATUS_FAILURE, CodeOf(work));
    case scenario::Work::End::kRejected: {
      Ack refusal = Make(kType, ack::v1::STATUS_REJECTED, CodeOf(work));
      refusal.set_retryable(work.retryable);
      return refusal;
    }
    case scenario::Work::End::kNever:
      return std::nullopt;
  }
  return std::nullopt;
}

const std::string& KeyOf(const CognitiveMessage& message) {
  return message.idempotency_key().empty() ? message.message_id() : message.idempotency_key();
}

}  // namespace

WellBehavedTarget::WellBehavedTarget(Say say, Later later, Now now)
    : say_(std::move(say)), later_(std::move(later)), now_(std::move(now)) {}

WellBehavedTarget::Job& WellBehavedTarget::JobOf(const CognitiveMessage& message,
                                                 const scenario::Work& work, bool& fresh) {
  const std::pair key{message.source(), KeyOf(message)};
  const auto [entry, made] = jobs_.try_emplace(key);
  Job& job = entry->second;
  fresh = made;
  if (made) {
    job.source = message.source();
    job.target = message.targets().empty() ? "" : message.targets(0);
    job.work = work;
    job.first_receipt_ms = now_();
  }
  job_of_[{message.source(), message.message_id()}] = key;
  return job;
}

std::uint32_t WellBehavedTarget::Attach(Job& job, const CognitiveMessage& message) {
  auto found = std::find_if(job.attached.begin(), job.attached.end(), [&](const Attached& one) {
    return one.message_id == message.message_id();
  });
  if (found == job.attached.end()) {
    found = job.attached.insert(job.attached.end(), {message.message_id(), 0});
  }
  const std::uint32_t before = found->highest_attempt;
  found->highest_attempt = std::max(before, message.attempt());
  return before;
}

void WellBehavedTarget::At(std::uint64_t delay_ms, std::function<void()> act) {
  // At once means in this step, so that one instant keeps one order.
  delay_ms == 0 ? act() : later_(delay_ms, std::move(act));
}

void WellBehavedTarget::Answer(const Job& job, const std::string& message_id, std::uint32_t attempt,
                               Ack ack) {
  ack.set_correlation_id(message_id);
  ack.set_attempt(attempt);
  say_(job.target, job.source, ack);
}

void WellBehavedTarget::SayToAll(Job& job, Ack ack) {
  if (ack.status() == ack::v1::STATUS_IN_PROGRESS) {
    ack.set_progress_number(++job.progress_number);
  }
  job.highest = ack;
  for (const Attached& one : job.attached) {
    Answer(job, one.message_id, one.highest_attempt, ack);
  }
}

void WellBehavedTarget::End(Job& job, Ack terminal) {
  job.ended = true;
  SayToAll(job, std::move(terminal));
}

std::uint64_t WellBehavedTarget::StartOf(const scenario::Work& work) {
  return Count(work.starts.value_or(work.hold.value_or(scenario::Milliseconds(0))));
}

bool WellBehavedTarget::HasStarted(const Job& job) const {
  return now_() >= job.first_receipt_ms + StartOf(job.work);
}

Ack WellBehavedTarget::OnRecord(const Job& job) const {
  Ack ack = *job.highest;
  if (ack.has_hold_ms()) {
    const std::uint64_t passed = now_() - job.first_receipt_ms;
    ack.set_hold_ms(ack.hold_ms() - std::min(ack.hold_ms(), passed));
  }
  return ack;
}

void WellBehavedTarget::Begin(Job& job) {
  const std::uint64_t run = ++job.run;
  const auto unless_ended = [this, &job, run](Ack ack) {
    return [this, &job, run, ack = std::move(ack)] {
      if (!job.ended && job.run == run) {
        SayToAll(job, ack);
      }
    };
  };
  const std::uint64_t start_ms = StartOf(job.work);
  if (job.work.hold) {
    SayToAll(job, Held(Count(*job.work.hold)));
  }
  if (job.work.starts || job.work.hold) {
    At(start_ms, unless_ended(Started()));
  }
  for (const scenario::Progress& progress : job.work.progress) {
    if (Count(progress.at) >= start_ms) {  // Before the start there is none.
      At(Count(progress.at), unless_ended(Progressed(progress.percent)));
    }
  }
  if (const auto terminal = Terminal(job.work)) {
    const bool refused = job.work.ends == scenario::Work::End::kRejected;
    const std::uint64_t end_ms = Count(job.work.after);
    At(refused ? end_ms : std::max(end_ms, start_ms), [this, &job, run, terminal = *terminal] {
      if (!job.ended && job.run == run) {
        End(job, terminal);
        job.may_be_tried_again = terminal.retryable();
      }
    });
  }
}

// A higher attempt after a refusal that allows it is work as new.
void WellBehavedTarget::Reopen(Job& job) {
  job.ended = false;
  job.may_be_tried_again = false;
  job.highest.reset();
  job.first_receipt_ms = now_();
  Begin(job);
}

void WellBehavedTarget::Hear(const CognitiveMessage& message, const scenario::Work& work) {
  bool fresh = false;
  Job& job = JobOf(message, work, fresh);
  const std::uint32_t before = Attach(job, message);
  Answer(job, message.message_id(), message.attempt(),
         Make(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS));
  const bool cancelled = tombstones_.erase({message.source(), message.message_id()}) != 0;
  if (fresh && cancelled) {
    End(job, Cancelled(false));
  } else if (fresh) {
    Begin(job);
  } else if (cancelled) {
    Cancel(job, message.message_id(), message.attempt());
  } else if (job.may_be_tried_again && message.attempt() > before) {
    Reopen(job);
  } else if (job.highest) {
    Answer(job, message.message_id(), message.attempt(), OnRecord(job));
  }
}

void WellBehavedTarget::Adopt(const CognitiveMessage& message, const scenario::Work& work) {
  bool fresh = false;
  Job& job = JobOf(message, work, fresh);
  Attach(job, message);
  if (fresh) {
    Begin(job);
  }
}

void WellBehavedTarget::Cancel(Job& job, const std::string& message_id, std::uint32_t attempt) {
  if (job.may_be_tried_again) {
    // A copy that is still on its way must not run.
    job.may_be_tried_again = false;
    End(job, Cancelled(false));
  } else if (job.ended) {
    Answer(job, message_id, attempt, *job.highest);
  } else if (job.work.stop_on_cancel || !HasStarted(job)) {
    End(job, Cancelled(HasStarted(job)));
  }
}

void WellBehavedTarget::HearCancel(const std::string& source, const Ack& cancel) {
  const auto found = job_of_.find({source, cancel.correlation_id()});
  if (found == job_of_.end()) {
    tombstones_.insert({source, cancel.correlation_id()});
    return;
  }
  Cancel(jobs_.at(found->second), cancel.correlation_id(), cancel.attempt());
}

}  // namespace cmb::conformance::engine
