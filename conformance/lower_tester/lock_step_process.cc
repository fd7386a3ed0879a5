// Processes of the bench and their outages: start, crash, connections that come and go.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/lower_tester/lock_step_impl.h"
#include "conformance/lower_tester/ping.h"

namespace cmb::conformance {
namespace {

// An IUT whose every answered PING brings another one would never come to rest.
constexpr int kMostPingRounds = 100;

bool IsDurable(const control::v1::Pics& claims, ack::v1::Role role) {
  return std::any_of(claims.roles().begin(), claims.roles().end(), [role](const auto& claim) {
    return claim.role() == role && claim.profile() == ack::v1::PROFILE_DURABLE;
  });
}

bool HasVirtualClock(const control::v1::Pics& claims) {
  return std::find(claims.features().begin(), claims.features().end(),
                   ack::v1::FEATURE_VIRTUAL_CLOCK) != claims.features().end();
}

}  // namespace

Result<std::shared_ptr<ControlLink>> LockStepBench::Impl::AttachedLink() {
  if (options.attach.empty() || attached_link != nullptr) {
    return attached_link;
  }
  try {
    attached_link = MakeSocketLink(context, options.attach);
  } catch (const zmq::error_t& error) {
    Trouble trouble;
    trouble.kind = TroubleKind::kCannotStart;
    trouble.sentence = fmt::format("cannot listen at {}: {}", options.attach, error.what());
    return trouble;
  }
  return attached_link;
}

Result<Done> LockStepBench::Impl::EnsureProcess() {
  if (session) {
    return Done{};
  }
  auto link = AttachedLink();
  if (!link) {
    return std::move(link).trouble();
  }
  auto started = IutSession::Start(context, options, *link);
  if (!started && started.trouble().timed_out &&
      options.attach.empty()) {  // A busy machine, perhaps.
    started = IutSession::Start(context, options, *link);
  }
  if (!started) {
    return Fail(std::move(started).trouble());
  }
  session = *std::move(started);
  claims = session->claims();
  ++counts.processes;
  return Done{};
}

std::optional<Trouble> LockStepBench::Impl::NeedsPace() {
  if (HasVirtualClock(session->claims())) {
    return std::nullopt;
  }
  if (!pace) {
    Trouble trouble;
    trouble.kind = TroubleKind::kUnsupported;
    trouble.sentence = "the IUT does not claim virtual_clock, which all but `run` need";
    return trouble;
  }
  session->SetPace(*pace, findings);
  return std::nullopt;
}

Result<Exchange> LockStepBench::Impl::BeginProcess(const CaseSettings& settings) {
  if (IsDurable(session->claims(), settings.role) && store == nullptr) {
    store = StoreDirectory::Make();
    if (store == nullptr) {
      return MakeTrouble(TroubleKind::kHarnessError, "no directory for the store could be made",
                         session->child());
    }
  }
  if (settings.curve && keys == nullptr) {
    keys = std::make_unique<CurveKeys>();
  }
  return session->BeginFirst(settings, store == nullptr ? "" : store->path(), keys.get());
}

// True: the IUT was sent something.
Result<bool> LockStepBench::Impl::AnswerPings(const std::vector<WireMessage>& received) {
  bool any = false;
  for (const WireMessage& message : received) {
    const auto answer = AnswerToPing(message, session->layout(), session->settings().absent);
    if (!answer) {
      continue;
    }
    auto put = session->Inject(*answer);
    if (!put) {
      return std::move(put).trouble();
    }
    any = true;
  }
  return any;
}

// Lets the IUT handle the answers to its PINGs, then completes `step`.
Result<Done> LockStepBench::Impl::Finish(Exchange exchange, StepResult& step) {
  step.exchanges.push_back(std::move(exchange));
  for (int round = 0;; ++round) {
    auto answered = AnswerPings(step.exchanges.back().received);
    if (!answered) {
      return std::move(answered).trouble();
    }
    if (!*answered) {
      break;
    }
    if (round == kMostPingRounds) {
      return MakeTrouble(TroubleKind::kHarnessError, "the IUT answers every PONG with another PING",
                         session->child());
    }
    auto more = session->Advance(session->now(), control::v1::FIRE_NONE);
    if (!more) {
      return std::move(more).trouble();
    }
    ++counts.advances;
    step.exchanges.push_back(*std::move(more));
  }
  step.now = session->now();
  step.next_deadline = session->next_deadline();
  return Done{};
}

Result<Done> LockStepBench::Crash() {
  Impl& impl = *impl_;
  if (!impl.in_case || impl.crashed) {
    return NoCase();
  }
  if (!impl.options.attach.empty()) {
    Trouble trouble;
    trouble.kind = TroubleKind::kUnsupported;
    trouble.sentence = "the case kills the process, and an attached one is not ours to kill";
    return trouble;
  }
  // What follows a reply (a Reset forgets behind its own) is done when the next one has come.
  control::v1::Request timers;
  timers.mutable_timers();
  if (auto quiescent = impl.session->Perform(timers); !quiescent) {
    return impl.Fail(std::move(quiescent).trouble());
  }
  impl.last_stderr = IutStderr();
  impl.crashed = Impl::Crashed{impl.session->settings(), impl.session->now()};
  impl.session.reset();
  return Done{};
}

Result<StepResult> LockStepBench::Start(VirtualTime now, std::int64_t wall_jump_ms) {
  Impl& impl = *impl_;
  if (!impl.in_case || !impl.crashed || now < impl.crashed->at) {
    return NoCase();
  }
  CaseSettings settings = std::exchange(impl.crashed, std::nullopt)->settings;
  settings.settings.set_now_ms(ToMs(now));
  settings.settings.set_wall_base_ms(settings.settings.wall_base_ms() +
                                     static_cast<std::uint64_t>(wall_jump_ms));
  auto alive = impl.EnsureProcess();
  if (!alive) {
    return std::move(alive).trouble();
  }
  if (auto needs = impl.NeedsPace()) {
    return *std::move(needs);
  }
  return impl.Change(impl.BeginProcess(settings));
}

Result<StepResult> LockStepBench::Disconnect(const std::string& module) {
  return HasProcess() ? impl_->Change(impl_->session->Disconnect(module)) : NoCase();
}

Result<StepResult> LockStepBench::Connect(const std::string& module) {
  return HasProcess() ? impl_->Change(impl_->session->Connect(module)) : NoCase();
}

Result<StepResult> LockStepBench::Fill(const std::string& module, bool full) {
  return HasProcess() ? impl_->Change(impl_->session->Fill(module, full)) : NoCase();
}

Result<StepResult> LockStepBench::Impl::Change(Result<Exchange> exchange) {
  if (!exchange) {
    return Fail(std::move(exchange).trouble());
  }
  StepResult step;
  auto finished = Finish(*std::move(exchange), step);
  if (!finished) {
    return Fail(std::move(finished).trouble());
  }
  return step;
}

bool LockStepBench::HasProcess() const { return impl_->in_case && !impl_->crashed; }

bool LockStepBench::Reaches(const WireMessage& message) const {
  return HasProcess() && impl_->session->Reaches(message);
}

}  // namespace cmb::conformance
