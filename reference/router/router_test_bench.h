// A router's shell between a list of what it sent and a clock that stands still,
// for its tests.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reference/router/router_shell.h"
#include "reference/shell/fake_transport.h"
#include "reference/shell/jitter.h"
#include "reference/shell/shell_test_frames.h"
#include "reference/store/full_tx_store.h"

namespace cmb::reference {

inline constexpr std::size_t kMain = 0;
inline constexpr std::size_t kIngress = 1;
inline constexpr std::size_t kEgress = 2;

struct Bench {
  explicit Bench(RouterSettings settings = {})
      : shell(std::move(settings), SocketMap({"main"}), sockets, journal, store,
              ListedJitter({1.0})) {}

  void Arrives(std::size_t socket, const ack::v1::CognitiveMessage& header,
               const std::string& payload = "payload") {
    shell.Handle(Arriving(socket, header.source(), wire::Encode(header, payload)));
    shell.Commit();
  }

  FakeTransport sockets;
  ManualClock clock;
  MemoryEventSink events;
  FullTxStore store;
  Journal journal{clock, {&events}};
  RouterShell shell;
};

using Words = std::vector<std::string>;

inline ack::v1::CognitiveMessage Receipt(const std::string& id = "m1") {
  return AckHeaderOf("target", "sender", ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS, id);
}

}  // namespace cmb::reference
