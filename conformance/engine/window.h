// Everything observed of the IUT so far, which part of it observations may look
// into now, and what of it is consumed. Filled by the timeline, read by the
// observer. One thread. Scenario language, section 4 ("Window").
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conformance/engine/item.h"

namespace cmb::conformance::engine {

class Window {
 public:
  void Add(Item item) { items_.push_back(std::move(item)); }

  // An act or a clock move begins. After an observation (and after `given`) it
  // opens a new window; else it widens the one there is.
  void BeginAct();
  // An observation looks into the window: the next act opens a new one.
  void BeginObservation() { observed_ = true; }
  // `given` is reached: what it brought is in no window.
  void Close();

  // `in:` has reached `now_ms`: the window is that instant.
  void NarrowToInstant(std::uint64_t now_ms);
  // `for:` ran since there were `first` items: the window is that stretch.
  void NarrowToStretch(std::size_t first) { begin_ = first; }

  std::size_t begin() const { return begin_; }
  std::size_t end() const { return items_.size(); }
  const Item& operator[](std::size_t index) const { return items_[index]; }
  const std::vector<Item>& items() const { return items_; }

  void Consume(std::size_t index);
  // How much was consumed, to be undone by Rollback: a branch that did not hold
  // consumes nothing.
  std::size_t Mark() const { return consumed_.size(); }
  void Rollback(std::size_t mark);

 private:
  std::vector<Item> items_;
  std::vector<std::size_t> consumed_;  // In order of consumption.
  std::size_t begin_ = 0;
  bool observed_ = true;
};

}  // namespace cmb::conformance::engine
