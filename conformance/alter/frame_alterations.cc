#include "conformance/alter/frame_alterations.h"

#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance::alter {
namespace {

// As the reader of recordings does: bytes first, then what they say.
void PutHeader(const std::string& bytes, DataFrame& frame) {
  frame.frames[0] = MakeFrameBytes(bytes, true);
  frame.fault.clear();
  if (auto error = wire::DecodeHeader(bytes, frame.header.emplace())) {
    frame.header.reset();
    frame.fault = error->sentence;
  }
}

void AlterHeader(DataFrame& frame, const DataFrame& saved, const Texts& texts,
                 const FieldVisit& visit) {
  ack::v1::CognitiveMessage header = *saved.header;
  ForEachFieldAlteration(
      header, texts, [](const auto&) { return false; },
      [&](const std::string& field, const std::string& done) {
        PutHeader(wire::EncodeHeader(header), frame);
        visit(field, done);
      });
  PutHeader(saved.frames[0].bytes.substr(0, saved.frames[0].bytes.size() - 1), frame);
  visit("(header)", "cut short");
  frame = saved;
}

FrameBytes Bent(const FrameBytes& payload) {
  if (payload.elided) {
    FrameBytes bent = payload;
    bent.hash ^= 1U;
    return bent;
  }
  std::string bytes = payload.bytes;
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  return MakeFrameBytes(bytes, true);
}

void AlterPayload(DataFrame& frame, const DataFrame& saved, const FieldVisit& visit) {
  const bool empty = saved.payload().size == 0;
  frame.frames[1] = empty ? MakeFrameBytes("x") : Bent(saved.payload());
  visit("(payload)", empty ? "set" : "changed");
  if (!empty) {
    frame.frames[1] = MakeFrameBytes("");
    visit("(payload)", "cleared");
  }
  frame = saved;
}

void AlterParts(DataFrame& frame, const DataFrame& saved, const FieldVisit& visit) {
  frame.header.reset();
  frame.fault = "not two frames";
  frame.frames.push_back(MakeFrameBytes(""));
  visit("(parts)", "element added");
  frame.frames.resize(1);
  visit("(parts)", "element dropped");
  frame = saved;
}

void AlterWay(std::string& way, const std::set<std::string>& ways, const std::string& name,
              const FieldVisit& visit) {
  const std::string saved = way;
  auto other = ways.upper_bound(saved);
  other = other == ways.end() ? ways.begin() : other;
  if (other != ways.end() && *other != saved) {
    way = *other;
    visit(name, "another's");
    way = saved;
  }
}

}  // namespace

void ForEachFrameAlteration(DataFrame& frame, const Texts& texts, const Ways& ways,
                            const FieldVisit& visit) {
  AlterWay(frame.socket, ways.sockets, "(socket)", visit);
  AlterWay(frame.peer, ways.peers, "(peer)", visit);
  if (!frame.header || frame.frames.size() != 2) {
    return;
  }
  const DataFrame saved = frame;
  AlterHeader(frame, saved, texts, visit);
  AlterPayload(frame, saved, visit);
  AlterParts(frame, saved, visit);
}

}  // namespace cmb::conformance::alter
