// One process of the IUT from its Hello to its end, with the sockets it is connected to: the
// control contract, step by step, and nothing above it. Owned by LockStepBench. One thread.
// Spec: chapter control channel.
//
// After a Trouble other than kMisuse the session must be destroyed, which kills the process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/control/child_process.h"
#include "conformance/control/control_client.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/ledger.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

class IutSession {
 public:
  // Starts the process and waits for its Hello. `context` outlives the session.
  static Result<std::unique_ptr<IutSession>> Start(zmq::context_t& context,
                                                   const std::vector<std::string>& command,
                                                   Guards guards);
  ~IutSession();
  IutSession(const IutSession&) = delete;
  IutSession& operator=(const IutSession&) = delete;

  const control::v1::Pics& claims() const { return claims_; }

  // Whether Configure was said, or rather BeginFirst called.
  bool configured() const { return sockets_ != nullptr; }
  // Whether the case can be begun here by BeginNext. REQUIRES: configured().
  bool Serves(const CaseSettings& settings) const;

  // Configure, open phase, Begin.
  Result<Done> BeginFirst(const CaseSettings& settings);
  // Reset. REQUIRES: Serves(settings), and a closing check without trouble.
  Result<Done> BeginNext(const CaseSettings& settings);

  Result<Done> Inject(const WireMessage& message);
  Result<Exchange> Advance(VirtualTime to, control::v1::Fire fire);
  Result<Exchange> Perform(const control::v1::Request& request);
  Result<Done> CheckClosing();

  // Shutdown, then the end of the process; kills it if it does not end.
  void Shutdown();

  VirtualTime now() const { return now_; }
  std::optional<NextDeadline> next_deadline() const { return next_deadline_; }
  const CaseSettings& settings() const { return settings_; }
  const SocketLayout& layout() const { return sockets_->layout(); }
  ChildProcess& child() { return *child_; }

 private:
  IutSession(zmq::context_t& context, std::unique_ptr<ControlClient> control,
             std::unique_ptr<ChildProcess> child, Guards guards);

  // Sends `request`, enters its reply, receives what it promises.
  Result<Exchange> Transact(control::v1::Request request);
  Result<control::v1::Reply> CallChecked(const control::v1::Request& request);
  void TakeOver(const control::v1::Reply& reply);
  Trouble Broken(std::string sentence);

  zmq::context_t& context_;
  std::unique_ptr<ControlClient> control_;
  std::unique_ptr<WireSockets> sockets_;  // Absent until BeginFirst.
  std::unique_ptr<ChildProcess> child_;
  Guards guards_;
  control::v1::Pics claims_;
  CaseSettings settings_;
  Ledger ledger_;
  std::vector<WireMessage> injected_;  // Since the last Advance.
  VirtualTime now_{};
  std::optional<NextDeadline> next_deadline_;
  std::uint64_t closings_ = 0;
};

}  // namespace cmb::conformance
