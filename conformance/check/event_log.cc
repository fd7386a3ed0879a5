#include "conformance/check/event_log.h"

#include <google/protobuf/util/json_util.h>

#include <istream>
#include <utility>

#include "conformance/transcript/frame_json.h"

namespace cmb::conformance::check {
namespace {

// Absent: not an event on a line.
std::optional<ack::v1::Event> EventOfLine(const std::string& line) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  ack::v1::Event event;
  try {
    const Json json = FromLine(line);
    const bool with_text = json.is_object() && json.contains("event");
    const std::string text = LineOf(with_text ? json.at("event") : json);
    if (google::protobuf::util::JsonStringToMessage(text, &event, options).ok() &&
        event.number() != 0) {
      return event;
    }
  } catch (const Broken&) {
  }
  return std::nullopt;
}

}  // namespace

bool IsEventLog(const std::string& first_line) { return EventOfLine(first_line).has_value(); }

std::variant<EventLog, TranscriptError> ReadEventLog(std::istream& in) {
  EventLog log;
  for (std::string line; std::getline(in, line);) {
    auto event = EventOfLine(line);
    if (!event) {
      return TranscriptError{static_cast<int>(log.size()) + 1, "no event with a number"};
    }
    log.push_back(*std::move(event));
  }
  return log;
}

}  // namespace cmb::conformance::check
