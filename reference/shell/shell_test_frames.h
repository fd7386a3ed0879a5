// Frames as they arrive, and events as text, for tests of the shells.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "proto/wire/frame_codec.h"
#include "proto/wire/words.h"
#include "reference/shell/test_headers.h"
#include "reference/shell/transport.h"
#include "reference/sinks/memory_event_sink.h"

namespace cmb::reference {

inline Inbound Arriving(std::size_t socket, const std::string& peer, const wire::Frames& frames) {
  Inbound inbound;
  inbound.socket = socket;
  inbound.peer = peer;
  for (const auto& frame : frames) {
    inbound.frames.emplace_back(frame.data(), frame.size());
  }
  return inbound;
}

// The words of the anomalies since the last call.
inline std::vector<std::string> TakeAnomalies(MemoryEventSink& events) {
  std::vector<std::string> words;
  for (const auto& event : events.Take()) {
    if (event.has_anomaly()) {
      words.push_back(wire::Word(event.anomaly().kind()));
    }
  }
  return words;
}

// A correct multipart message with some of its bytes changed, or its parts.
inline wire::Frames Bent(const ack::v1::CognitiveMessage& header) {
  std::string bytes = wire::EncodeHeader(header);
  wire::Frames more;
  const int harms = *rc::gen::inRange(1, 4);
  for (int i = 0; i < harms && !bytes.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        bytes[at] = *rc::gen::arbitrary<char>();
        break;
      case 1:
        bytes.resize(at);
        break;
      case 2:
        bytes.insert(at, *rc::gen::arbitrary<std::string>());
        break;
      case 3:
        more.push_back(*rc::gen::arbitrary<std::string>());
        break;
    }
  }
  wire::Frames frames{std::move(bytes), "payload"};
  frames.insert(frames.end(), more.begin(), more.end());
  return frames;
}

}  // namespace cmb::reference
