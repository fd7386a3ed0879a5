// One role around its core, as those who run it see it: messages in, due timers
// fired, records read. What it answers waits for Commit, so that nothing is said
// that would be forgotten. The same object runs under ModuleEndpoint or cmb-router
// on the real clock and under the harness on the virtual one; it never waits
// and never asks the system for the time.
//
// Threads: one owner. Spec: chapters of the roles; "The control channel".
#pragma once

#include <optional>
#include <string>

#include "cmb/ack/v1/record.pb.h"
#include "reference/shell/clock_memory.h"
#include "reference/shell/timer_source.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

class RoleShell : public TimerSource {
 public:
  // Judges and handles one message at the present instant of the clock.
  virtual void Handle(Inbound inbound) = 0;

  // Answers a PING addressed to this role and drops anything else without a
  // trace: all that a harness does before its case begins.
  virtual void HandleOpen(Inbound inbound) = 0;

  // Makes what was done since the last commit last, and then sends and starts
  // what waited for that (CMB-DUR-013). Called once a drain. Throws where the
  // store refuses; then nothing was answered, and the role must not go on: what
  // the medium holds only a restart can tell (CMB-DUR-016).
  virtual void Commit() = 0;

  // Takes back what an earlier process left in the store. Called at most once,
  // before anything else but HandleOpen; Commit sends what it asks for. Where it
  // is not known how long nothing ran, every life has ended (CMB-TMR-010).
  virtual void Recover(Away away) = 0;

  // The record of a message; absent: none is held.
  virtual std::optional<ack::v1::TransactionRecord> Find(const std::string& source,
                                                         const std::string& message_id) const = 0;
};

}  // namespace cmb::reference
