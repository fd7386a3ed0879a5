// cmb-replay: replays event logs and prints where every record stands, or with
// --metrics what Prometheus would have read at the last event. Spec: chapter
// "Observability", replay.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <string>
#include <vector>

#include "proto/wire/words.h"
#include "reference/cli/command_line.h"
#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/extras/replay/replay.h"

namespace cmb::reference {
namespace {

enum ExitCode { kReplays = 0, kDoesNotFit = 1, kUnreadable = 2 };

void PrintRecords(const Replay& replay) {
  using wire::Word;
  for (const auto& record : replay.Records(replay.last_ms())) {
    fmt::print("{} {}/{} {} ({}) attempt {}{}{}\n", Word(record.role()), record.source(),
               record.message_id(), Word(record.state()), Word(record.reason()), record.attempt(),
               record.certainty() == 0 ? "" : " " + Word(record.certainty()),
               record.alert() == 0 ? "" : " alert " + Word(record.alert()));
  }
}

ExitCode ReplayFiles(const std::vector<std::string>& files, bool asks_metrics) {
  MetricsEventSink metrics;
  const auto replayed = ReplayLog(files, &metrics);
  if (const auto* fault = std::get_if<ReplayFault>(&replayed)) {
    fmt::print(stderr, "{}:{}: {}\n", fault->file, fault->line, fault->sentence);
    return kDoesNotFit;
  }
  const auto& replay = std::get<Replay>(replayed);
  if (asks_metrics) {
    metrics.UseClock([&] { return replay.last_ms(); });
    fmt::print("{}", metrics.Text());
  } else {
    PrintRecords(replay);
  }
  return kReplays;
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Replays logs of events (JSON lines) and prints where every record stands.\n"
      "Exit codes: 0 it replays, 1 an event does not fit, 2 a file cannot be read, 64 wrong use.");
  std::vector<std::string> files;
  bool asks_metrics = false;
  app.add_option("FILE", files, "Logs of one process, the oldest first")->required();
  app.add_flag(
      "--metrics", asks_metrics,
      "Print what Prometheus would have read at the last event; ACKs sent stand in no log");
  if (const auto code = ParseCommandLine(app, argc, argv)) {
    return *code;
  }
  try {
    return ReplayFiles(files, asks_metrics);
  } catch (const std::exception& error) {
    fmt::print(stderr, "cmb-replay: {}\n", error.what());
    return kUnreadable;
  }
}

}  // namespace
}  // namespace cmb::reference

int main(int argc, char** argv) { return cmb::reference::Main(argc, argv); }
