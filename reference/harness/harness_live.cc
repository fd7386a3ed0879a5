// The harness without virtual_clock: the case's clock is the machine's, which nobody holds.
#include <algorithm>
#include <utility>

#include "reference/harness/harness.h"

namespace cmb::reference {
namespace {

constexpr std::int64_t kNothingArmed = -1;

std::vector<Inbound> WhatHasCome(IutRole& role) {
  std::vector<Inbound> frames;
  if (ZmqTransport* transport = role.sockets()) {
    for (std::size_t socket = 0; socket < transport->sockets().size(); ++socket) {
      while (auto message = transport->Receive(socket)) {
        frames.push_back(*std::move(message));
      }
    }
  }
  return frames;
}

}  // namespace

void Harness::StartLiveClock(std::uint64_t now_ms) {
  if (!options_.claims.Has(ack::v1::FEATURE_VIRTUAL_CLOCK)) {
    live_clock_ = RealClock::From(now_ms);
  }
}

void Harness::ReadLiveClock() {
  if (IsLive()) {
    role_->clock().SetNowMs(live_clock_->NowMs());
  }
}

std::int64_t Harness::UntilNextTimer() const {
  std::int64_t wait = kNothingArmed;
  for (const auto timer_class :
       {lifecycle::TimerClass::kProtocol, lifecycle::TimerClass::kHousekeeping}) {
    if (const auto next = role_->NextTimer(timer_class)) {
      const auto left = std::max<std::int64_t>(
          0, lifecycle::MsOf(next->deadline) - static_cast<std::int64_t>(live_clock_->NowMs()));
      wait = wait == kNothingArmed ? left : std::min(wait, left);
    }
  }
  return wait;
}

// A refusal has nobody to go to: too many timers at one instant show in what they did.
void Harness::GoOnLive() {
  static_cast<void>(gate_.GoOn(*role_, live_clock_->NowMs(), WhatHasCome(*role_)));
}

// CMB-CTL-016, CMB-CTL-039.
std::optional<Refusal> Harness::AdvanceLive(const control::v1::Advance& advance) {
  if (role_->sockets() != nullptr) {
    GoOnLive();
    return std::nullopt;
  }
  auto frames = role_->inline_frames()->Read(advance.frames());
  return frames ? gate_.GoOn(*role_, live_clock_->NowMs(), *std::move(frames))
                : BadRequest("a frame of a socket that there is not");
}

}  // namespace cmb::reference
