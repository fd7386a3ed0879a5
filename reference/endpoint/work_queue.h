// Work that was accepted and waits for the application to take it.
//
// The endpoint's thread offers and drops; any thread waits. Spec: chapter
// "Target".
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "reference/endpoint/work_handler.h"

namespace cmb::reference {

class WorkQueue : public WorkHandler {
 public:
  void Offer(Work work) override;
  void Drop(const lifecycle::MessageKey& key) override;

  // The oldest, if there is one.
  std::optional<Work> Pop();

  // True: something waits. False: nothing until `deadline`, or closed.
  bool WaitUntil(std::chrono::steady_clock::time_point deadline);

  // Nobody waits any more.
  void Close();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> works_;
  bool closed_ = false;
};

}  // namespace cmb::reference
