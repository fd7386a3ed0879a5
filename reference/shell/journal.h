// Numbers events, stamps them with the wall clock and gives them to the sinks:
// the one way by which anything a module did becomes known.
//
// Called by the shells. Threads: one at a time. Spec: chapter "Model and
// vocabulary", events.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "reference/lifecycle/effects.h"
#include "reference/shell/clock.h"
#include "reference/sinks/event_sink.h"

namespace cmb::reference {

class Journal {
 public:
  using Listener = std::function<void(const ack::v1::Event&)>;

  // Both outlive the journal.
  Journal(const Clock& clock, std::vector<EventSink*> sinks)
      : clock_(clock), sinks_(std::move(sinks)) {}

  void Write(const lifecycle::Event& event);

  // Called for each event after the sinks.
  void AddListener(Listener listener) { listeners_.push_back(std::move(listener)); }

  void Flush();

  const Clock& clock() const { return clock_; }

 private:
  const Clock& clock_;
  std::vector<EventSink*> sinks_;
  std::vector<Listener> listeners_;
  std::uint64_t last_number_ = 0;
};

}  // namespace cmb::reference
