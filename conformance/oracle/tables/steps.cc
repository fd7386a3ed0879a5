#include "conformance/oracle/tables/steps.h"

#include <algorithm>
#include <string_view>
#include <variant>

namespace cmb::conformance::oracle::tables {
namespace {

void AddWallJump(const Note& note, Step& step) {
  constexpr std::string_view kWords = "the wall clock jumps by ";
  if (note.kind == NoteKind::kOther && note.text.starts_with(kWords)) {
    step.wall_jumped_ms += std::stoll(note.text.substr(kWords.size()));
  }
}

void AddConnection(const Note& note, Step& step) {
  for (const auto& [word, connection] :
       {std::pair(" disconnects", Connection::kAway), std::pair(" connects", Connection::kThere),
        std::pair(" takes no more", Connection::kFull),
        std::pair(" takes more again", Connection::kThere)}) {
    if (note.kind == NoteKind::kOther && note.text.ends_with(word)) {
      const std::size_t end = note.text.size() - std::string_view(word).size();
      step.connections.emplace_back(note.text.substr(0, end), connection);
      return;
    }
  }
}

FrameSeen SeenAs(const DataFrame& frame, const Entry& entry, std::size_t index) {
  FrameSeen seen;
  seen.entry = index;
  seen.at_ms = entry.at_ms;
  seen.exchange = entry.exchange;
  seen.frame = &frame;
  seen.header = frame.header ? &*frame.header : nullptr;
  return seen;
}

void AddTo(Step& step, const Entry& entry, std::size_t index) {
  if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
    auto& frames = frame->direction == Direction::kToIut ? step.in.frames : step.seen.frames;
    frames.push_back(SeenAs(*frame, entry, index));
  } else if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
    step.seen.events.emplace_back(index, &event->event);
  } else if (const auto* act = std::get_if<ControlAct>(&entry.what)) {
    step.seen.act = index;
    step.seen.control = act;
  } else if (const auto* mark = std::get_if<ProcessMark>(&entry.what)) {
    step.crashes = mark->moment == ProcessMoment::kCrashed;
    step.in.starts = mark->moment == ProcessMoment::kStarted;
  } else if (const auto* note = std::get_if<Note>(&entry.what)) {
    AddConnection(*note, step);
    AddWallJump(*note, step);
  }
}

// A process counts from its start.
void CountUnreached(std::vector<Step>& steps) {
  std::uint64_t counted = 0;
  for (Step& step : steps) {
    if (step.seen.control != nullptr) {
      const std::uint64_t count = step.seen.control->reply.undeliverable();
      step.seen.unreached = count - (step.in.starts ? 0 : std::min(counted, count));
      counted = count;
    }
  }
}

bool BelongsToNext(const Entry& entry) {
  return std::holds_alternative<Note>(entry.what) || std::holds_alternative<StepMarker>(entry.what);
}

bool BringsAlone(const Step& step, bool (*is_such)(const ack::v1::CognitiveMessage&)) {
  const auto& frames = step.in.frames;
  return !frames.empty() && std::all_of(frames.begin(), frames.end(), [&](const FrameSeen& frame) {
    return frame.header != nullptr && is_such(*frame.header);
  });
}

}  // namespace

bool BringsPingsAlone(const Step& step) {
  return BringsAlone(step, [](const ack::v1::CognitiveMessage& header) {
    return header.msg_type() == ack::v1::MSG_TYPE_PING ||
           header.msg_type() == ack::v1::MSG_TYPE_PONG;
  });
}

bool BringsQuestionsAlone(const Step& step) {
  return BringsAlone(step, [](const ack::v1::CognitiveMessage& header) {
    const auto kind = header.query().kind();
    return header.msg_type() == ack::v1::MSG_TYPE_QUERY && kind != ack::v1::QUERY_KIND_REDRIVE &&
           kind != ack::v1::QUERY_KIND_PURGE;
  });
}

std::vector<Step> StepsOf(const Transcript& transcript) {
  std::vector<Step> steps;
  Step notes;  // What stands between two exchanges.
  for (std::size_t i = 0; i < transcript.entries.size(); ++i) {
    const Entry& entry = transcript.entries[i];
    if (BelongsToNext(entry)) {
      AddTo(notes, entry, i);
      continue;
    }
    if (steps.empty() || steps.back().exchange != entry.exchange) {
      steps.push_back(std::exchange(notes, {}));
      steps.back().exchange = entry.exchange;
      steps.back().at_ms = entry.at_ms;
      steps.back().entry = i;
    }
    AddTo(steps.back(), entry, i);
  }
  CountUnreached(steps);
  return steps;
}

}  // namespace cmb::conformance::oracle::tables
