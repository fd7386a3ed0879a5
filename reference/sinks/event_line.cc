#include "reference/sinks/event_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;
using wire::Word;

// Bytes of the printable UTF-8 character with which `text` begins; 0 where it begins
// with none.
std::size_t Utf8Length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    return first >= 0x20 && first != 0x7f ? 1 : 0;
  }
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (bytes == 0 || first > 0xf4 || text.size() < bytes) {
    return 0;
  }
  const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  return std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(bytes), follows)
             ? bytes
             : 0;
}

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

std::string RawLine(const Event& event) {
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

}  // namespace

// CMB-OBS-022, CMB-OBS-023. Words of the vocabulary are not touched by it, so the whole line
// is escaped at once.
std::string Escaped(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t bytes = Utf8Length(line.substr(at));
    if (line[at] == '\\') {
      out += "\\\\";
    } else if (bytes > 0) {
      out += line.substr(at, bytes);
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(line[at]));
    }
    at += std::max<std::size_t>(bytes, 1);
  }
  return out;
}

std::string EventLine(const Event& event) { return Escaped(RawLine(event)); }

}  // namespace cmb::reference
