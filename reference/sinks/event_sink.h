// Where events go: the single source of truth of what a module did.
//
// The shells write each event exactly once, in order. Implementations:
// MemoryEventSink, JsonlEventSink (a rotating file), SqliteEventSink and
// PubEventSink; one test suite holds for all. Threads: one at a time. Spec:
// chapter "Model and vocabulary", events.
#pragma once

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

class EventSink {
 public:
  virtual ~EventSink() = default;

  // Throws std::runtime_error where the medium refuses; may be called again after that, and then
  // writes what it is given if the medium takes it.
  virtual void Write(const ack::v1::Event& event) = 0;

  // Hands what was written to the medium.
  virtual void Flush() = 0;
};

}  // namespace cmb::reference
