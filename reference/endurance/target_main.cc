// endurance-target: a module that may be killed at any instant. Notes the id of
// each message before it does anything for it, and then takes up to ten
// milliseconds; notes what a restart of it makes INTERRUPTED. Ends on SIGTERM. Part of the
// endurance run.
#include <poll.h>

#include <atomic>
#include <thread>

#include "reference/endpoint/module_endpoint.h"
#include "reference/endurance/ledger.h"
#include "reference/endurance/module_program.h"
#include "reference/endurance/note_file.h"
#include "reference/shell/fd_signal.h"
#include "reference/extras/store/sqlite_tx_store.h"

namespace cmb::reference {
namespace {

constexpr int kWorkers = 4;
constexpr int kLongestWorkMs = 10;

void Work(ModuleEndpoint& endpoint, NoteFile& notes, const std::atomic<bool>& stopping) {
  while (!stopping) {
    const auto work = endpoint.Recv(std::chrono::milliseconds(100));
    if (!work) {
      continue;
    }
    notes.Add(StartedLine(work->message_id));
    // The work itself: time, in which the process may be killed.
    const auto how_long = std::hash<std::string>()(work->message_id) % (kLongestWorkMs + 1);
    poll(nullptr, 0, static_cast<int>(how_long));
    endpoint.Succeed(*work);
  }
}

bool IsInterruption(const ack::v1::Event& event) {
  return event.has_transition() && event.transition().role() == ack::v1::ROLE_TARGET &&
         event.transition().reason() == ack::v1::REASON_INTERRUPTED;
}

void Run(const ModuleOptions& options) {
  NoteFile notes(options.notes);
  StopSignals signals;  // Before any thread, which inherits its mask.
  SqliteTxStore store(options.store, Durability::kProcess);
  auto endpoint_options = EndpointOf("target", options, store);
  endpoint_options.on_event = [&](const ack::v1::Event& event) {
    if (IsInterruption(event)) {
      notes.Add(InterruptedLine(event.transition().message_id()));
    }
  };
  ModuleEndpoint endpoint(std::move(endpoint_options));
  std::atomic<bool> stopping = false;
  std::vector<std::jthread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&] { Work(endpoint, notes, stopping); });
  }
  pollfd stop{signals.fd(), POLLIN, 0};
  poll(&stop, 1, -1);
  stopping = true;
}

}  // namespace
}  // namespace cmb::reference

int main(int argc, char** argv) {
  return cmb::reference::ModuleMain(argc, argv, "The target of an endurance run.",
                                    cmb::reference::Run);
}
