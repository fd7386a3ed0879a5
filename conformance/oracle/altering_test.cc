// The tools of altering.h. Linked into the test alone.
#include "conformance/oracle/altering.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance::oracle {
namespace {

const ack::v1::CognitiveMessage* HeaderOf(const Entry& entry, Direction direction) {
  const auto* frame = std::get_if<DataFrame>(&entry.what);
  return frame != nullptr && frame->direction == direction && frame->header ? &*frame->header
                                                                            : nullptr;
}

const ack::v1::Event* EventOfEntry(const Entry& entry) {
  const auto* event = std::get_if<IutEvent>(&entry.what);
  return event == nullptr ? nullptr : &event->event;
}

}  // namespace

Match MessageFrame(Direction direction, std::uint32_t attempt) {
  return [=](const Entry& entry) {
    const auto* header = HeaderOf(entry, direction);
    return header != nullptr && header->msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
           (attempt == 0 || header->attempt() == attempt);
  };
}

Match AckFrame(Direction direction, ack::v1::AckType type) {
  return [=](const Entry& entry) {
    const auto* header = HeaderOf(entry, direction);
    return header != nullptr && header->has_ack() && header->ack().ack_type() == type;
  };
}

Match Transition(ack::v1::State new_state) {
  return [=](const Entry& entry) {
    const auto* event = EventOfEntry(entry);
    return event != nullptr && event->has_transition() &&
           event->transition().new_state() == new_state;
  };
}

Match EventOf(ack::v1::Event::KindCase kind) {
  return [=](const Entry& entry) {
    const auto* event = EventOfEntry(entry);
    return event != nullptr && event->kind_case() == kind;
  };
}

Match FrameOf(Direction direction, ack::v1::MsgType type) {
  return [=](const Entry& entry) {
    const auto* header = HeaderOf(entry, direction);
    return header != nullptr && header->msg_type() == type;
  };
}

Match Request(control::v1::Request::RequestCase kind) {
  return [=](const Entry& entry) {
    const auto* act = std::get_if<ControlAct>(&entry.what);
    return act != nullptr && act->request.request_case() == kind;
  };
}

std::size_t Find(const Transcript& transcript, const Match& match, std::size_t nth) {
  for (std::size_t i = 0; i < transcript.entries.size(); ++i) {
    if (match(transcript.entries[i]) && nth-- == 0) {
      return i;
    }
  }
  std::fprintf(stderr, "nothing to alter in %s\n", transcript.header.case_id.c_str());
  std::abort();
}

Entry& At(Transcript& transcript, const Match& match, std::size_t nth) {
  return transcript.entries[Find(transcript, match, nth)];
}

ack::v1::CognitiveMessage& Header(Entry& entry) {
  return std::get<DataFrame>(entry.what).header.value();
}

ack::v1::Event& EventIn(Entry& entry) { return std::get<IutEvent>(entry.what).event; }

void Drop(Transcript& transcript, const Match& match, std::size_t nth) {
  const auto at = static_cast<std::ptrdiff_t>(Find(transcript, match, nth));
  transcript.entries.erase(transcript.entries.begin() + at);
}

void Duplicate(Transcript& transcript, const Match& match, std::size_t nth) {
  const std::size_t at = Find(transcript, match, nth);
  const Entry copy = transcript.entries[at];
  transcript.entries.insert(transcript.entries.begin() + static_cast<std::ptrdiff_t>(at) + 1, copy);
}

void AddTo(Transcript& transcript, Entry entry, std::uint64_t exchange) {
  auto place = transcript.entries.begin();
  while (place != transcript.entries.end() && place->exchange <= exchange) {
    ++place;
  }
  entry.exchange = exchange;
  transcript.entries.insert(place, std::move(entry));
}

void MoveTo(Transcript& transcript, std::size_t from, std::uint64_t exchange) {
  Entry entry = transcript.entries[from];
  transcript.entries.erase(transcript.entries.begin() + static_cast<std::ptrdiff_t>(from));
  AddTo(transcript, std::move(entry), exchange);
}

std::uint64_t LastExchange(const Transcript& transcript) {
  return transcript.entries.back().exchange;
}

void Tidy(Transcript& transcript) {
  std::uint64_t number = 0;
  for (Entry& entry : transcript.entries) {
    const auto* process = std::get_if<ProcessMark>(&entry.what);
    if (process != nullptr && process->moment == ProcessMoment::kStarted) {
      number = 0;
    }
    if (auto* event = std::get_if<IutEvent>(&entry.what)) {
      event->event.set_number(++number);
    }
    auto* frame = std::get_if<DataFrame>(&entry.what);
    if (frame != nullptr && frame->header) {
      frame->frames[0] = MakeFrameBytes(wire::EncodeHeader(*frame->header), true);
    }
  }
}

}  // namespace cmb::conformance::oracle
