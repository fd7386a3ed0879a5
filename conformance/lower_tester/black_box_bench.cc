#include "conformance/lower_tester/black_box_bench.h"

#include "conformance/lower_tester/black_box_impl.h"
#include "conformance/lower_tester/wall_clock.h"

namespace cmb::conformance {
namespace {

using std::chrono::milliseconds;

// The module that asks whether anybody is there.
constexpr char kProbe[] = "cmb-conformance-probe";

constexpr milliseconds kProofPause{2};

Trouble NotHere(const char* what) {
  return TroubleOf(TroubleKind::kUnsupported, fmt::format("{} needs a harness", what));
}

}  // namespace

BlackBoxBench::BlackBoxBench(BlackBoxOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
BlackBoxBench::~BlackBoxBench() = default;

Result<control::v1::Pics> BlackBoxBench::Claims() {
  if (!impl_->answered) {
    CaseSettings settings;
    settings.role = ack::v1::ROLE_ROUTER;
    settings.connected = {kProbe};
    settings.channels.clear();
    for (const auto& [name, address] : impl_->options.addresses.channels) {
      settings.channels.push_back(name);
    }
    if (auto opened = impl_->Open(settings, impl_->options.hello); !opened) {
      return TroubleOf(
          opened.trouble().kind,
          fmt::format("no router answers at {} within {} ms: {}", ToText(impl_->options.addresses),
                      impl_->options.hello.count(), opened.trouble().sentence));
    }
    impl_->answered = true;
  }
  return impl_->options.pics;
}

void BlackBoxBench::SetPace(const WallPace& pace) { impl_->pace = pace; }

WallFindings BlackBoxBench::TakeFindings() { return std::exchange(impl_->findings, {}); }

Result<Done> BlackBoxBench::StartCase(const CaseSettings& settings) {
  impl_->findings = {};
  impl_->injected.clear();
  if (auto opened = impl_->Open(settings, impl_->options.answer); !opened) {
    return opened;
  }
  impl_->acted_late_ms = 0;
  impl_->begin_ms = impl_->now_ms = settings.settings.now_ms();
  impl_->sockets->Begin(
      WallWords(impl_->pace.scale, settings.role, settings.settings.wall_base_ms()));
  impl_->base_ms = WallNow();
  impl_->ear->Begin(impl_->base_ms, impl_->pace.scale.tick_ms, impl_->pace.scale.grace_ms());
  return Done{};
}

Result<Done> BlackBoxBench::Inject(const WireMessage& message) {
  if (auto why = impl_->sockets->CannotCarry(message)) {
    return TroubleOf(TroubleKind::kUnsupported, *std::move(why));
  }
  impl_->injected.push_back(message);
  impl_->ear->NoteSaid(message);
  impl_->sockets->Send(message);
  return Done{};
}

Result<StepResult> BlackBoxBench::Advance(VirtualTime to, control::v1::Fire fire) {
  const std::uint64_t to_ms = ToMs(to);
  if (!impl_->pace.scale.ToReal(to_ms - impl_->begin_ms)) {
    impl_->findings.misfit_ms = to_ms - impl_->begin_ms;
    return TroubleOf(TroubleKind::kUnsupported, fmt::format("no tick is at {} ms", to_ms));
  }
  if (impl_->Real(to_ms) - impl_->base_ms > impl_->pace.longest.count()) {
    impl_->findings.too_long = true;
    impl_->findings.refused =
        fmt::format("it lasts longer than {} s on the wall clock, which --longest allows",
                    impl_->pace.longest.count() / 1000);
    return TroubleOf(TroubleKind::kUnsupported, impl_->findings.refused);
  }
  if (auto played = impl_->Play(to_ms); !played) {
    return std::move(played).trouble();
  }
  if (const auto late = impl_->findings.late_by_ms) {
    return TroubleOf(TroubleKind::kUnsupported,
                     fmt::format("something was {} ms late on a real clock", *late));
  }
  control::v1::Request request;
  request.mutable_advance()->set_to_ms(to_ms);
  request.mutable_advance()->set_fire(fire);
  return impl_->Tell(request);
}

Result<StepResult> BlackBoxBench::Disconnect(const std::string& module) {
  if (!impl_->sockets->Disconnect(module) || impl_->sockets->paths().empty()) {
    return NotHere("that the only module leaves");
  }
  return impl_->ProveGone(module);
}

Result<StepResult> BlackBoxBench::Connect(const std::string& module) {
  if (!impl_->sockets->Reconnect(module)) {
    return TroubleOf(TroubleKind::kMisuse, module + " is there already");
  }
  const Deadline deadline = Deadline::OfGuard(impl_->options.answer);
  while (impl_->ear->Prove(impl_->sockets->paths(), kProofPause) && !deadline.Passed()) {
    impl_->ear->Listen(kProofPause);
  }
  if (auto proven = impl_->ProveAll(); !proven) {
    return std::move(proven).trouble();
  }
  return impl_->Tell({});
}

bool BlackBoxBench::Reaches(const WireMessage& message) const {
  return impl_->sockets->Reaches(message);
}

Result<Done> BlackBoxBench::EndCase() { return impl_->ProveAll(); }

void BlackBoxBench::Discard() {
  impl_->ear.reset();
  impl_->sockets.reset();
}

VirtualTime BlackBoxBench::now() const { return FromMs(impl_->now_ms); }

std::optional<NextDeadline> BlackBoxBench::next_deadline() const {
  return NextDeadline{FromMs(impl_->now_ms + impl_->pace.scale.unit_ms)};
}

Result<StepResult> BlackBoxBench::Request(const control::v1::Request&) {
  return NotHere("what it is asked for");
}
Result<Done> BlackBoxBench::Crash() { return NotHere("a crash"); }
Result<StepResult> BlackBoxBench::Start(VirtualTime, std::int64_t) { return NotHere("a start"); }
Result<StepResult> BlackBoxBench::Fill(const std::string&, bool) {
  return NotHere("a full queue of ZeroMQ");
}

}  // namespace cmb::conformance
