#include "conformance/control/wait.h"

#include <zmq.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "conformance/control/child_process.h"

namespace cmb::conformance {
namespace {

constexpr std::size_t kDescriptors = 4;  // End, stderr and stdout of the child; the interrupt.

std::atomic<int> interrupt_descriptor{-1};

struct PollSet {
  std::vector<zmq_pollitem_t> items;
  std::size_t sockets = 0;

  // A descriptor of -1 is skipped by poll(2).
  void Fill(std::span<void* const> handles, const ChildProcess& child) {
    sockets = handles.size();
    items.resize(sockets + kDescriptors);
    for (std::size_t i = 0; i < sockets; ++i) {
      items[i] = {.socket = handles[i], .fd = -1, .events = ZMQ_POLLIN, .revents = 0};
    }
    const std::array<int, kDescriptors> fds{child.end_fd(), child.stderr_fd(), child.stdout_fd(),
                                            interrupt_descriptor.load()};
    for (std::size_t i = 0; i < fds.size(); ++i) {
      items[sockets + i] = {.socket = nullptr, .fd = fds[i], .events = ZMQ_POLLIN, .revents = 0};
    }
  }

  bool AnySocket() const {
    return std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(sockets),
                       [](const zmq_pollitem_t& item) { return item.revents != 0; });
  }
  bool Ended() const { return items[sockets].revents != 0; }
  bool Output() const { return items[sockets + 1].revents != 0 || items[sockets + 2].revents != 0; }
  bool Interrupted() const { return items[sockets + 3].revents != 0; }
};

int Poll(PollSet& set, std::chrono::milliseconds wait) {
  const auto begun = std::chrono::steady_clock::now();
  const int ready =
      zmq_poll(set.items.data(), static_cast<int>(set.sockets + kDescriptors), wait.count());
  NoteWait(wait, std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::steady_clock::now() - begun));
  return ready;
}

}  // namespace

void SetInterruptDescriptor(int descriptor) { interrupt_descriptor = descriptor; }

void WaitForLastWords(std::span<void* const> sockets) {
  std::vector<zmq_pollitem_t> items;
  for (void* const socket : sockets) {
    items.push_back({.socket = socket, .fd = -1, .events = ZMQ_POLLIN, .revents = 0});
  }
  if (!items.empty()) {
    zmq_poll(items.data(), static_cast<int>(items.size()), kLastWords.count());
  }
}

Wake WaitReadable(std::span<void* const> sockets, ChildProcess& child, Deadline deadline) {
  PollSet set;
  while (true) {
    set.Fill(sockets, child);
    const bool last = deadline.Passed();
    const int ready = Poll(set, std::min(deadline.Left(), kLongestPoll));
    if (ready < 0 && zmq_errno() != EINTR) {
      return Wake::kDeadline;  // The context is being terminated: nothing will come any more.
    }
    if (ready > 0 && set.Interrupted()) {
      return Wake::kDeadline;
    }
    if (ready > 0 && set.AnySocket()) {
      return Wake::kReadable;
    }
    if (ready > 0 && set.Output()) {
      child.DrainOutput();
    }
    if (child.HasLine()) {
      return Wake::kReadable;
    }
    if (ready > 0 && set.Ended()) {
      return Wake::kChildEnded;
    }
    // Asked last, so that what is ready at the deadline still counts.
    if ((ready <= 0 && last) || (ready > 0 && deadline.Passed())) {
      return Wake::kDeadline;
    }
  }
}

}  // namespace cmb::conformance
