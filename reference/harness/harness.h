// The reference as an implementation under test: speaks cmb.control.v1 with the
// suite that started it and puts any of the three roles through it.
//
//   return RunHarness({.control = getenv("CMB_CONTROL"), .incarnation = …});
//
// Threads: runs in the caller's, until Shutdown or until stdin closes
// (CMB-CTL-004). Spec: chapter "The control channel".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "cmb/control/v1/control.pb.h"
#include "reference/harness/claims.h"
#include "reference/harness/control_link.h"
#include "reference/harness/gate.h"
#include "reference/harness/iut_role.h"

namespace cmb::reference {

struct HarnessOptions {
  std::string control;      // CMB_CONTROL.
  std::string incarnation;  // CMB_INCARNATION.
  Claims claims{};
  bool check_replay = false;  // See replay_check.h.
  int stdin_fd = 0;           // When it closes, the harness ends.
};

class Harness {
 public:
  // Throws AddressError.
  explicit Harness(HarnessOptions options);

  // Says Hello and serves until told to stop.
  void Run();

  // What Run does with each request that it receives.
  control::v1::Reply Answer(const control::v1::Request& request);
  // A Reset answers with the old case's state, and the new one begins behind that answer.
  void BeginNextCase();

 private:
  // False: the harness shall end.
  bool WaitForWork();
  void PumpOpenSockets();
  // Without virtual_clock: from Begin on the clock is real, frames are handled as they come and
  // timers fire by themselves (CMB-CTL-016).
  bool IsLive() const { return live_clock_.has_value(); }
  void StartLiveClock(std::uint64_t now_ms);
  void ReadLiveClock();
  std::int64_t UntilNextTimer() const;
  void GoOnLive();
  std::optional<Refusal> AdvanceLive(const control::v1::Advance& advance);
  bool StdinIsOpen() const;

  std::optional<Refusal> Carry(const control::v1::Request& request, control::v1::Reply& reply);
  std::optional<Refusal> CarryGated(const control::v1::Request& request, control::v1::Reply& reply);
  std::optional<Refusal> FaultOfEnvelope(const control::v1::Request& request) const;

  std::optional<Refusal> Do(const control::v1::Configure& configure, control::v1::Reply& reply);
  std::optional<Refusal> Do(const control::v1::Send& send, control::v1::Reply& reply);
  std::optional<Refusal> Do(const control::v1::Cancel& cancel);
  std::optional<Refusal> Do(const control::v1::ScriptExecution& script);
  std::optional<Refusal> Do(const control::v1::Reset& reset);
  std::optional<Refusal> Do(const control::v1::Connection& connection);
  std::optional<Refusal> Do(const control::v1::Queue& queue);
  // Whether connections and queues are for the runner to tell. Absent: they are.
  std::optional<Refusal> CheckIsTold() const;
  void Do(const control::v1::GetTransaction& query, control::v1::Reply& reply);
  void Do(const control::v1::Timers& query, control::v1::Reply& reply);
  std::optional<Refusal> CheckReplay() const;
  void FillTraffic(control::v1::Reply& reply);
  void FillState(control::v1::Reply& reply);

  HarnessOptions options_;
  zmq::context_t context_{1};
  std::unique_ptr<ControlLink> control_;
  Gate gate_;
  std::unique_ptr<IutRole> role_;
  std::optional<RealClock> live_clock_;  // Absent: the case's clock is virtual, or has not begun.
  bool begun_ = false;
  bool shut_down_ = false;
  std::uint64_t last_seq_ = 0;
  std::uint64_t epoch_ = 0;
  std::optional<control::v1::Settings> next_case_;
};

// Runs one harness. Throws AddressError where CMB_CONTROL leads nowhere.
void RunHarness(const HarnessOptions& options);

}  // namespace cmb::reference
