// The suite's end of the control channel of one process: waits for Hello, then strict request and
// reply. Called by the lower tester's session. One thread. Spec: chapter control
// channel.
//
// Every failure is a Trouble: kCannotStart (no Hello), kIutCrashed, kUnresponsive (guard),
// kGarbage (no Protobuf, wrong seq or epoch), kHarnessError (an error reply). After any of them the
// process must be killed, never reset: nothing is known of its state.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "cmb/control/v1/control.pb.h"
#include "conformance/control/child_process.h"
#include "conformance/control/control_link.h"
#include "conformance/control/request_name.h"
#include "conformance/control/result.h"

namespace cmb::conformance {

// An interpreter that starts on a busy machine needs about 1 s.
inline constexpr std::chrono::milliseconds kHelloGuard{10'000};
// Longer than the harness's own 3 s, so that WAIT_TIMEOUT tells a lost frame from a hung IUT.
inline constexpr std::chrono::milliseconds kReplyGuard{5'000};

// 0: never, for an IUT under a debugger.
struct Guards {
  std::chrono::milliseconds hello = kHelloGuard;
  std::chrono::milliseconds reply = kReplyGuard;  // Also for the frames a reply promises.
};

class ControlClient {
 public:
  // The link of a harness that was attached serves one process after another.
  ControlClient(std::shared_ptr<ControlLink> link, std::string incarnation, Guards guards);
  ~ControlClient();
  ControlClient(const ControlClient&) = delete;
  ControlClient& operator=(const ControlClient&) = delete;

  // For CMB_CONTROL and CMB_INCARNATION.
  std::string address() const;
  const std::string& incarnation() const;

  // Waits for the Hello of this incarnation; one of another is ignored (an orphan of before).
  Result<control::v1::Pics> AwaitHello(ChildProcess& child);

  // Fills in seq, incarnation and epoch of `request`, sends it, waits for its reply. An error reply
  // is a kHarnessError with its code. After a Reset has been answered the epoch is one more.
  // REQUIRES: AwaitHello succeeded, and no call before has failed.
  Result<control::v1::Reply> Call(control::v1::Request request, ChildProcess& child);

  // What a harness must refuse. `forge` alters `request` after all is filled in; its seq is used up
  // where it is left as it is.
  using Forge = std::function<void(control::v1::Request& request)>;
  Result<control::v1::Reply> CallForged(control::v1::Request request, const Forge& forge,
                                        ChildProcess& child);
  // The same, of what is no request: its reply has seq and epoch 0.
  Result<control::v1::Reply> CallBytes(const std::string& bytes, ChildProcess& child);

  // Tells an attached harness to end, and waits for nothing.
  void Dismiss(ChildProcess& child);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cmb::conformance
