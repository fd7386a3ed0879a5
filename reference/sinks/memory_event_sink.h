// Keeps events in memory until somebody takes them: what PollEvents and the
// harness's replies are made of.
//
// Bounded: beyond `capacity` the oldest events are forgotten and counted, so a
// program that never asks does not grow. Threads: one at a time. Spec: chapter
// "Model and vocabulary", events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "reference/sinks/event_sink.h"

namespace cmb::reference {

class MemoryEventSink : public EventSink {
 public:
  explicit MemoryEventSink(std::size_t capacity = 1'000'000) : capacity_(capacity) {}

  void Write(const ack::v1::Event& event) override;
  void Flush() override {}

  // Everything since the last call, oldest first.
  std::vector<ack::v1::Event> Take();

  bool empty() const { return events_.empty(); }

  // Events forgotten because nobody took them.
  std::uint64_t forgotten() const { return forgotten_; }

 private:
  std::size_t capacity_;
  std::uint64_t forgotten_ = 0;
  std::deque<ack::v1::Event> events_;
};

}  // namespace cmb::reference
