// One process of the IUT from its Hello to its end, with the sockets it is connected to: the
// control contract, step by step, and nothing above it. Owned by LockStepBench. One thread.
// Spec: chapter control channel.
//
// After a Trouble other than kMisuse the session must be destroyed, which kills the process.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/control/child_process.h"
#include "conformance/control/control_client.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/curve_keys.h"
#include "conformance/lower_tester/ledger.h"
#include "conformance/lower_tester/lock_step_options.h"
#include "conformance/lower_tester/proof_counts.h"
#include "conformance/lower_tester/wall_clock.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

class IutSession {
 public:
  // Starts the process and waits for its Hello. `context` outlives the session. `attached`: the
  // link of a process that somebody else starts; null: it is started here.
  static Result<std::unique_ptr<IutSession>> Start(zmq::context_t& context,
                                                   const LockStepOptions& options,
                                                   std::shared_ptr<ControlLink> attached = nullptr);
  ~IutSession();
  IutSession(const IutSession&) = delete;
  IutSession& operator=(const IutSession&) = delete;

  // On whose clock the next case goes: that of an IUT without virtual_clock, at this pace. What
  // comes of it is added to `findings`, which outlives the session.
  void SetPace(const WallPace& pace, WallFindings& findings);

  const control::v1::Pics& claims() const { return claims_; }

  // Whether Configure was said, or rather BeginFirst called.
  bool configured() const { return sockets_ != nullptr; }
  // Whether the case can be begun here by BeginNext. REQUIRES: configured().
  bool Serves(const CaseSettings& settings) const;

  // Configure, open phase, Begin: the exchange of the latter. `store`: a directory, or empty.
  // `keys` outlives the session; null where `settings` asks for no CURVE.
  Result<Exchange> BeginFirst(const CaseSettings& settings, const std::string& store,
                              CurveKeys* keys);
  // Reset: the exchange is of the case that ended. REQUIRES: Serves(settings), and a closing check
  // without trouble.
  Result<Exchange> BeginNext(const CaseSettings& settings);

  Result<Done> Inject(const WireMessage& message);
  Result<Exchange> Advance(VirtualTime to, control::v1::Fire fire);
  Result<Exchange> Perform(const control::v1::Request& request);
  Result<Done> CheckClosing();
  // Any request: sends it, enters its reply, receives what it promises. An error reply is a trouble
  // with its code, after which the session may go on.
  Result<Exchange> Transact(control::v1::Request request);

  // iut_connections.cc. Router IUT: as in Bench.
  Result<Exchange> Disconnect(const std::string& module);
  Result<Exchange> Connect(const std::string& module);
  // iut_told.cc. The same.
  Result<Exchange> Fill(const std::string& module, bool full);
  // Why the case that begins cannot fill its queues here. Absent: it can.
  std::optional<Trouble> CannotFill();
  bool Reaches(const WireMessage& message) const { return sockets_->Reaches(message); }

  // Shutdown, then the end of the process; kills it if it does not end.
  void Shutdown();
  // One more Reset, to another time, then the end: by Shutdown or by the end of standard input.
  // REQUIRES: a closing check without trouble.
  Result<Done> Leave(bool by_shutdown);

  VirtualTime now() const { return now_; }
  // Messages put since Begin.
  std::uint64_t injected() const { return ledger_.injected(); }
  std::optional<NextDeadline> next_deadline() const { return next_deadline_; }
  const CaseSettings& settings() const { return settings_; }
  const SocketLayout& layout() const { return sockets_->layout(); }
  ChildProcess& child() { return *child_; }
  // For requests that the session never asks, and the harness must refuse.
  ControlClient& control() { return *control_; }

 private:
  IutSession(zmq::context_t& context, std::unique_ptr<ControlClient> control,
             std::unique_ptr<ChildProcess> child, const LockStepOptions& options);

  // iut_connections.cc. One round of a proof: PINGs over these paths to these modules, an Advance
  // at this instant, and what came. Nonces that were answered leave `open`; what else was sent or
  // told is added to `exchange`.
  struct Proof;
  Result<Done> Probe(Proof& proof);
  std::optional<std::string> PutProbes(Proof& proof);
  std::optional<std::string> ReadUntilBarrier(Proof& proof);
  Result<bool> Pause(Proof& proof);
  Result<Exchange> EndProof(Proof& proof);
  // iut_told.cc. Without data sockets: says that `module` comes or goes.
  Result<Exchange> Announce(const std::string& module, bool connected);
  Result<Exchange> Announce(control::v1::Request request);
  void MakeSockets(CurveKeys* keys);
  Result<control::v1::Reply> Call(const control::v1::Request& request);
  Result<control::v1::Reply> CallChecked(const control::v1::Request& request);
  void TakeOver(const control::v1::Reply& reply);
  // Until the process has said a deadline of the protocol: none is there when it says none.
  Result<Done> ProveDeadline();
  Trouble Broken(Fault fault);

  zmq::context_t& context_;
  std::unique_ptr<ControlClient> control_;
  std::unique_ptr<WireSockets> sockets_;   // Absent until BeginFirst.
  std::unique_ptr<WallClock> wall_clock_;  // Absent: the case's clock is ours.
  WallFindings* wall_findings_ = nullptr;
  std::unique_ptr<ChildProcess> child_;
  Guards guards_;
  control::v1::Binding wanted_binding_;  // UNSPECIFIED: data sockets.
  control::v1::Pics claims_;
  CaseSettings settings_;             // `connected`: who is, now.
  std::set<std::string> ever_there_;  // Modules that were connected once.
  Ledger ledger_;
  std::vector<WireMessage> injected_;  // Since the last Advance.
  VirtualTime now_{};
  std::optional<NextDeadline> next_deadline_;
  bool deadline_said_ = false;  // Ever, one of the protocol.
  bool fresh_ = false;          // Nothing was asked since Begin or Reset.
  std::uint64_t closings_ = 0;
  std::uint64_t undeliverable_ = 0;  // As of the last reply.
  ProofCounts proven_;               // Since Begin.
  std::uint64_t proofs_ = 0;         // Rounds, for nonces.
};

}  // namespace cmb::conformance
