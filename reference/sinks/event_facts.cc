#include "reference/sinks/event_facts.h"

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;

// Of a kind that names its role and its message's source itself.
template <class Kind>
EventFacts Facts(const char* kind, const Kind& event) {
  return {kind, event.role(), event.source(), event.message_id(), event.monotonic_ms()};
}

}  // namespace

EventFacts FactsOf(const Event& event) {
  switch (event.kind_case()) {
    case Event::kTransition:
      return Facts("transition", event.transition());
    case Event::kRetry:
      return Facts("retry", event.retry());
    case Event::kProgress:
      return Facts("progress", event.progress());
    case Event::kAnomaly: {
      const auto& anomaly = event.anomaly();
      return {"anomaly", anomaly.role(), "", anomaly.message_id(), anomaly.monotonic_ms()};
    }
    case Event::kAlert: {
      const auto& alert = event.alert();
      return {"alert", ack::v1::ROLE_SENDER, alert.source(), alert.message_id(),
              alert.monotonic_ms()};
    }
    case Event::kExecution: {
      const auto& execution = event.execution();
      return {"execution", ack::v1::ROLE_TARGET, execution.source(), execution.message_id(),
              execution.monotonic_ms()};
    }
    case Event::KIND_NOT_SET:
      break;
  }
  EventFacts unknown;
  unknown.kind = "unknown";
  return unknown;
}

std::string TopicOf(const Event& event) {
  const EventFacts facts = FactsOf(event);
  std::string role = wire::Word(facts.role);
  for (char& c : role) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return "cmb.event." + role + "." + facts.kind;
}

}  // namespace cmb::reference
