// Events as a file of JSON lines: {"line": "[id] OLD -> NEW (REASON)", "event":
// {…}}. The line is for people, the event replays to the exact state
// (replay.h).
//
// spdlog's rotating file: when events.jsonl would grow past `max_bytes` it is
// renamed events.1.jsonl, what was events.1.jsonl becomes events.2.jsonl, and
// so on; at most `keep` old files stay. Threads: one at a time. Spec: chapter
// "Model and vocabulary", events.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "reference/sinks/event_sink.h"

namespace cmb::reference {

struct Rotation {
  std::uint64_t max_bytes = 64 * 1024 * 1024;  // At least 1.
  std::uint32_t keep = 4;                      // At most 200000.
};

class JsonlEventSink : public EventSink {
 public:
  // Appends to `path`, or creates it; its directory must exist. Throws
  // std::runtime_error with a sentence that names the file.
  explicit JsonlEventSink(const std::string& path, Rotation rotation = {});
  ~JsonlEventSink() override;

  void Write(const ack::v1::Event& event) override;
  void Flush() override;

 private:
  struct File;
  template <class Act>
  void With(Act act);

  std::string path_;
  Rotation rotation_;
  std::unique_ptr<File> file_;  // Null: it refused, and is to be opened again.
};

}  // namespace cmb::reference
