#include "reference/sinks/jsonl_event_sink.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <stdexcept>

#include "reference/sinks/event_line.h"

namespace cmb::reference {
namespace {

namespace fs = std::filesystem;

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

std::string ToLine(const ack::v1::Event& event) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(event, &json, options);
  if (!status.ok()) {
    throw std::runtime_error(status.ToString());
  }
  return fmt::format("{{\"line\":{},\"event\":{}}}\n", Quoted(EventLine(event)), json);
}

}  // namespace

JsonlEventSink::JsonlEventSink(std::string path, Rotation rotation)
    : path_(std::move(path)), rotation_(rotation) {
  Open();
}

void JsonlEventSink::Refuse() const {
  throw std::runtime_error(fmt::format("cannot write the event log {}", path_));
}

void JsonlEventSink::Open() {
  file_.open(path_, std::ios::app);
  if (!file_) {
    Refuse();
  }
  std::error_code none;
  bytes_ = fs::file_size(path_, none);
}

void JsonlEventSink::Rotate() {
  file_.close();
  const auto name = [&](int n) { return fmt::format("{}.{}", path_, n); };
  std::error_code missing;  // A file that is not there yet is no error.
  fs::remove(name(rotation_.keep), missing);
  for (int n = rotation_.keep - 1; n >= 1; --n) {
    fs::rename(name(n), name(n + 1), missing);
  }
  if (rotation_.keep > 0) {
    fs::rename(path_, name(1), missing);
  } else {
    fs::remove(path_, missing);
  }
  Open();
}

void JsonlEventSink::Write(const ack::v1::Event& event) {
  const std::string line = ToLine(event);
  if (bytes_ > 0 && bytes_ + line.size() > rotation_.max_bytes) {
    Rotate();
  }
  file_ << line;
  bytes_ += line.size();
  if (!file_) {
    Refuse();
  }
}

void JsonlEventSink::Flush() {
  if (!file_.flush()) {
    Refuse();
  }
}

}  // namespace cmb::reference
