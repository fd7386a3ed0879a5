#include "conformance/lower_tester/lock_step_bench.h"

#include <utility>

#include "conformance/lower_tester/lock_step_impl.h"

namespace cmb::conformance {
namespace {

// Why the case cannot be run by this way in. Absent: it can.
std::optional<std::string> NeedsAnotherBinding(const CaseSettings& settings,
                                               control::v1::Binding binding) {
  const bool has_sockets = binding == control::v1::BINDING_UNSPECIFIED;
  if (!has_sockets && settings.curve) {
    return "the case is about keys, and there are no data sockets";
  }
  if (has_sockets && !settings.fills.empty()) {
    return "the case fills a queue of ZeroMQ, which needs --binding frames or headers: with data "
           "sockets nobody can tell when one is full";
  }
  return std::nullopt;
}

}  // namespace

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

void LockStepBench::SetPace(const WallPace& pace) { impl_->pace = pace; }

WallFindings LockStepBench::TakeFindings() { return std::exchange(impl_->findings, {}); }

Result<Done> LockStepBench::StartCase(const CaseSettings& settings) {
  Impl& impl = *impl_;
  impl.in_case = false;
  if (auto sentence = NeedsAnotherBinding(settings, impl.options.binding)) {
    Trouble trouble;
    trouble.kind = TroubleKind::kUnsupported;
    trouble.sentence = *std::move(sentence);
    return trouble;
  }
  if (impl.crashed || (impl.session && impl.session->configured() &&
                       !(impl.clean && impl.session->Serves(settings)))) {
    const bool judges = impl.clean && impl.session && impl.session->child().IsOurs() &&
                        !std::exchange(impl.input_ended, true);
    auto left = judges ? impl.session->Leave(false) : Result<Done>(Done{});
    if (!left) {
      return impl.Fail(std::move(left).trouble());
    }
    impl.DropProcess();
  }
  impl.clean = false;
  auto alive = impl.EnsureProcess();
  if (!alive) {
    return alive;
  }
  if (auto needs = impl.NeedsPace()) {
    return *std::move(needs);
  }
  if (impl.session->configured()) {
    impl.session->child().ClearOutput();
    ++impl.counts.resets;
    auto begun = impl.session->BeginNext(settings);
    if (!begun) {
      return impl.Fail(std::move(begun).trouble());
    }
  } else {
    auto begun = impl.BeginProcess(settings);
    if (!begun) {
      return impl.Fail(std::move(begun).trouble());
    }
    if (begun->reply.sent() != 0) {
      return impl.Fail(
          MakeTrouble(TroubleKind::kHarnessError,
                      Fault{"the reply to Begin says that " + std::to_string(begun->reply.sent()) +
                                " messages were sent already",
                            "CMB-CTL-008"},
                      impl.session->child()));
    }
  }
  if (auto cannot = impl.session->CannotFill()) {
    impl.DropProcess();
    return *std::move(cannot);
  }
  impl.in_case = true;
  return Done{};
}

Result<Done> LockStepBench::Inject(const WireMessage& message) {
  if (!HasProcess()) {
    return NoCase();
  }
  auto put = impl_->session->Inject(message);
  if (!put) {
    return impl_->Fail(std::move(put).trouble());
  }
  return put;
}

Result<StepResult> LockStepBench::Advance(VirtualTime to, control::v1::Fire fire) {
  if (!HasProcess()) {
    return NoCase();
  }
  auto exchange = impl_->session->Advance(to, fire);
  if (!exchange) {
    return impl_->Fail(std::move(exchange).trouble());
  }
  ++impl_->counts.advances;
  return impl_->Change(std::move(exchange));
}

Result<StepResult> LockStepBench::Request(const control::v1::Request& request) {
  if (!HasProcess()) {
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
  if (impl_->crashed) {
    impl_->in_case = false;
    return Done{};
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

Result<Done> LockStepBench::Leave() {
  if (!impl_->session || !impl_->clean) {
    return Done{};
  }
  auto left = impl_->session->Leave(true);
  if (!left) {
    return impl_->Fail(std::move(left).trouble());
  }
  impl_->DropProcess();
  return left;
}

void LockStepBench::Discard() {
  impl_->last_stderr = IutStderr();
  impl_->DropProcess();
}

std::string LockStepBench::IutStderr() {
  if (!impl_->session) {
    return impl_->last_stderr;
  }
  impl_->session->child().DrainOutput();
  return impl_->session->child().StderrTail();
}

VirtualTime LockStepBench::now() const {
  if (impl_->crashed) {
    return impl_->crashed->at;
  }
  return impl_->session ? impl_->session->now() : VirtualTime{};
}

std::optional<NextDeadline> LockStepBench::next_deadline() const {
  return impl_->session ? impl_->session->next_deadline() : std::nullopt;
}

BenchCounts LockStepBench::counts() const { return impl_->counts; }

}  // namespace cmb::conformance
