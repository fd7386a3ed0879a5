// Facts that a `check` judges: the IUT's own record and timers, asked for over
// the control channel, and what the transcript shows. Called by the checker and
// by `given`. One thread. Scenario language, section 4 (`check`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "cmb/control/v1/control.pb.h"
#include "conformance/engine/halt.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/timeline.h"
#include "conformance/engine/window.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class Facts {
 public:
  // All outlive the facts.
  Facts(const scenario::Case& scenario, const MessageBook& book, const Window& window,
        Timeline& timeline);

  // The IUT's record of the message. `record` is absent when it has none.
  MaybeHalt Record(const Known& known, std::optional<ack::v1::TransactionRecord>& record);

  // The armed timers of the protocol; with `known`, of that message alone.
  MaybeHalt ProtocolTimers(const Known* known, std::vector<control::v1::Timer>& timers);

  // From the transcript, since the case began.
  // Sender: MESSAGE frames that the IUT sent. Router: different attempts among
  // those that it forwarded. Target: different attempts sent to it.
  std::uint64_t Attempts(const Known& known) const;
  std::uint64_t Executions(const Known& known) const;
  std::uint64_t AlertsRaised(const Known& known) const;
  // Of one kind or of all; of one message or, without, of the whole role.
  std::uint64_t Anomalies(std::optional<ack::v1::AnomalyKind> kind, const Known* known) const;

  // The first wait of each message before a re-send or redelivery, in backoffs.
  std::vector<double> FirstWaits() const;

  // Messages whose record is not terminal.
  MaybeHalt InFlight(std::uint64_t& count);

 private:
  bool IsOf(const Item& item, const Known& known) const;
  std::uint64_t CountOf(ItemKind kind, const Known& known) const;

  const scenario::Case& scenario_;
  const MessageBook& book_;
  const Window& window_;
  Timeline& timeline_;
};

// Whether the state is one that a record leaves again: no terminal one, and not
// a router's or target's last.
bool IsInFlight(ack::v1::State state, ack::v1::Role role);

}  // namespace cmb::conformance::engine
