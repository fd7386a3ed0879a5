#include "reference/shell/journal.h"

#include "reference/shell/to_wire.h"

namespace cmb::reference {

// CMB-OBS-011.
void Journal::Write(const lifecycle::Event& event) {
  ack::v1::Event out = EventToWire(event);
  out.set_number(++last_number_);
  if (out.has_transition()) {
    out.mutable_transition()->set_wall_ms(clock_.WallMs());
  }
  for (EventSink* sink : sinks_) {
    sink->Write(out);
  }
  for (const auto& listener : listeners_) {
    listener(out);
  }
}

void Journal::Flush() {
  for (EventSink* sink : sinks_) {
    sink->Flush();
  }
}

}  // namespace cmb::reference
