// endurance-target: a module that may be killed at any instant. Notes the id of
// each message before it does anything for it, and then takes up to ten
// milliseconds. Ends on SIGTERM. Part of the endurance run.
#include <poll.h>

#include <atomic>
#include <thread>

#include "reference/endpoint/module_endpoint.h"
#include "reference/endurance/module_program.h"
#include "reference/endurance/note_file.h"
#include "reference/shell/fd_signal.h"
#include "reference/store/sqlite_tx_store.h"

namespace cmb::reference {
namespace {

constexpr int kWorkers = 4;
constexpr int kLongestWorkMs = 10;

void Work(ModuleEndpoint& endpoint, NoteFile& executions, const std::atomic<bool>& stopping) {
  while (!stopping) {
    const auto work = endpoint.Recv(std::chrono::milliseconds(100));
    if (!work) {
      continue;
    }
    executions.Add(work->message_id);
    // The work itself: time, in which the process may be killed.
    const auto how_long = std::hash<std::string>()(work->message_id) % (kLongestWorkMs + 1);
    poll(nullptr, 0, static_cast<int>(how_long));
    endpoint.Succeed(*work);
  }
}

void Run(const ModuleOptions& options) {
  NoteFile executions(options.notes);
  StopSignals signals;  // Before any thread, which inherits its mask.
  SqliteTxStore store(options.store, Durability::kProcess);
  ModuleEndpoint endpoint(EndpointOf("target", options, store));
  std::atomic<bool> stopping = false;
  std::vector<std::jthread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&] { Work(endpoint, executions, stopping); });
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
