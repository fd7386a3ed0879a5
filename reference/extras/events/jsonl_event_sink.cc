#include "reference/extras/events/jsonl_event_sink.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "reference/sinks/json_line.h"

namespace cmb::reference {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Refuse(const std::string& path, const std::string& why) {
  throw std::runtime_error(fmt::format("cannot write the event log {}: {}", path, why));
}

// A disk that was full, or a process that was killed, leaves half a line.
bool EndsWithinALine(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return file.seekg(-1, std::ios::end) && file.get() != '\n';
}

}  // namespace

struct JsonlEventSink::File {
  File(const std::string& path, Rotation rotation)
      : is_torn(EndsWithinALine(path)), sink(path, rotation.max_bytes, rotation.keep) {
    sink.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%v", spdlog::pattern_time_type::local, std::string("\n")));
  }

  void Write(const std::string& line) {
    const std::string whole = (is_torn ? "\n" : "") + line;
    sink.log(spdlog::details::log_msg({}, spdlog::level::info, whole));
    is_torn = false;
  }

  bool is_torn;
  spdlog::sinks::rotating_file_sink_st sink;
};

JsonlEventSink::JsonlEventSink(const std::string& path, Rotation rotation)
    : path_(path), rotation_(rotation) {
  const fs::path directory = fs::absolute(path).parent_path();
  // spdlog would make it: a mistyped path must not become a directory.
  if (!fs::is_directory(directory)) {
    Refuse(path, fmt::format("there is no directory {}; make it, or name a file elsewhere",
                             directory.string()));
  }
  if (fs::is_directory(path)) {
    Refuse(path, "it is a directory; name a file in it");
  }
  With([](File&) {});
}

// After a refusal the file is opened anew: what its buffer held is half there.
template <class Act>
void JsonlEventSink::With(Act act) {
  try {
    if (!file_) {
      file_ = std::make_unique<File>(path_, rotation_);
    }
    act(*file_);
  } catch (const spdlog::spdlog_ex& error) {
    file_.reset();
    Refuse(path_, error.what());
  }
}

JsonlEventSink::~JsonlEventSink() = default;

void JsonlEventSink::Write(const ack::v1::Event& event) {
  With([line = ToJsonLine(event)](File& file) { file.Write(line); });
}

void JsonlEventSink::Flush() {
  With([](File& file) { file.sink.flush(); });
}

}  // namespace cmb::reference
