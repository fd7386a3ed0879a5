#include "conformance/control/wait.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "conformance/control/child_process.h"

namespace cmb::conformance {
namespace {

using namespace std::chrono_literals;

// Both ends of so many pipes.
struct Pipes {
  zmq::context_t context;
  std::deque<zmq::socket_t> near, far;
  std::vector<void*> handles;

  explicit Pipes(int number) {
    for (int i = 0; i < number; ++i) {
      const std::string address = "inproc://" + std::to_string(i);
      near.emplace_back(context, zmq::socket_type::pair).bind(address);
      far.emplace_back(context, zmq::socket_type::pair).connect(address);
      handles.push_back(near.back().handle());
    }
  }
};

TEST(Wait, HearsTheLastOfManySockets) {
  Pipes pipes(200);
  const auto child = ChildProcess::SomebodyElses();
  EXPECT_EQ(WaitReadable(pipes.handles, *child, Deadline::In(0ms)), Wake::kDeadline);
  pipes.far.back().send(zmq::str_buffer("here"), zmq::send_flags::none);
  EXPECT_EQ(WaitReadable(pipes.handles, *child, Deadline::In(10s)), Wake::kReadable);
}

}  // namespace
}  // namespace cmb::conformance
