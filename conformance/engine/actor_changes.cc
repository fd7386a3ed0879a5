// Acts upon processes, connections and the wall clock; questions; batches.
#include <algorithm>
#include <utility>
#include <variant>

#include "conformance/engine/actor.h"

namespace cmb::conformance::engine {

MaybeHalt Actor::BatchOnce(const scenario::Batch& act, Timers timers, Group* group) {
  std::vector<FrameFactory::Member> members;
  for (const scenario::Step& step : act.acks) {
    if (const auto* raw = std::get_if<scenario::Raw>(&step.action)) {
      for (std::uint32_t time = 0; time < step.repeat; ++time) {
        for (const std::string& bytes : raw->frames) {
          members.push_back({nullptr, nullptr, bytes});
        }
      }
      continue;
    }
    const auto& ack = std::get<scenario::AckAct>(step.action);
    for (const std::string& alias : ack.of) {
      Known& known = factory_.Declare(scenario_.messages.at(alias));
      members.insert(members.end(), step.repeat, {&ack, &known, ""});
    }
  }
  const scenario::AckAct& first = *members.front().act;
  link_.Put(factory_.Batch(act, members),
            act.by.empty() ? BendingOf(first, *members.front().known) : Bending::kNone, group);
  return Play(timers, group);
}

MaybeHalt Actor::AskOnce(const scenario::Ask& act, Timers timers, Group* group) {
  const auto about = scenario_.messages.find(act.of);
  Known* known = about == scenario_.messages.end() ? nullptr : &factory_.Declare(about->second);
  Draft draft = factory_.Query(act, known);
  if (!act.as.empty() && act.kind == ack::v1::QUERY_KIND_REDRIVE) {
    book_.AwaitRedrive(draft.header.message_id(), scenario_.messages.at(act.as), *known);
  }
  link_.Put(std::move(draft), Bending::kNone, group);
  return Play(timers, group);
}

// Of a system, which part besides the sender it is. Empty: what the case is about.
std::string Actor::PartOf(const std::string& role) const {
  return scenario_.is_system && role != "sender" ? role : "";
}

MaybeHalt Actor::StartIut(const std::string& role, Timers timers) {
  if (auto halt = timeline_.Start(PartOf(role))) {
    return halt;
  }
  if (scenario_.is_system && role != "target") {
    return Play(timers, nullptr);
  }
  // A script does not survive a crash.
  for (const std::string& alias : book_.Aliases()) {
    Known& known = *book_.Find(alias);
    if (known.script == nullptr) {
      continue;
    }
    if (auto halt = Script(known, *known.script)) {
      return halt;
    }
  }
  return Play(timers, nullptr);
}

MaybeHalt Actor::ChangeOnce(const scenario::Step& step, Timers timers, bool& handled) {
  handled = true;
  const auto then_play = [&](MaybeHalt halt) { return halt ? halt : Play(timers, nullptr); };
  if (const auto* crash = std::get_if<scenario::Crash>(&step.action)) {
    return timeline_.Crash(PartOf(crash->role));
  }
  if (const auto* start = std::get_if<scenario::Start>(&step.action)) {
    return StartIut(start->role, timers);
  }
  if (const auto* away = std::get_if<scenario::Disconnect>(&step.action)) {
    return then_play(timeline_.Disconnect(away->module));
  }
  if (const auto* back = std::get_if<scenario::Connect>(&step.action)) {
    return then_play(timeline_.Connect(back->module));
  }
  if (const auto* queue = std::get_if<scenario::FillQueue>(&step.action)) {
    return then_play(timeline_.Fill(queue->module, queue->full));
  }
  if (const auto* jump = std::get_if<scenario::WallJump>(&step.action)) {
    return then_play(timeline_.JumpWall(PartOf(jump->of), jump->by.count()));
  }
  handled = false;
  return std::nullopt;
}

}  // namespace cmb::conformance::engine
