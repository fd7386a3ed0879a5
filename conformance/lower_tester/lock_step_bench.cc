#include "conformance/lower_tester/lock_step_bench.h"

#include <utility>
#include <zmq.hpp>

#include "conformance/lower_tester/iut_session.h"
#include "conformance/lower_tester/ping.h"

namespace cmb::conformance {
namespace {

// An IUT whose every answered PING brings another one would never come to rest.
constexpr int kMostPingRounds = 100;

Trouble NoCase() {
  Trouble trouble;
  trouble.kind = TroubleKind::kMisuse;
  trouble.sentence = "no case has been started";
  return trouble;
}

}  // namespace

struct LockStepBench::Impl {
  explicit Impl(LockStepOptions options_of) : options(std::move(options_of)), context(1) {}

  // What `trouble` means for the process: it dies, unless the suite alone is to blame.
  Trouble Fail(Trouble trouble) {
    if (trouble.kind != TroubleKind::kMisuse) {
      last_stderr = trouble.iut_stderr;
      session.reset();
      in_case = false;
      clean = false;
    }
    return trouble;
  }

  Result<Done> EnsureProcess();
  Result<Done> Finish(Exchange exchange, StepResult& step);
  Result<bool> AnswerPings(const std::vector<WireMessage>& received);

  LockStepOptions options;
  zmq::context_t context;
  std::optional<control::v1::Pics> claims;
  std::unique_ptr<IutSession> session;
  bool in_case = false;  // StartCase succeeded; EndCase or a trouble has not come.
  bool clean = false;    // The closing check passed: Reset is allowed.
  std::string last_stderr;
  BenchCounts counts;
};

Result<Done> LockStepBench::Impl::EnsureProcess() {
  if (session) {
    return Done{};
  }
  auto started = IutSession::Start(context, options.command, options.guards);
  if (!started) {
    return Fail(std::move(started).trouble());
  }
  session = *std::move(started);
  claims = session->claims();
  ++counts.processes;
  return Done{};
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

LockStepBench::LockStepBench(LockStepOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

LockStepBench::~LockStepBench() {
  if (impl_->session) {
    impl_->session->Shutdown();
  }
}

Result<control::v1::Pics> LockStepBench::Claims() {
  if (!impl_->claims) {
    auto alive = impl_->EnsureProcess();
    if (!alive) {
      return std::move(alive).trouble();
    }
  }
  return *impl_->claims;
}

Result<Done> LockStepBench::StartCase(const CaseSettings& settings) {
  Impl& impl = *impl_;
  impl.in_case = false;
  if (impl.session && impl.session->configured() &&
      !(impl.clean && impl.session->Serves(settings))) {
    impl.session.reset();
  }
  impl.clean = false;
  auto alive = impl.EnsureProcess();
  if (!alive) {
    return alive;
  }
  const bool again = impl.session->configured();
  if (again) {
    impl.session->child().ClearOutput();
    ++impl.counts.resets;
  }
  auto begun = again ? impl.session->BeginNext(settings) : impl.session->BeginFirst(settings);
  if (!begun) {
    return impl.Fail(std::move(begun).trouble());
  }
  impl.in_case = true;
  return Done{};
}

Result<Done> LockStepBench::Inject(const WireMessage& message) {
  if (!impl_->in_case) {
    return NoCase();
  }
  auto put = impl_->session->Inject(message);
  if (!put) {
    return impl_->Fail(std::move(put).trouble());
  }
  return put;
}

Result<StepResult> LockStepBench::Advance(VirtualTime to, control::v1::Fire fire) {
  if (!impl_->in_case) {
    return NoCase();
  }
  auto exchange = impl_->session->Advance(to, fire);
  if (!exchange) {
    return impl_->Fail(std::move(exchange).trouble());
  }
  ++impl_->counts.advances;
  StepResult step;
  auto finished = impl_->Finish(*std::move(exchange), step);
  if (!finished) {
    return impl_->Fail(std::move(finished).trouble());
  }
  return step;
}

Result<StepResult> LockStepBench::Request(const control::v1::Request& request) {
  if (!impl_->in_case) {
    return NoCase();
  }
  auto exchange = impl_->session->Perform(request);
  if (!exchange) {
    return impl_->Fail(std::move(exchange).trouble());
  }
  StepResult step;
  step.message_id = exchange->reply.sent_message().message_id();
  auto finished = impl_->Finish(*std::move(exchange), step);
  if (!finished) {
    return impl_->Fail(std::move(finished).trouble());
  }
  return step;
}

Result<Done> LockStepBench::EndCase() {
  if (!impl_->in_case) {
    return NoCase();
  }
  auto checked = impl_->session->CheckClosing();
  ++impl_->counts.advances;
  if (!checked) {
    return impl_->Fail(std::move(checked).trouble());
  }
  impl_->in_case = false;
  impl_->clean = true;
  return checked;
}

void LockStepBench::Discard() {
  impl_->last_stderr = IutStderr();
  impl_->session.reset();
  impl_->in_case = false;
  impl_->clean = false;
}

std::string LockStepBench::IutStderr() {
  if (!impl_->session) {
    return impl_->last_stderr;
  }
  impl_->session->child().DrainOutput();
  return impl_->session->child().StderrTail();
}

VirtualTime LockStepBench::now() const {
  return impl_->session ? impl_->session->now() : VirtualTime{};
}

std::optional<NextDeadline> LockStepBench::next_deadline() const {
  return impl_->session ? impl_->session->next_deadline() : std::nullopt;
}

BenchCounts LockStepBench::counts() const { return impl_->counts; }

}  // namespace cmb::conformance
