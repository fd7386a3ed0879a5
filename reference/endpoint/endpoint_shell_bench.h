// A module's shell between a transport that keeps what it is given and a handler
// that is the test, for the tests of EndpointShell.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "reference/endpoint/endpoint_shell.h"
#include "reference/endpoint/work_queue.h"
#include "reference/shell/ack_batch.h"
#include "reference/shell/fake_transport.h"
#include "reference/shell/jitter.h"
#include "reference/shell/shell_test_frames.h"
#include "reference/store/full_tx_store.h"

namespace cmb::reference {

// The module "target" in both roles; its ids are m1, m2, …
inline EndpointSettings BenchSettings() {
  EndpointSettings settings;
  settings.module_id = "target";
  settings.id_prefix = "m";
  return settings;
}

struct EndpointBench {
  explicit EndpointBench(SocketMap map = SocketMap({"main"}),
                         EndpointSettings settings = BenchSettings())
      : shell(std::move(settings), std::move(map), {sockets, journal, store, works},
              ListedJitter({1.0})) {}

  void Arrives(std::size_t socket, const ack::v1::CognitiveMessage& header) {
    const bool is_ack = header.msg_type() == ack::v1::MSG_TYPE_ACK;
    shell.Handle(Arriving(socket, {}, wire::Encode(header, is_ack ? "" : "payload")));
    shell.Commit();
  }

  // The id, or "" for a refusal.
  std::string Sends(std::string_view channel, const OutgoingMessage& message = {}) {
    const auto result = shell.Send(channel, "other", message, {});
    shell.Commit();
    const auto* id = std::get_if<lifecycle::MessageId>(&result);
    return id == nullptr ? std::string() : id->str();
  }

  void FiresWhatIsDue() {
    while (shell.FireNext(lifecycle::TimerClass::kProtocol)) {
    }
    shell.Commit();
  }

  FakeTransport sockets;
  ManualClock clock;
  MemoryEventSink events;
  FullTxStore store;
  Journal journal{clock, {&events}};
  WorkQueue works;
  EndpointShell shell;
};

// A router's PONG, which says whether it takes batches of ACKs.
inline ack::v1::CognitiveMessage RouterPong(bool takes_batches) {
  ack::v1::CognitiveMessage pong;
  pong.set_schema_version(1);
  pong.set_msg_type(ack::v1::MSG_TYPE_PONG);
  pong.set_correlation_id("n1");
  pong.set_source("@router");
  pong.add_targets("target");
  SayBatches(takes_batches, pong);
  return pong;
}

}  // namespace cmb::reference
