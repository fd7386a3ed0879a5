// What a session asks besides its cases: how the process ends, and whether it says its deadlines.
#include <fmt/format.h>

#include <utility>

#include "conformance/control/wait.h"
#include "conformance/lower_tester/iut_session.h"

namespace cmb::conformance {

using control::v1::Request;

namespace {

// A process that was asked to end has nothing left to do.
constexpr std::chrono::milliseconds kShutdownGuard{1'000};

// Another time than that of any case.
constexpr std::uint64_t kElsewhenMs = 86'400'001;

}  // namespace

void IutSession::Shutdown() {
  if (!child_->IsOurs()) {
    return;  // Dismissed when this object goes.
  }
  Request request;
  request.mutable_shutdown();
  // Whether it answers is all the same: it ends now, one way or the other.
  static_cast<void>(control_->Call(std::move(request), *child_).ok());
  child_->Stop(Deadline::In(kShutdownGuard));
}

Result<Done> IutSession::Leave(bool by_shutdown) {
  if (!child_->IsOurs()) {
    return Done{};  // How it ends is not seen.
  }
  CaseSettings elsewhen = settings_;
  elsewhen.settings.set_now_ms(settings_.settings.now_ms() + kElsewhenMs);
  if (auto begun = BeginNext(elsewhen); !begun) {
    return std::move(begun).trouble();
  }
  Request request;
  request.mutable_timers();
  if (auto asked = CallChecked(request); !asked) {
    return std::move(asked).trouble();
  }
  request.mutable_shutdown();
  if (by_shutdown) {
    if (auto replied = control_->Call(std::move(request), *child_); !replied) {
      return std::move(replied).trouble();
    }
  } else {
    child_->CloseInput();
  }
  const bool ended =
      WaitReadable({}, *child_, Deadline::OfGuard(guards_.reply)) == Wake::kChildEnded;
  const auto end = ended ? child_->Ended() : std::nullopt;
  if (end && !end->by_signal && end->number == 0) {
    return Done{};
  }
  return Broken({fmt::format("the IUT {} after {}", end ? end->Sentence() : "did not exit",
                             by_shutdown ? "its reply to Shutdown" : "its standard input closed"),
                 by_shutdown ? "CMB-CTL-023" : "CMB-CTL-004"});
}

Result<Done> IutSession::ProveDeadline() {
  deadline_said_ = deadline_said_ || (next_deadline_ && !next_deadline_->housekeeping);
  if (deadline_said_) {
    return Done{};
  }
  Request ask;
  ask.mutable_timers();
  auto reply = CallChecked(ask);
  if (!reply) {
    return std::move(reply).trouble();
  }
  for (const control::v1::Timer& timer : reply->timers().timers()) {
    if (timer.kind() < ack::v1::TIMER_KIND_RECONCILE) {
      return Broken(
          {fmt::format("next_deadline says no timer of the protocol, but Timers lists one "
                       "at {} ms",
                       timer.deadline_ms()),
           "CMB-CTL-014"});
    }
  }
  return Done{};
}

}  // namespace cmb::conformance
