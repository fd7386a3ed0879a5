// Work that was accepted and waits for the application to take it, and what was
// taken: whether it is still wanted.
//
// The endpoint's thread offers, drops and cancels; any thread waits and asks.
// Spec: chapters "Target" and "Cancellation".
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>

#include "reference/endpoint/work_handler.h"

namespace cmb::reference {

class WorkQueue : public WorkHandler {
 public:
  void Offer(Work work) override;
  void Drop(const lifecycle::MessageKey& key) override;
  void Cancel(const lifecycle::MessageKey& key) override;
  void LifeEnded(const lifecycle::MessageKey&) override {}  // It is wanted until it ends.
  void Resume(Work work) override;

  // The oldest, if there is one. It is with the application until Forget.
  std::optional<Work> Pop();

  // True: something waits. False: nothing until `deadline`, or closed.
  bool WaitUntil(std::chrono::steady_clock::time_point deadline);

  // Taken work that was cancelled, or whose life ended before its start.
  bool IsUnwanted(const lifecycle::MessageKey& key) const;
  // The application is done with what it took.
  void Forget(const lifecycle::MessageKey& key);

  // Nobody waits any more.
  void Close();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> works_;
  std::set<lifecycle::MessageKey> taken_;
  std::set<lifecycle::MessageKey> unwanted_;  // Of those that run or are taken.
  bool closed_ = false;
};

}  // namespace cmb::reference
