#include "reference/sinks/memory_event_sink.h"

#include <iterator>

namespace cmb::reference {

void MemoryEventSink::Write(const ack::v1::Event& event) {
  if (events_.size() == capacity_) {
    events_.pop_front();
    ++forgotten_;
  }
  events_.push_back(event);
}

std::vector<ack::v1::Event> MemoryEventSink::Take() {
  std::vector<ack::v1::Event> taken(std::make_move_iterator(events_.begin()),
                                    std::make_move_iterator(events_.end()));
  events_.clear();
  return taken;
}

}  // namespace cmb::reference
