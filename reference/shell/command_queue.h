// Calls that other threads want made by the thread that owns the sockets.
//
// Post and Call from any thread; RunAll from the owner's. Spec: none, this is
// how one owner is kept.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "reference/shell/fd_signal.h"

namespace cmb::reference {

class CommandQueue {
 public:
  // A descriptor that is readable while commands wait.
  int fd() const { return wake_up_.fd(); }

  // Returns what `function` returns when the owner has called it; its
  // exceptions come here. Throws std::runtime_error after Close. Not for the
  // owner, who would wait for itself.
  template <class Function>
  auto Call(Function function) -> std::invoke_result_t<Function> {
    std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
    auto result = task.get_future();
    Post([&task] { task(); });
    return result.get();
  }

  // The owner calls whatever waits.
  void RunAll() {
    wake_up_.Clear();
    std::deque<std::function<void()>> commands;
    {
      const std::lock_guard lock(mutex_);
      commands.swap(commands_);
    }
    for (const auto& command : commands) {
      command();
    }
  }

  // No command is taken from now on; those that wait are run by the caller,
  // so that nobody waits for ever.
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    RunAll();
  }

  void Wake() { wake_up_.Ring(); }

 private:
  void Post(std::function<void()> command) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) {
        throw std::runtime_error("the endpoint has stopped");
      }
      commands_.push_back(std::move(command));
    }
    wake_up_.Ring();
  }

  WakeUp wake_up_;
  std::mutex mutex_;
  bool closed_ = false;
  std::deque<std::function<void()>> commands_;
};

}  // namespace cmb::reference
