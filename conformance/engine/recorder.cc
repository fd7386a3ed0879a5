#include "conformance/engine/recorder.h"

#include <utility>

namespace cmb::conformance::engine {

Recorder::Recorder(Transcript& transcript, SocketLayout layout)
    : transcript_(transcript), layout_(std::move(layout)) {}

void Recorder::Append(std::uint64_t at_ms, What what) {
  transcript_.entries.push_back({at_ms, step_, exchange_, std::move(what)});
}

DataFrame Recorder::Make(Direction direction, const WireMessage& message) const {
  return MakeDataFrame(direction, layout_.Name(message.socket), message.peer, message.frames);
}

void Recorder::MarkStep(int line, const std::string& text, std::uint64_t now_ms) {
  Append(now_ms, StepMarker{line, text});
}

bool Recorder::IsOwnPing(const Item& item) const {
  // The bench answers these; they are in no window. One that a router passes on
  // is another module's.
  return item.kind == ItemKind::kPing &&
         item.frame->header.source() == transcript_.header.module_id;
}

void Recorder::Crashed(std::uint64_t now_ms) {
  ++exchange_;
  Append(now_ms, ProcessMark{ProcessMoment::kCrashed});
}

std::vector<Item> Recorder::Started(const Exchange& begin) {
  ++exchange_;
  Append(begin.reply.now_ms(), ProcessMark{ProcessMoment::kStarted});
  return RecordHere(begin);
}

std::vector<Item> Recorder::Record(const Exchange& exchange) {
  ++exchange_;
  return RecordHere(exchange);
}

std::vector<Item> Recorder::RecordHere(const Exchange& exchange) {
  const std::uint64_t at_ms = exchange.reply.now_ms();
  std::vector<Item> items;
  for (const WireMessage& message : exchange.injected) {
    Append(at_ms, Make(Direction::kToIut, message));
  }
  Append(at_ms, MakeControlAct(exchange.request, exchange.reply));
  for (const WireMessage& message : exchange.received) {
    DataFrame frame = Make(Direction::kFromIut, message);
    for (Item& item : ItemsOfFrame(frame, message.frames, at_ms)) {
      if (!IsOwnPing(item)) {
        item.entry = transcript_.entries.size();
        items.push_back(std::move(item));
      }
    }
    Append(at_ms, std::move(frame));
  }
  for (const ack::v1::Event& event : exchange.reply.events()) {
    items.push_back(ItemOfEvent(event, at_ms));
    items.back().entry = transcript_.entries.size();
    Append(at_ms, MakeIutEvent(event));
  }
  return items;
}

void Recorder::Note(NoteKind kind, std::string text, std::uint64_t now_ms,
                    const WireMessage* frame) {
  conformance::Note note;
  note.kind = kind;
  note.text = std::move(text);
  if (frame != nullptr) {
    note.frame = Make(Direction::kToIut, *frame);
  }
  Append(now_ms, std::move(note));
}

}  // namespace cmb::conformance::engine
