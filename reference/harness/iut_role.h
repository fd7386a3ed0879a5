// The role that Configure chose: its sockets, which last as long as the
// process, and its shell, records, scripts and clock, which are new with each
// case.
//
// Owned by Harness, moved by Gate. Threads: the harness's one. Spec: chapter
// "The control channel", life.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "reference/endpoint/endpoint_shell.h"
#include "reference/harness/claims.h"
#include "reference/harness/inline_transport.h"
#include "reference/harness/replay_check.h"
#include "reference/harness/script_handler.h"
#include "reference/router/router_shell.h"
#include "reference/shell/clock.h"
#include "reference/shell/zmq_transport.h"
#include "reference/sinks/memory_event_sink.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

class IutRole {
 public:
  // Binds or connects, and opens the store if there is one. Throws AddressError
  // and SqliteError. REQUIRES: `configure` is valid (FaultOfConfigure gives
  // none).
  IutRole(zmq::context_t& context, const control::v1::Configure& configure, Claims claims,
          bool check_replay = false);

  // Ends the open phase: forgets whatever it left behind, counters and the
  // numbers of events included (CMB-CTL-008), begins the first case and takes
  // back what an earlier process left in the store (CMB-CTL-019).
  void Begin();

  // Empties the store; the case that ends is still in memory, to be told of.
  void ForgetStored();

  // Forgets everything but the connections and begins a case. REQUIRES:
  // ForgetStored.
  void BeginCase(const control::v1::Settings& settings);

  // Commits a step of the shell: one at a time, so that what follows from it
  // happens before the next one. Nothing is left but timers (CMB-CTL-012).
  void Commit();

  ack::v1::Role role() const { return role_; }
  ManualClock& clock() { return clock_; }
  ZmqTransport* sockets() { return sockets_.get(); }          // Null: frames are inline.
  InlineTransport* inline_frames() { return inline_.get(); }  // Null: there are data sockets.
  RoleShell& shell();
  EndpointShell* endpoint() { return endpoint_.get(); }  // Null: a router.
  ScriptHandler& scripts() { return scripts_; }

  // Why the events of the case do not give its records; absent: they do, or it
  // is not checked.
  std::optional<std::string> ReplayFault() const;

  // Everything since the last call.
  std::vector<ack::v1::Event> TakeEvents() { return events_.Take(); }

  std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const;
  // In firing order, both classes.
  std::vector<lifecycle::Timer> Timers() const;
  // Fires the first timer of the class if it is due now. False: none was.
  bool FireNext(lifecycle::TimerClass timer_class);

 private:
  void MakeCase(const control::v1::Settings& settings);
  void MakeEndpoint(const control::v1::Settings& settings);
  void MakeRouter(const control::v1::Settings& settings);
  void Start(const lifecycle::MessageKey& key, const lifecycle::HandlerStart& start);
  const RoleShell& shell() const;

  const Claims claims_;
  ack::v1::Role role_;
  std::string module_id_;
  control::v1::Settings opening_settings_;  // Of Configure.
  ManualClock clock_;
  SocketMap socket_map_;
  std::unique_ptr<ZmqTransport> sockets_;
  std::unique_ptr<InlineTransport> inline_;
  Transport& transport_;  // The one of these that there is.
  MemoryEventSink events_;
  std::unique_ptr<ReplayCheck> replay_;  // Null: it is not checked.
  ScriptHandler scripts_;
  std::unique_ptr<TxStore> store_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<EndpointShell> endpoint_;
  std::unique_ptr<RouterShell> router_;
};

// Why the request cannot be carried out, as a sentence; absent: it can.
// REQUIRES: its role is one that is claimed.
std::optional<std::string> FaultOfConfigure(const control::v1::Configure& configure);

}  // namespace cmb::reference
