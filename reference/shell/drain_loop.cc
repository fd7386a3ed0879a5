#include "reference/shell/drain_loop.h"

#include <algorithm>

namespace cmb::reference {
namespace {

using lifecycle::TimerClass;

// Until the first deadline of either class, at most `at_most`.
std::int64_t WaitMs(const RoleShell& shell, const Clock& clock, std::chrono::milliseconds at_most) {
  const auto now = static_cast<std::int64_t>(clock.NowMs());
  std::int64_t wait = at_most.count();
  for (const auto timer_class : {TimerClass::kProtocol, TimerClass::kHousekeeping}) {
    if (const auto timer = shell.NextTimer(timer_class)) {
      wait = std::min(wait, std::max<std::int64_t>(0, lifecycle::MsOf(timer->deadline) - now));
    }
  }
  return wait;
}

// False: nothing was there.
bool ReceiveOne(std::size_t socket, ZmqTransport& transport, RoleShell& shell, const Clock& clock,
                StallWatch& stalls) {
  const auto now = lifecycle::AtMs(static_cast<std::int64_t>(clock.NowMs()));
  const auto stall = stalls.Read(socket, now);
  auto message = transport.Receive(socket);
  if (!message) {
    stalls.FoundEmpty(socket);
    return false;
  }
  message->stall = stall;
  shell.Handle(*std::move(message));
  return true;
}

// In turns over the sockets, so that a busy one cannot starve the others.
void Receive(ZmqTransport& transport, RoleShell& shell, const Clock& clock, StallWatch& stalls) {
  int left = kReceivesPerTurn;
  for (bool any = true; any && left > 0;) {
    any = false;
    for (std::size_t socket = 0; socket < transport.sockets().size() && left > 0; ++socket) {
      if (ReceiveOne(socket, transport, shell, clock, stalls)) {
        any = true;
        --left;
      }
    }
  }
}

}  // namespace

void DrainOnce(ZmqTransport& transport, RoleShell& shell, const Clock& clock, StallWatch& stalls,
               const std::vector<int>& fds, std::chrono::milliseconds at_most) {
  auto items = transport.PollItems();
  for (const int fd : fds) {
    items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
  }
  Poll(items, WaitMs(shell, clock, at_most));
  Receive(transport, shell, clock, stalls);
  // Housekeeping forgets records; at one instant it comes after the protocol.
  while (shell.FireNext(TimerClass::kProtocol) || shell.FireNext(TimerClass::kHousekeeping)) {
  }
  shell.Commit();
}

}  // namespace cmb::reference
