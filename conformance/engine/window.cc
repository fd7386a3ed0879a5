#include "conformance/engine/window.h"

namespace cmb::conformance::engine {

void Window::BeginAct() {
  if (observed_) {
    begin_ = items_.size();
    observed_ = false;
  }
}

void Window::Close() {
  begin_ = items_.size();
  observed_ = true;
}

void Window::NarrowToInstant(std::uint64_t now_ms) {
  while (begin_ < items_.size() && items_[begin_].at_ms < now_ms) {
    ++begin_;
  }
}

void Window::Consume(std::size_t index) {
  items_[index].consumed = true;
  consumed_.push_back(index);
}

void Window::Rollback(std::size_t mark) {
  while (consumed_.size() > mark) {
    items_[consumed_.back()].consumed = false;
    consumed_.pop_back();
  }
}

}  // namespace cmb::conformance::engine
