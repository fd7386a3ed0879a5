// Modules and a router on the real clock, in one process, over loopback, for the
// tests of ModuleEndpoint.
//
// Header only, since a module's library must not hold test code. Every wait has
// a deadline. Threads: the test's, and what it starts.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reference/endpoint/module_endpoint.h"
#include "reference/program/router_program.h"
#include "reference/sinks/event_line.h"

namespace cmb::reference {

inline constexpr std::chrono::seconds kPatience{20};

class RunningRouter {
 public:
  explicit RunningRouter(RouterOptions options = AnyPorts()) : program_(std::move(options)) {
    thread_ = std::thread([this] { program_.Run(); });
  }
  ~RunningRouter() {
    program_.Stop();
    thread_.join();
  }
  static RouterOptions AnyPorts() {
    RouterOptions options;
    options.channels = {{"main", "tcp://127.0.0.1:*"}};
    options.ack_ingress = "tcp://127.0.0.1:*";
    options.ack_egress = "tcp://127.0.0.1:*";
    return options;
  }
  const RouterProgram& program() const { return program_; }

 private:
  RouterProgram program_;
  std::thread thread_;
};

// A module whose event lines can be waited for.
class Module {
 public:
  Module(const std::string& id, const RouterProgram& router)
      : Module(id, {.channels = router.channels(),
                    .ack_ingress = router.ack_ingress(),
                    .ack_egress = router.ack_egress()}) {}
  Module(const std::string& id, EndpointOptions options) {
    options.module_id = id;
    options.on_event = [this](const auto& event) { Add(EventLine(event)); };
    endpoint_.emplace(std::move(options));
  }

  ModuleEndpoint* operator->() { return &*endpoint_; }

  // Waits until an event line ends so and returns every line up to it.
  std::vector<std::string> LinesUntil(const std::string& end) {
    std::unique_lock lock(mutex_);
    const bool seen = changed_.wait_for(lock, kPatience, [&] {
      return !lines_.empty() && std::any_of(lines_.begin(), lines_.end(),
                                            [&](const auto& line) { return line.ends_with(end); });
    });
    EXPECT_TRUE(seen) << "never seen: " << end;
    return lines_;
  }

 private:
  void Add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::optional<ModuleEndpoint> endpoint_;  // Last: its thread calls Add.
};

}  // namespace cmb::reference
