#include "reference/lifecycle/router_rooms.h"

namespace cmb::lifecycle {

RouterRooms::RouterRooms(const Bounds& bounds)
    : records_(bounds.records), marks_(bounds.marks), queue_(bounds.queue) {
  if (bounds.letters) {
    letters_.emplace(*bounds.letters);
  }
}

bool RouterRooms::InQueue(const ModuleId& target, const ModuleId& source) const {
  const auto queue = queues_.find(target);
  return queue == queues_.end() ? MayTake(queue_, 0, 0) : queue->second.HasRoom(source);
}

// Null: in none.
SharedRoom* RouterRooms::RoomOf(const RouterRecord& record) {
  if (record.state == State::kUnspecified) {
    return record.closed > 0 ? &marks_ : nullptr;
  }
  if (record.dead_letter && letters_) {
    return &*letters_;
  }
  return record.state == State::kRejected ? &marks_ : &records_;
}

void RouterRooms::Take(const RouterRecord& record) {
  if (SharedRoom* room = RoomOf(record)) {
    room->Take(record.key.source);
  }
  if (record.state == State::kForwarding) {
    queues_.try_emplace(record.target, queue_).first->second.Take(record.key.source);
  }
}

void RouterRooms::Give(const RouterRecord& record) {
  if (SharedRoom* room = RoomOf(record)) {
    room->Give(record.key.source);
  }
  if (record.state == State::kForwarding) {
    SharedRoom& queue = queues_.at(record.target);
    queue.Give(record.key.source);
    if (queue.taken() == 0) {
      queues_.erase(record.target);
    }
  }
}

}  // namespace cmb::lifecycle
