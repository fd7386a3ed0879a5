#include "reference/sinks/event_line.h"

#include <fmt/format.h>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;
using wire::Word;

std::string_view Id(const std::string& message_id) {
  return message_id.empty() ? std::string_view("-") : std::string_view(message_id);
}

std::string Line(const ack::v1::TransitionEvent& event) {
  return fmt::format("[{}] {} -> {} ({})", event.message_id(), Word(event.old_state()),
                     Word(event.new_state()), Word(event.reason()));
}

std::string Line(const ack::v1::RetryEvent& event) {
  return fmt::format("[{}] retry in {} ms, attempt {} ({})", event.message_id(), event.backoff_ms(),
                     event.attempt(), Word(event.reason()));
}

std::string Line(const ack::v1::ProgressEvent& event) {
  return fmt::format("[{}] progress {}{}", event.message_id(), event.progress_number(),
                     event.has_percent() ? fmt::format(", {} %", event.percent()) : "");
}

std::string Line(const ack::v1::Anomaly& event) {
  return fmt::format("[{}] anomaly {}{}{}", Id(event.message_id()), Word(event.kind()),
                     event.peer().empty() ? "" : " from " + event.peer(),
                     event.note().empty() ? "" : ": " + event.note());
}

std::string Line(const ack::v1::Alert& event) {
  return fmt::format("[{}] alert {}: {}", event.message_id(), Word(event.state()), event.text());
}

std::string Line(const ack::v1::Execution& event) {
  return fmt::format("[{}] execution of {} from {}", event.message_id(), event.idempotency_key(),
                     event.source());
}

}  // namespace

std::string EventLine(const Event& event) {
  switch (event.kind_case()) {
    case Event::kTransition:
      return Line(event.transition());
    case Event::kRetry:
      return Line(event.retry());
    case Event::kProgress:
      return Line(event.progress());
    case Event::kAnomaly:
      return Line(event.anomaly());
    case Event::kAlert:
      return Line(event.alert());
    case Event::kExecution:
      return Line(event.execution());
    case Event::KIND_NOT_SET:
      return "[-] empty event";
  }
  return "[-] unknown event";
}

}  // namespace cmb::reference
