// cmb-replay [--metrics] FILE…: replays event logs, the oldest file first, and
// prints where every record stands, or with --metrics what Prometheus would have
// read at the last event; ACKs sent stand in no log. Exit codes: 0 it replays, 1 an event does not
// fit, 2 a file cannot be read, 64 wrong use.
#include <fmt/format.h>

#include <exception>
#include <string>
#include <vector>

#include "proto/wire/words.h"
#include "reference/sinks/metrics_event_sink.h"
#include "reference/sinks/replay.h"

int main(int argc, char** argv) {
  std::vector<std::string> files(argv + 1, argv + argc);
  const bool asks_metrics = !files.empty() && files.front() == "--metrics";
  if (asks_metrics) {
    files.erase(files.begin());
  }
  if (files.empty() || files.front().starts_with("-")) {
    fmt::print(stderr, "usage: cmb-replay [--metrics] FILE…   (the oldest file first)\n");
    return 64;
  }
  try {
    cmb::reference::MetricsEventSink metrics;
    const auto replayed = cmb::reference::ReplayLog(files, &metrics);
    if (const auto* fault = std::get_if<cmb::reference::ReplayFault>(&replayed)) {
      fmt::print(stderr, "{}:{}: {}\n", fault->file, fault->line, fault->sentence);
      return 1;
    }
    const auto& replay = std::get<cmb::reference::Replay>(replayed);
    if (asks_metrics) {
      fmt::print("{}", metrics.Text(replay.last_ms()));
      return 0;
    }
    using cmb::wire::Word;
    for (const auto& record : replay.Records(replay.last_ms())) {
      fmt::print("{} {}/{} {} ({}) attempt {}{}{}\n", Word(record.role()), record.source(),
                 record.message_id(), Word(record.state()), Word(record.reason()), record.attempt(),
                 record.certainty() == 0 ? "" : " " + Word(record.certainty()),
                 record.alert() == 0 ? "" : " alert " + Word(record.alert()));
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "cmb-replay: {}\n", error.what());
    return 2;
  }
  return 0;
}
