// Events that the endpoint's thread writes and any other thread takes.
//
// Behind ModuleEndpoint::PollEvents. Threads: any. Spec: chapter "Model and
// vocabulary", events.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "reference/shell/command_queue.h"
#include "reference/sinks/memory_event_sink.h"

namespace cmb::reference {

class SharedEventSink : public EventSink {
 public:
  void Write(const ack::v1::Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.Write(event);
    changed_.notify_all();
  }
  void Flush() override {}

  // Everything since the last call of either, oldest first. Throws std::runtime_error after Close,
  // once there is nothing left.
  std::vector<ack::v1::Event> Take() { return WaitAndTake(std::chrono::milliseconds(0)); }
  // The same, but waits for the first one if there is none.
  std::vector<ack::v1::Event> WaitAndTake(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [&] { return closed_ || !events_.empty(); });
    if (closed_ && events_.empty()) {
      throw std::runtime_error(kStopped);
    }
    return events_.Take();
  }

  // Nothing comes any more: who waits is woken.
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  bool closed_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  MemoryEventSink events_;
};

}  // namespace cmb::reference
