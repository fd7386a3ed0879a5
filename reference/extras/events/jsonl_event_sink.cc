#include "reference/extras/events/jsonl_event_sink.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <filesystem>
#include <stdexcept>

#include "reference/sinks/json_line.h"

namespace cmb::reference {
namespace {

namespace fs = std::filesystem;

}  // namespace

struct JsonlEventSink::File {
  File(const std::string& name, Rotation rotation)
      : path(name), sink(path, rotation.max_bytes, rotation.keep) {
    sink.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%v", spdlog::pattern_time_type::local, std::string("\n")));
  }

  [[noreturn]] void Refuse(const std::exception& error) const {
    throw std::runtime_error(fmt::format("cannot write the event log {}: {}", path, error.what()));
  }

  std::string path;
  spdlog::sinks::rotating_file_sink_st sink;
};

JsonlEventSink::JsonlEventSink(const std::string& path, Rotation rotation) {
  const fs::path directory = fs::absolute(path).parent_path();
  // spdlog would make it: a mistyped path must not become a directory.
  if (!fs::is_directory(directory)) {
    throw std::runtime_error(
        fmt::format("cannot write the event log {}: there is no directory {}; make it, or name a "
                    "file elsewhere",
                    path, directory.string()));
  }
  if (fs::is_directory(path)) {
    throw std::runtime_error(
        fmt::format("cannot write the event log {}: it is a directory; name a file in it", path));
  }
  try {
    file_ = std::make_unique<File>(path, rotation);
  } catch (const spdlog::spdlog_ex& error) {
    throw std::runtime_error(fmt::format("cannot write the event log {}: {}", path, error.what()));
  }
}

JsonlEventSink::~JsonlEventSink() = default;

void JsonlEventSink::Write(const ack::v1::Event& event) {
  const std::string line = ToJsonLine(event);
  try {
    file_->sink.log(spdlog::details::log_msg({}, spdlog::level::info, line));
  } catch (const spdlog::spdlog_ex& error) {
    file_->Refuse(error);
  }
}

void JsonlEventSink::Flush() {
  try {
    file_->sink.flush();
  } catch (const spdlog::spdlog_ex& error) {
    file_->Refuse(error);
  }
}

}  // namespace cmb::reference
