// The only door to time. The shells ask it and never the system, so that the
// same code runs on the real clock (ModuleEndpoint, cmb-router) and on the
// virtual one (the harness).
//
// Milliseconds everywhere. Threads: RealClock from any; ManualClock belongs to
// one thread. Spec: chapter "Timers and retry".
#pragma once

#include <cstdint>

namespace cmb::reference {

class Clock {
 public:
  virtual ~Clock() = default;

  // Monotonic: never goes back, does not jump with the wall clock, goes on while the machine sleeps
  // (CMB-TMR-001).
  virtual std::uint64_t NowMs() const = 0;

  // Since 1970. For people; never compared with anything.
  virtual std::uint64_t WallMs() const = 0;
};

class RealClock : public Clock {
 public:
  RealClock() = default;
  // At this moment it shows `now_ms`.
  static RealClock From(std::uint64_t now_ms);

  std::uint64_t NowMs() const override;
  std::uint64_t WallMs() const override;

 private:
  std::uint64_t offset_ms_ = 0;  // To the system's; may wrap around.
};

// Stands still until it is told otherwise.
class ManualClock : public Clock {
 public:
  std::uint64_t NowMs() const override { return now_ms_; }
  std::uint64_t WallMs() const override { return wall_base_ms_ + now_ms_; }

  void SetNowMs(std::uint64_t now_ms) { now_ms_ = now_ms; }

  // Wall time of instant 0.
  void SetWallBaseMs(std::uint64_t wall_base_ms) { wall_base_ms_ = wall_base_ms; }

  // The wall clock jumps, the monotonic one does not. May go below zero of the
  // base: unsigned arithmetic brings it back.
  void JumpWallMs(std::int64_t by_ms) { wall_base_ms_ += static_cast<std::uint64_t>(by_ms); }

 private:
  std::uint64_t now_ms_ = 0;
  std::uint64_t wall_base_ms_ = 0;
};

}  // namespace cmb::reference
