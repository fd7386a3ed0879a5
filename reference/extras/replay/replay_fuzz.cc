// Any text as an event log, or as events without their lines for people: an event that is
// written is read as the same, and replay takes it or says why not.
#include <google/protobuf/util/json_util.h>

#include <sstream>
#include <string>

#include "proto/wire/fuzzing.h"
#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/extras/replay/replay.h"
#include "reference/sinks/event_facts.h"
#include "reference/sinks/event_line.h"
#include "reference/sinks/json_line.h"

namespace cmb::reference {
namespace {

using wire::MustHold;

// What a log of this program would hold; a line for people that disagrees hides nothing.
void TryEvent(const ack::v1::Event& event, Replay& replay, MetricsEventSink& metrics) {
  MustHold(EventLine(event).find('\n') == std::string::npos, "one event is one line");
  MustHold(!TopicOf(event).empty(), "every event has a topic");
  const std::string written = ToJsonLine(event);
  const auto again = FromJsonLine(written);
  MustHold(again && ToJsonLine(*again) == written, "what was written is read as the same");
  if (const auto fault = replay.Apply(event)) {
    MustHold(!fault->empty(), "a fault has a sentence");
  } else {
    metrics.Write(event);
  }
}

void TryLine(const std::string& line, Replay& replay, MetricsEventSink& metrics) {
  ack::v1::Event event;
  if (const auto logged = FromJsonLine(line)) {
    TryEvent(*logged, replay, metrics);
  } else if (google::protobuf::util::JsonStringToMessage(line, &event).ok()) {
    TryEvent(event, replay, metrics);
  }
}

void Try(const std::string& text) {
  Replay replay;
  MetricsEventSink metrics;
  metrics.UseClock([&replay] { return replay.last_ms(); });
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    TryLine(line, replay, metrics);
  }
  for (const auto& record : replay.Records(replay.last_ms())) {
    MustHold(record.role() != ack::v1::ROLE_UNSPECIFIED, "a record is somebody's");
  }
  static_cast<void>(metrics.Text());  // Whatever was told of.
}

}  // namespace
}  // namespace cmb::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::reference::Try(std::string(cmb::wire::Pieces(data, size).TakeRest()));
  return 0;
}
