// Numbers events, stamps them with the wall clock and gives them to the sinks:
// the one way by which anything a module did becomes known.
//
// Called by the shells. Threads: one at a time. Spec: chapter "Model and
// vocabulary", events.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "reference/lifecycle/effects.h"
#include "reference/shell/clock.h"
#include "reference/sinks/event_sink.h"

namespace cmb::reference {

// A sink that refused is tried again after this time.
inline constexpr std::uint64_t kSinkRetryMs = 1000;

class Journal {
 public:
  using Listener = std::function<void(const ack::v1::Event&)>;

  using TroubleListener = std::function<void(const std::string& sentence)>;

  // Both outlive the journal.
  Journal(const Clock& clock, const std::vector<EventSink*>& sinks);

  void Write(const lifecycle::Event& event);

  // Called for each event after the sinks.
  void AddListener(Listener listener) { listeners_.push_back(std::move(listener)); }

  void Flush();

  // Called when a sink refuses, and when it takes events again. Events are for watching (20.3): a
  // sink that cannot be written to is left out, and tried again after a while.
  void SetTroubleListener(TroubleListener listener) { trouble_listener_ = std::move(listener); }

  const Clock& clock() const { return clock_; }

 private:
  struct Sink {
    EventSink* sink = nullptr;
    bool is_amiss = false;       // Since it refused, until it has flushed.
    bool has_written = false;    // Since it refused: what it is about to flush.
    std::uint64_t lost = 0;      // Events, since then.
    std::uint64_t retry_ms = 0;  // Not before.
  };
  // False: it refused, or is left out.
  template <class Act>
  bool Try(Sink& sink, Act act);
  void Tell(const std::string& sentence) const;

  const Clock& clock_;
  std::vector<Sink> sinks_;
  TroubleListener trouble_listener_;
  std::vector<Listener> listeners_;
  std::uint64_t last_number_ = 0;
};

}  // namespace cmb::reference
