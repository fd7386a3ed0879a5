// Events as a file of JSON lines: {"line": "[id] OLD -> NEW (REASON)", "event":
// {…}}. The line is for people, the event replays to the exact state.
//
// When the file has grown past `max_bytes` it is renamed PATH.1, what was
// PATH.1 becomes PATH.2, and so on; at most `keep` old files stay. Threads:
// one at a time. Spec: chapter "Model and vocabulary", events.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include "reference/sinks/event_sink.h"

namespace cmb::reference {

struct Rotation {
  std::uint64_t max_bytes = 64 * 1024 * 1024;
  int keep = 4;
};

class JsonlEventSink : public EventSink {
 public:
  // Appends to `path`, or creates it. Throws std::runtime_error with a
  // sentence that names the file.
  explicit JsonlEventSink(std::string path, Rotation rotation = {});

  void Write(const ack::v1::Event& event) override;
  void Flush() override;

 private:
  void Open();
  void Rotate();
  [[noreturn]] void Refuse() const;

  std::string path_;
  Rotation rotation_;
  std::ofstream file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace cmb::reference
