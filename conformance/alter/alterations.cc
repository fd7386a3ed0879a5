#include "conformance/alter/alterations.h"

#include <map>
#include <utility>

#include "conformance/alter/frame_alterations.h"
#include "conformance/alter/item_name.h"

namespace cmb::conformance::alter {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsProduced(const Entry& entry) {
  const auto* frame = std::get_if<DataFrame>(&entry.what);
  return std::holds_alternative<IutEvent>(entry.what) ||
         (frame != nullptr && frame->direction == Direction::kFromIut);
}

// What a recording leaves out, and what the harness counts and no implementation says.
bool IsNoFact(const FieldDescriptor& field) {
  const std::string& name = field.full_name();
  for (const char* word : {"cmb.ack.v1.TransitionEvent.wall_ms", "cmb.control.v1.Reply.seq",
                           "cmb.control.v1.Reply.epoch", "cmb.control.v1.Reply.now_ms",
                           "cmb.control.v1.Reply.received", "cmb.control.v1.Reply.sent",
                           "cmb.control.v1.Reply.sent_by_socket",
                           "cmb.control.v1.Reply.undeliverable", "cmb.control.v1.Reply.events",
                           "cmb.control.v1.Reply.error", "cmb.control.v1.Reply.frames"}) {
    if (name == word) {
      return true;
    }
  }
  return false;
}

const Message* MessageOf(const Entry& entry) {
  if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
    return frame->header ? &*frame->header : nullptr;
  }
  if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
    return &event->event;
  }
  const auto* act = std::get_if<ControlAct>(&entry.what);
  return act == nullptr ? nullptr : &act->reply;
}

Texts TextsOf(const Transcript& recording) {
  Texts texts;
  for (const Entry& entry : recording.entries) {
    if (const Message* message = MessageOf(entry)) {
      CollectTexts(*message, texts);
    }
  }
  return texts;
}

Ways WaysOf(const Transcript& recording) {
  Ways ways;
  ways.sockets.insert(recording.header.channels.begin(), recording.header.channels.end());
  ways.sockets.insert({kAckIngress, kAckEgress});
  for (const Entry& entry : recording.entries) {
    if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
      ways.peers.insert(frame->peer);
    }
  }
  return ways;
}

// Each process numbers its events from 1.
void Renumber(Transcript& recording) {
  std::uint64_t number = 0;
  for (Entry& entry : recording.entries) {
    const auto* process = std::get_if<ProcessMark>(&entry.what);
    if (process != nullptr && process->moment == ProcessMoment::kStarted) {
      number = 0;
    }
    if (auto* event = std::get_if<IutEvent>(&entry.what)) {
      event->event.set_number(++number);
    }
  }
}

// An event that comes later says so.
void SetInstant(Entry& entry, std::uint64_t at_ms) {
  if (auto* event = std::get_if<IutEvent>(&entry.what)) {
    const auto& reflection = *event->event.GetReflection();
    const FieldDescriptor* kind = reflection.GetOneofFieldDescriptor(
        event->event, event->event.GetDescriptor()->FindOneofByName("kind"));
    Message* body = kind == nullptr ? nullptr : reflection.MutableMessage(&event->event, kind);
    const FieldDescriptor* instant =
        body == nullptr ? nullptr : body->GetDescriptor()->FindFieldByName("monotonic_ms");
    if (instant != nullptr && body->GetReflection()->GetUInt64(*body, instant) == entry.at_ms) {
      body->GetReflection()->SetUInt64(body, instant, at_ms);
    }
  }
  entry.at_ms = at_ms;
}

// Where what is produced in an exchange would stand.
struct Place {
  std::size_t entry = 0;
  std::uint64_t exchange = 0;
  std::uint64_t at_ms = 0;
};

class Alterer {
 public:
  Alterer(Transcript& recording, const Wanted& wanted, const AlterationVisit& visit)
      : recording_(recording),
        wanted_(wanted),
        visit_(visit),
        texts_(TextsOf(recording)),
        ways_(WaysOf(recording)) {}

  std::uint64_t Run() {
    for (std::size_t i = 0; i < recording_.entries.size(); ++i) {
      restarted_ = restarted_ || std::holds_alternative<ProcessMark>(recording_.entries[i].what);
      if (IsProduced(recording_.entries[i])) {
        Delete(i);
        Double(i);
        Delay(i);
      }
      Fields(i);
    }
    return number_;
  }

 private:
  Entry& At(std::size_t i) { return recording_.entries[i]; }
  auto Iterator(std::size_t i) {
    return recording_.entries.begin() + static_cast<std::ptrdiff_t>(i);
  }

  Alteration About(std::size_t i, const std::string& done, const std::string& field = "") {
    return {NameAt(i), done, field, i, At(i).exchange};
  }

  // What is judged before a restart may be remembered after it, or not (CHO-008); a wait that the
  // implementation draws is told by its word alone.
  std::string NameAt(std::size_t i) {
    const auto* told = std::get_if<IutEvent>(&At(i).what);
    const auto* act = std::get_if<ControlAct>(&At(i).what);
    const bool waits = (told != nullptr && told->event.has_retry()) ||
                       (act != nullptr && act->reply.next_deadline().class_() ==
                                              control::v1::DEADLINE_CLASS_PROTOCOL);
    const bool drawn = waits && recording_.header.settings.jitter_factors().empty();
    const bool again = told != nullptr && told->event.has_anomaly() && restarted_;
    return ItemName(At(i)) + (again ? " after a restart" : drawn ? ", jitter of its own" : "");
  }

  Entry Take(std::size_t i) {
    Entry entry = std::move(At(i));
    recording_.entries.erase(Iterator(i));
    return entry;
  }

  void Put(std::size_t i, Entry entry) { recording_.entries.insert(Iterator(i), std::move(entry)); }

  bool NextIsWanted() { return wanted_(number_++); }

  void Show(const Alteration& alteration) {
    Renumber(recording_);
    visit_(alteration, recording_);
  }

  void Delete(std::size_t i) {
    if (!NextIsWanted()) {
      return;
    }
    const Alteration alteration = About(i, "deleted");
    Entry saved = Take(i);
    Show(alteration);
    Put(i, std::move(saved));
    Renumber(recording_);
  }

  void Double(std::size_t i) {
    if (!NextIsWanted()) {
      return;
    }
    const Alteration alteration = About(i, "doubled");
    Put(i + 1, At(i));
    Show(alteration);
    Take(i + 1);
    Renumber(recording_);
  }

  void Delay(std::size_t i) {
    const std::uint64_t exchange = At(i).exchange;
    const std::uint64_t at_ms = At(i).at_ms;
    const auto in_next = Next(i, [&](const Place& p) { return p.exchange > exchange; });
    const auto at_next = Next(i, [&](const Place& p) { return p.at_ms > at_ms; });
    if (in_next) {
      MoveTo(
          i, *in_next,
          in_next->at_ms > at_ms ? "delayed to the next instant" : "delayed to the next exchange");
    }
    if (at_next && at_next->exchange != in_next->exchange) {
      MoveTo(i, *at_next, "delayed to the next instant");
    }
  }

  void MoveTo(std::size_t i, const Place& place, const std::string& done) {
    if (!NextIsWanted()) {
      return;
    }
    Alteration alteration = About(i, done);
    alteration.exchange = place.exchange;
    const Entry saved = At(i);
    Entry moved = Take(i);
    SetInstant(moved, place.at_ms);
    moved.exchange = place.exchange;
    moved.step = At(place.entry - 2).step;
    Put(place.entry - 1, std::move(moved));
    Show(alteration);
    Take(place.entry - 1);
    Put(i, saved);
    Renumber(recording_);
  }

  // The first exchange behind entry `i`, of the same process, that is wanted.
  template <typename Wanted>
  std::optional<Place> Next(std::size_t i, Wanted wanted) {
    for (std::size_t j = i + 1; j < recording_.entries.size(); ++j) {
      if (std::holds_alternative<ProcessMark>(At(j).what)) {
        return std::nullopt;
      }
      if (std::holds_alternative<ControlAct>(At(j).what) &&
          wanted(Place{0, At(j).exchange, At(j).at_ms})) {
        return Place{FirstOutput(j), At(j).exchange, At(j).at_ms};
      }
    }
    return std::nullopt;
  }

  // Behind the act at `act` and the frames that came with it.
  std::size_t FirstOutput(std::size_t act) {
    std::size_t at = act + 1;
    while (at < recording_.entries.size() && At(at).exchange == At(act).exchange &&
           std::holds_alternative<DataFrame>(At(at).what) && !IsProduced(At(at))) {
      ++at;
    }
    return at;
  }

  void Fields(std::size_t i) {
    const auto show = [&](const std::string& field, const std::string& done) {
      if (NextIsWanted()) {
        visit_(Alteration{name_, done, field, i, At(i).exchange}, recording_);
      }
    };
    name_ = NameAt(i);
    if (auto* frame = std::get_if<DataFrame>(&At(i).what)) {
      if (frame->direction == Direction::kFromIut) {
        ForEachFrameAlteration(*frame, texts_, ways_, show);
      }
    } else if (auto* event = std::get_if<IutEvent>(&At(i).what)) {
      ForEachFieldAlteration(event->event, texts_, IsNoFact, show);
    } else if (auto* act = std::get_if<ControlAct>(&At(i).what)) {
      ForEachFieldAlteration(act->reply, texts_, IsNoFact, show);
    }
  }

  Transcript& recording_;
  const Wanted& wanted_;
  const AlterationVisit& visit_;
  const Texts texts_;
  const Ways ways_;
  std::uint64_t number_ = 0;
  bool restarted_ = false;
  std::string name_;  // Of the item whose fields are altered, before that.
};

}  // namespace

std::uint64_t ForEachAlteration(Transcript& recording, const Wanted& wanted,
                                const AlterationVisit& visit) {
  return Alterer(recording, wanted, visit).Run();
}

}  // namespace cmb::conformance::alter
