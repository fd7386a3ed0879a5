// Calls that other threads want made by the thread that owns the sockets.
//
// Post and Call from any thread; RunAll from the owner's. Spec: none, this is
// how one owner is kept.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "reference/shell/fd_signal.h"

namespace cmb::reference {

// Of whatever is asked of an owner that is there no longer.
inline constexpr char kStopped[] = "the endpoint has stopped";

class CommandQueue {
 public:
  // A descriptor that is readable while commands wait.
  int fd() const { return wake_up_.fd(); }

  // Returns what `function` returns when the owner has called it and its
  // RunAll lets callers have their answers; its exceptions come here. Throws
  // std::runtime_error after Close. Not for the owner, who would wait for
  // itself.
  template <class Function>
  auto Call(Function function) -> std::invoke_result_t<Function> {
    using Result = std::invoke_result_t<Function>;
    // Shared: the owner may still be in it when the caller has its answer.
    struct State {
      explicit State(Function body) : task(std::move(body)) {}
      std::packaged_task<Result()> task;
      std::promise<void> may_answer;
    };
    const auto state = std::make_shared<State>(std::move(function));
    auto result = state->task.get_future();
    auto may_answer = state->may_answer.get_future();
    Post({[state] { state->task(); },
          [state](const std::exception_ptr& failure) {
            failure ? state->may_answer.set_exception(failure) : state->may_answer.set_value();
          }});
    may_answer.get();
    return result.get();
  }

  // The owner calls whatever waits, then `before_answers` (which makes what was
  // done last), and only then lets the callers have their answers. What
  // `before_answers` throws comes to all of them, and to the owner.
  void RunAll(const std::function<void()>& before_answers) {
    wake_up_.Clear();
    std::deque<Command> commands;
    {
      const std::lock_guard lock(mutex_);
      commands.swap(commands_);
    }
    for (const auto& command : commands) {
      command.run();
    }
    std::exception_ptr failure;
    try {
      before_answers();
    } catch (...) {
      failure = std::current_exception();
    }
    for (const auto& command : commands) {
      command.answer(failure);
    }
    if (failure) {
      std::rethrow_exception(failure);
    }
  }

  // No command is taken from now on; those that wait are run by the caller,
  // so that nobody waits for ever.
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    RunAll([] {});
  }

  void Wake() { wake_up_.Ring(); }

 private:
  struct Command {
    std::function<void()> run;  // Throws nothing: a task keeps its exception.
    std::function<void(const std::exception_ptr&)> answer;
  };

  void Post(Command command) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) {
        throw std::runtime_error(kStopped);
      }
      commands_.push_back(std::move(command));
    }
    wake_up_.Ring();
  }

  WakeUp wake_up_;
  std::mutex mutex_;
  bool closed_ = false;
  std::deque<Command> commands_;
};

}  // namespace cmb::reference
