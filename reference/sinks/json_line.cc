#include "reference/sinks/json_line.h"

#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

#include "reference/sinks/event_line.h"

namespace cmb::reference {
namespace {

constexpr std::string_view kLineBegins = "{\"line\":";
constexpr std::string_view kEventBegins = ",\"event\":";

// Protobuf's own printer would write the arrow as -\u003e, which people and
// grep cannot read.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// Where the string that begins at `from` ends, behind its closing quote; npos:
// nowhere.
std::size_t EndOfString(std::string_view text, std::size_t from) {
  if (from >= text.size() || text[from] != '"') {
    return std::string_view::npos;
  }
  for (std::size_t at = from + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string ToJsonLine(const ack::v1::Event& event) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(event, &json, options);
  if (!status.ok()) {
    throw std::runtime_error(status.ToString());
  }
  return fmt::format("{}{}{}{}}}", kLineBegins, Quoted(EventLine(event)), kEventBegins, json);
}

std::optional<ack::v1::Event> FromJsonLine(std::string_view line) {
  if (!line.starts_with(kLineBegins) || !line.ends_with('}')) {
    return std::nullopt;
  }
  const std::size_t end = EndOfString(line, kLineBegins.size());
  if (end == std::string_view::npos || !line.substr(end).starts_with(kEventBegins)) {
    return std::nullopt;
  }
  line.remove_suffix(1);
  const std::string json(line.substr(end + kEventBegins.size()));
  ack::v1::Event event;
  if (!google::protobuf::util::JsonStringToMessage(json, &event).ok()) {
    return std::nullopt;
  }
  // What people read and what is replayed must not disagree.
  const auto said = line.substr(kLineBegins.size(), end - kLineBegins.size());
  return said == Quoted(EventLine(event)) ? std::optional(std::move(event)) : std::nullopt;
}

}  // namespace cmb::reference
