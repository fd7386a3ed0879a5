#include "conformance/oracle/tables/describe.h"

#include <fmt/format.h>

#include "conformance/oracle/history/history.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle::tables {

using ack::v1::CognitiveMessage;
using ack::v1::Event;
using wire::Word;

std::string MessageOf(const CognitiveMessage& header) {
  if (header.has_ack()) {
    return header.ack().correlation_id();
  }
  return header.message_id().empty() ? header.correlation_id() : header.message_id();
}

std::string MessageOf(const Event& event) {
  switch (event.kind_case()) {
    case Event::kTransition:
      return event.transition().message_id();
    case Event::kRetry:
      return event.retry().message_id();
    case Event::kProgress:
      return event.progress().message_id();
    case Event::kAnomaly:
      return event.anomaly().message_id();
    case Event::kAlert:
      return event.alert().message_id();
    case Event::kExecution:
      return event.execution().message_id();
    case Event::KIND_NOT_SET:
      return "";
  }
  return "";
}

std::string Describe(const CognitiveMessage& header) {
  if (header.has_ack()) {
    const auto& ack = header.ack();
    return fmt::format("{} of '{}', attempt {}", Words(ack), ack.correlation_id(), ack.attempt());
  }
  const std::string attempt =
      header.attempt() == 0 ? "" : fmt::format(", attempt {}", header.attempt());
  return fmt::format("{} '{}'{}", Word(header.msg_type()), MessageOf(header), attempt);
}

std::string Describe(const Event& event) {
  switch (event.kind_case()) {
    case Event::kTransition: {
      const auto& moved = event.transition();
      return fmt::format("'{}' {} -> {} ({})", moved.message_id(), Word(moved.old_state()),
                         Word(moved.new_state()), Word(moved.reason()));
    }
    case Event::kRetry:
      return fmt::format("a retry of '{}' ({}) after {} ms", event.retry().message_id(),
                         Word(event.retry().reason()), event.retry().backoff_ms());
    case Event::kProgress:
      return fmt::format("progress {} of '{}'", event.progress().progress_number(),
                         event.progress().message_id());
    case Event::kAnomaly:
      return fmt::format("the anomaly {}{}", Word(event.anomaly().kind()),
                         event.anomaly().message_id().empty()
                             ? ""
                             : fmt::format(" of '{}'", event.anomaly().message_id()));
    case Event::kAlert:
      return fmt::format("the alert of '{}' {}", event.alert().message_id(),
                         Word(event.alert().state()));
    case Event::kExecution:
      return fmt::format("the start of '{}'", event.execution().message_id());
    case Event::KIND_NOT_SET:
      return "an event without a kind";
  }
  return "";
}

std::string CoarseName(const CognitiveMessage& header) {
  return fmt::format("{} {}", static_cast<int>(header.msg_type()), MessageOf(header));
}

std::string FineName(const CognitiveMessage& header) {
  return fmt::format("{} {} {}", CoarseName(header), static_cast<int>(header.ack().ack_type()),
                     static_cast<int>(header.ack().status()));
}

std::string CoarseName(const Event& event) {
  // What could be read of a malformed frame is a choice (CHO-007).
  if (event.anomaly().kind() == ack::v1::ANOMALY_KIND_MALFORMED) {
    return "malformed";
  }
  return fmt::format("{} {}", static_cast<int>(event.kind_case()), MessageOf(event));
}

std::string FineName(const Event& event) {
  return fmt::format("{} {} {}", CoarseName(event),
                     static_cast<int>(event.transition().new_state()),
                     static_cast<int>(event.anomaly().kind()));
}

}  // namespace cmb::conformance::oracle::tables
