// endurance-target: a module that may be killed at any instant. Writes the id of
// each message to a file before it does anything for it, and then takes up to
// ten milliseconds. Ends on SIGTERM. Part of the endurance run.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <thread>

#include "reference/endpoint/module_endpoint.h"
#include "reference/shell/fd_signal.h"
#include "reference/store/sqlite_tx_store.h"

namespace cmb::reference {
namespace {

constexpr int kWorkers = 4;
constexpr int kLongestWorkMs = 10;

struct Options {
  std::string main, ack_ingress, ack_egress, store, executions;
};

// One write of a short line to a file opened with O_APPEND is whole or not at
// all, whenever the process is killed.
void Note(int executions, const std::string& id) {
  const std::string line = id + "\n";
  if (write(executions, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    std::perror("endurance-target: the file of executions");
    _exit(2);
  }
}

void Work(ModuleEndpoint& endpoint, int executions, const std::atomic<bool>& stopping) {
  while (!stopping) {
    const auto work = endpoint.Recv(std::chrono::milliseconds(100));
    if (!work) {
      continue;
    }
    Note(executions, work->message_id);
    // The work itself: time, in which the process may be killed.
    const auto how_long = std::hash<std::string>()(work->message_id) % (kLongestWorkMs + 1);
    poll(nullptr, 0, static_cast<int>(how_long));
    endpoint.Succeed(*work);
  }
}

void Run(const Options& options) {
  const int executions = open(options.executions.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (executions < 0) {
    throw std::runtime_error("cannot write " + options.executions);
  }
  StopSignals signals;  // Before any thread, which inherits its mask.
  SqliteTxStore store(options.store, Durability::kProcess);
  ModuleEndpoint endpoint({.module_id = "target",
                           .channels = {{"main", options.main}},
                           .ack_ingress = options.ack_ingress,
                           .ack_egress = options.ack_egress,
                           .store = &store});
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
  CLI::App app{"The target of an endurance run."};
  cmb::reference::Options options;
  app.add_option("--main", options.main, "Address of the channel main")->required();
  app.add_option("--ack-ingress", options.ack_ingress, "Address")->required();
  app.add_option("--ack-egress", options.ack_egress, "Address")->required();
  app.add_option("--store", options.store, "File of the store")->required();
  app.add_option("--executions", options.executions, "File of executions")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    cmb::reference::Run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "endurance-target: %s\n", error.what());
    return 2;
  }
  return 0;
}
