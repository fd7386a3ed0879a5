#include "reference/shell/journal.h"

#include <exception>

#include "reference/shell/to_wire.h"

namespace cmb::reference {

Journal::Journal(const Clock& clock, const std::vector<EventSink*>& sinks) : clock_(clock) {
  for (EventSink* sink : sinks) {
    sinks_.push_back({.sink = sink});
  }
}

template <class Act>
bool Journal::Try(Sink& sink, Act act) {
  if (sink.is_amiss && clock_.NowMs() < sink.retry_ms) {
    return false;
  }
  try {
    act(*sink.sink);
    return true;
  } catch (const std::exception& error) {
    sink.retry_ms = clock_.NowMs() + kSinkRetryMs;
    sink.has_written = false;
    if (!std::exchange(sink.is_amiss, true)) {
      Tell(std::string(error.what()) + "; what happens meanwhile will be missing there");
    }
    return false;
  }
}

void Journal::Tell(const std::string& sentence) const {
  if (trouble_listener_) {
    trouble_listener_(sentence);
  }
}

// CMB-OBS-011.
void Journal::Write(const lifecycle::Event& event) {
  ack::v1::Event out = EventToWire(event);
  out.set_number(++last_number_);
  if (out.has_transition()) {
    out.mutable_transition()->set_wall_ms(clock_.WallMs());
  }
  for (Sink& sink : sinks_) {
    const bool is_kept = Try(sink, [&](EventSink& to) { to.Write(out); });
    sink.lost += is_kept ? 0 : 1;
    sink.has_written |= is_kept;
  }
  for (const auto& listener : listeners_) {
    listener(out);
  }
}

void Journal::Flush() {
  for (Sink& sink : sinks_) {
    if (sink.is_amiss && !sink.has_written) {
      continue;  // To flush nothing would prove nothing.
    }
    if (Try(sink, [](EventSink& to) { to.Flush(); }) && std::exchange(sink.is_amiss, false)) {
      Tell("events are written again; " + std::to_string(std::exchange(sink.lost, 0)) +
           " or more are missing");
    }
  }
}

}  // namespace cmb::reference
