// endurance: kills a router, a sender and a target, again and again, while messages
// pass, and says whether anything was lost or done twice.
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "reference/cli/command_line.h"
#include "reference/endurance/kill_run.h"

namespace {

using cmb::reference::KillReport;
using cmb::reference::KillRun;
using cmb::reference::KillRunOptions;

constexpr int kFaults = 1;
constexpr int kCannotRun = 2;
constexpr std::size_t kFaultsShown = 20;

void Print(const KillReport& report, const KillRunOptions& options) {
  const auto& totals = report.totals;
  fmt::print(
      "{} kills of the router, {} of the sender, {} of the target, seed {}, {} in flight, {:.1f} "
      "s\n",
      report.router_kills, report.sender_kills, report.target_kills, options.seed,
      options.in_flight, static_cast<double>(report.took.count()) / 1000);
  fmt::print(
      "{} messages sent, {} of them told to their sender, {} accepted, {} of them left to the "
      "router alone: {} succeeded, {} failed ({} "
      "of them INTERRUPTED), {} "
      "aborted, {} without an outcome\n",
      totals.sent, totals.returned, totals.accepted, totals.entrusted, totals.succeeded,
      totals.failed, totals.interrupted, totals.aborted, totals.open);
  fmt::print("{} started, {} faults\n", report.started, report.faults.size());
  for (std::size_t i = 0; i < report.faults.size() && i < kFaultsShown; ++i) {
    fmt::print("  {}\n", report.faults[i]);
  }
}

void CheckPrograms(const KillRunOptions& options) {
  for (const auto& program :
       {options.router_program, options.sender_program, options.target_program}) {
    if (access(program.c_str(), X_OK) != 0) {
      throw std::runtime_error(fmt::format("{}: {}; build the target endurance, which makes it",
                                           program, std::strerror(errno)));
    }
  }
}

// For stores and logs.
std::string NewDirectory() {
  std::error_code cause;
  std::string directory = std::filesystem::temp_directory_path(cause) / "cmb-endurance-XXXXXX";
  if (!cause && mkdtemp(directory.data()) == nullptr) {
    cause = std::error_code(errno, std::generic_category());
  }
  if (cause) {
    throw std::runtime_error(fmt::format(
        "no directory for stores and logs: {}; set TMPDIR to one where this user may write",
        cause.message()));
  }
  return directory;
}

int Run(KillRunOptions options) {
  CheckPrograms(options);
  const std::string directory = NewDirectory();
  options.directory = directory;
  const auto report = KillRun(options).Run();
  Print(report, options);
  if (!report.faults.empty() && !options.forgetful_router) {
    fmt::print("stores and logs are kept in {}\n", directory);
  } else {
    std::filesystem::remove_all(directory);
  }
  return report.faults.empty() ? 0 : kFaults;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Kills a router, a sender and a target at random instants while messages pass. Exit codes: 0 "
      "nothing lost or done twice, 1 something was, 2 cannot run, 64 wrong use."};
  KillRunOptions options;
  const auto beside = std::filesystem::canonical("/proc/self/exe").parent_path();
  options.router_program = beside / "cmb-router";
  options.sender_program = beside / "endurance-sender";
  options.target_program = beside / "endurance-target";
  int settle = static_cast<int>(options.settle.count());
  int shortest = static_cast<int>(options.shortest_life.count());
  int longest = static_cast<int>(options.longest_life.count());
  app.add_option("--kills", options.kills, "Kills in all")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of the instants and the victims")->capture_default_str();
  app.add_option("--in-flight", options.in_flight, "Messages without an outcome at a time")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--shortest-ms", shortest, "Shortest time between two kills")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  app.add_option("--longest-ms", longest, "Longest time between two kills")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  app.add_option("--settle-ms", settle,
                 "Longest wait after the last kill, for outcomes and again for work")
      ->check(CLI::Range(0, 600'000))
      ->capture_default_str();
  app.add_flag("--forgetful-router", options.forgetful_router,
               "The router has no store: the run must find what it loses");
  if (const auto code = cmb::reference::ParseCommandLine(app, argc, argv)) {
    return *code;
  }
  if (shortest > longest) {
    fmt::print(stderr, "endurance: --shortest-ms {} is above --longest-ms {}; see --help\n",
               shortest, longest);
    return cmb::reference::kWrongUse;
  }
  options.shortest_life = std::chrono::milliseconds(shortest);
  options.longest_life = std::chrono::milliseconds(longest);
  options.settle = std::chrono::milliseconds(settle);
  try {
    return Run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "endurance: {}\n", error.what());
    return kCannotRun;
  }
}
