#include "conformance/lower_tester/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "conformance/control/control_client.h"
#include "conformance/control/wait.h"

namespace cmb::conformance {
namespace {

// Takes what is there of what is owed. Absent: every message came from whom it should.
std::optional<std::string> ReadOwed(WireSockets& sockets, Ledger& ledger,
                                    std::vector<WireMessage>& received) {
  WireMessage message;
  for (SocketNumber socket = 0; socket < sockets.layout().size(); ++socket) {
    while (ledger.Owes(socket) && sockets.Receive(socket, message)) {
      if (!sockets.Knows(message.peer)) {
        return fmt::format("a message on {} came over a connection with routing id '{}'",
                           sockets.layout().Name(socket), message.peer);
      }
      ledger.CountReceived(socket);
      received.push_back(std::move(message));
    }
  }
  return std::nullopt;
}

// Only sockets that owe: a message that nobody counted must not keep the wait from waiting.
std::vector<void*> OwingHandles(const WireSockets& sockets, const Ledger& ledger) {
  std::vector<void*> owing;
  for (SocketNumber socket = 0; socket < sockets.layout().size(); ++socket) {
    if (ledger.Owes(socket)) {
      const auto handles = sockets.Handles(socket);
      owing.insert(owing.end(), handles.begin(), handles.end());
    }
  }
  return owing;
}

}  // namespace

Result<std::vector<WireMessage>> Collect(WireSockets& sockets, Ledger& ledger, ChildProcess& child,
                                         std::chrono::milliseconds guard,
                                         const std::string& during) {
  std::vector<WireMessage> received;
  const Deadline deadline = Deadline::OfGuard(guard);
  while (true) {
    if (auto fault = ReadOwed(sockets, ledger, received)) {
      return MakeTrouble(TroubleKind::kHarnessError, Fault{*std::move(fault), "CMB-WIRE-003"},
                         child);
    }
    const std::vector<void*> owing = OwingHandles(sockets, ledger);
    if (owing.empty()) {
      break;
    }
    switch (WaitReadable(owing, child, deadline)) {
      case Wake::kReadable:
        break;
      case Wake::kChildEnded:
        return MakeTrouble(TroubleKind::kIutCrashed,
                           fmt::format("the IUT {} after {}", child.Kill().Sentence(), during),
                           child);
      case Wake::kDeadline:
        return MakeTrouble(
            TroubleKind::kHarnessError,
            Fault{fmt::format("{} within {} ms after {}", ledger.Debts(), guard.count(), during),
                  "CMB-CTL-018"},
            child);
    }
  }
  std::stable_sort(received.begin(), received.end(), [](const auto& a, const auto& b) {
    return std::tie(a.socket, a.peer) < std::tie(b.socket, b.peer);
  });
  return received;
}

bool AnythingWaits(const WireSockets& sockets, ChildProcess& child,
                   std::chrono::milliseconds guard) {
  std::vector<void*> handles;
  for (SocketNumber socket = 0; socket < sockets.layout().size(); ++socket) {
    const auto more = sockets.Handles(socket);
    handles.insert(handles.end(), more.begin(), more.end());
  }
  return WaitReadable(handles, child, Deadline::In(guard)) == Wake::kReadable;
}

}  // namespace cmb::conformance
