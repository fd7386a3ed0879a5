// The handler of a test, which follows scripts (10.4), and the order of streams (chapter 23).
#include <algorithm>

#include "conformance/oracle/tables/target_model.h"

namespace cmb::conformance::oracle::tables::target {
namespace {

using control::v1::ScriptExecution;

bool IsDue(const HandlerAct& act, std::uint64_t now_ms) { return act.at_ms <= now_ms; }

// In the order of their times; at one time hold, start, progress, end.
void Sort(std::vector<HandlerAct>& acts) {
  std::stable_sort(acts.begin(), acts.end(), [](const HandlerAct& a, const HandlerAct& b) {
    return std::pair(a.at_ms, a.kind) < std::pair(b.at_ms, b.kind);
  });
}

}  // namespace

std::vector<HandlerAct> TargetModel::ActsOf(const ScriptExecution& script,
                                            std::uint64_t arrival) const {
  std::vector<HandlerAct> acts;
  const bool holds = script.has_hold_ms() && script.hold_ms() > 0 &&
                     world_.history.Declares(ack::v1::FEATURE_CONDITIONAL_ACK);
  if (holds) {
    acts.push_back({ActKind::kHold, arrival, 0});
  }
  if (script.end() == control::v1::SCRIPT_END_REJECTED) {
    acts.push_back({ActKind::kEnd, Later(arrival, script.after_ms()), 0});
    return acts;
  }
  const std::uint64_t hold = holds ? std::min(script.hold_ms(), kHundredYearsMs) : 0;
  const std::uint64_t start = Later(arrival, script.has_starts_ms() ? script.starts_ms() : hold);
  const std::uint64_t end = std::max(start, Later(arrival, script.after_ms()));
  const bool never = script.end() == control::v1::SCRIPT_END_NEVER;
  acts.push_back({ActKind::kStart, start, 0});
  for (const auto& progress : script.progress()) {
    const std::uint64_t at = Later(arrival, progress.at_ms());
    if (IsTracked() && at >= start && (never || at <= end)) {
      acts.push_back({ActKind::kProgress, at, progress.percent()});
    }
  }
  if (!never) {
    acts.push_back({ActKind::kEnd, end, 0});
  }
  Sort(acts);
  return acts;
}

void TargetModel::Offer(Work& work) {
  work.offered = true;
  if (work.life_end_ms <= world_.now_ms) {
    return Apply(TargetRow::kTtlEnds, &work, nullptr, nullptr);
  }
  work.script.Clear();
  work.script.set_end(control::v1::SCRIPT_END_SUCCESS);
  const auto found = scripts_.find({work.source, work.maker});
  if (found != scripts_.end()) {
    work.script = found->second;
  }
  work.acts = ActsOf(work.script, work.arrival_ms);
  DoDueActs(work);
}

void TargetModel::DoDueActs(Work& work) {
  while (!work.acts.empty() && IsDue(work.acts.front(), world_.now_ms) && !work.HasEnded()) {
    const HandlerAct act = work.acts.front();
    work.acts.erase(work.acts.begin());
    DoAct(work, act);
  }
  if (!work.acts.empty() && !work.HasEnded()) {
    world_.timers.Arm(work.source, work.maker, ack::v1::TIMER_KIND_HANDLER, work.acts.front().at_ms,
                      "CMB-CTL-017");
  }
}

void TargetModel::DoAct(Work& work, const HandlerAct& act) {
  switch (act.kind) {
    case ActKind::kHold:
      work.hold_end_ms = Later(work.arrival_ms, std::min(work.script.hold_ms(), kHundredYearsMs));
      if (work.hold_end_ms > world_.now_ms) {
        Apply(TargetRow::kHandlerHolds, &work, nullptr, &act);
      }
      return;
    case ActKind::kStart: {
      const bool announced =
          IsTracked() && (work.script.has_starts_ms() || work.was_held || HoldsByScript(work));
      Passes(work);
      return Apply(announced ? TargetRow::kHandlerStartsAnnounced : TargetRow::kHandlerStarts,
                   &work, nullptr, &act);
    }
    case ActKind::kProgress:
      return Apply(TargetRow::kHandlerProgresses, &work, nullptr, &act);
    case ActKind::kEnd:
      return Apply(
          work.script.end() == control::v1::SCRIPT_END_REJECTED  ? TargetRow::kHandlerRefuses
          : work.script.end() == control::v1::SCRIPT_END_FAILURE ? TargetRow::kHandlerFails
                                                                 : TargetRow::kHandlerSucceeds,
          &work, nullptr, &act);
  }
}

bool TargetModel::HoldsByScript(const Work& work) const {
  return work.script.has_hold_ms() && world_.history.Declares(ack::v1::FEATURE_CONDITIONAL_ACK);
}

void TargetModel::TellHandler(Work& work) {
  if (work.script.ends_with_life()) {
    work.ends_with_life = true;
    const std::size_t first = world_.expected.items.size();
    Apply(TargetRow::kHandlerFails, &work, nullptr, nullptr);
    RestsOn("CMB-TGT-014", first);
  }
}

// That the events from `first` on come at all, and of which state they tell; what is sent because
// of them has its own sentence.
void TargetModel::RestsOn(std::string_view requirement, std::size_t first) {
  for (std::size_t i = first; i < world_.expected.items.size(); ++i) {
    ExpectedItem& item = world_.expected.items[i];
    if (std::holds_alternative<ack::v1::Event>(item.what)) {
      item.fields.emplace_back("missing", requirement);
      item.fields.emplace_back("transition.new_state", requirement);
    }
  }
}

void TargetModel::AskToStop(Work& work) {
  work.asked_to_stop = true;
  if (work.script.on_cancel() == control::v1::SCRIPT_ON_CANCEL_IGNORE) {
    return;
  }
  NowOrAfterBatch([this, name = Name{work.source, work.maker}] {
    Apply(TargetRow::kHandlerStops, Find(name.first, name.second), nullptr, nullptr);
    ServeStreams();
  });
}

// ---------------------------------------------------------------- streams

void TargetModel::ComesInStream(const ack::v1::CognitiveMessage& header) {
  const Work* known = Find(header.source(), header.message_id());
  if (known != nullptr && !known->is_tombstone) {
    return;  // Only a first copy comes.
  }
  ForgetOver({header.source(), header.stream_id()});
  const auto [found, is_new] = streams_.try_emplace({header.source(), header.stream_id()});
  Stream& stream = found->second;
  if (stream.come.empty() && stream.passed == 0) {
    stream.passed = header.sequence() - 1;
  }
  stream.come.insert(header.sequence());
}

// CHO-005: where only records whose time is over are left of a stream, they decide where it begins.
void TargetModel::ForgetOver(const Name& stream) {
  std::vector<const Work*> over;
  for (const Work& work : works_) {
    if (work.source == stream.first && work.HasMessageOf(stream.second)) {
      if (!work.HasEnded() || world_.now_ms <= work.remember_until_ms) {
        return;
      }
      over.push_back(&work);
    }
  }
  if (!over.empty() && world_.Choose("CHO-005") == 0) {
    std::for_each(over.begin(), over.end(), [this](const Work* work) { Forget(*work); });
  }
}

void TargetModel::Passes(const Work& work) {
  if (work.sequence != 0 && !work.stream.empty() && IsOrdered()) {
    Stream& stream = streams_[{work.source, work.stream}];
    stream.passed = std::max(stream.passed, work.sequence);
  }
}

bool TargetModel::StandsInLine(const Work& work) const {
  return IsOrdered() && !work.stream.empty() &&
         std::any_of(works_.begin(), works_.end(), [&](const Work& other) {
           return &other != &work && other.source == work.source && !other.stream.empty();
         });
}

// CMB-ORD-003: no lower number that is not passed is missing or still to start.
bool TargetModel::MayBeOffered(const Work& work, const Stream& stream, bool is_restart) const {
  if (work.sequence == 0 || work.sequence <= stream.passed) {
    return true;
  }
  const auto first = stream.come.upper_bound(stream.passed);
  const auto last = stream.come.lower_bound(work.sequence);
  const auto between = static_cast<std::uint64_t>(std::distance(first, last));
  if (between != work.sequence - stream.passed - 1) {
    return false;
  }
  return std::none_of(works_.begin(), works_.end(), [&](const Work& other) {
    return other.source == work.source && other.stream == work.stream && &other != &work &&
           other.state == ack::v1::STATE_RECEIVED && other.sequence > stream.passed &&
           other.sequence < work.sequence && !(is_restart && other.life_end_ms <= world_.now_ms);
  });
}

void TargetModel::ServeStreams() {
  if (!IsOrdered()) {
    return;
  }
  std::set<Name> names;
  for (const Work& work : works_) {
    if (!work.stream.empty() && !work.is_tombstone && work.state == ack::v1::STATE_RECEIVED) {
      names.insert({work.source, work.stream});
    }
  }
  for (const Name& name : names) {
    if (NextIn(name) != nullptr) {
      NowOrAfterBatch([this, name] {
        while (Work* next = NextIn(name)) {
          Offer(*next);
        }
      });
    }
  }
}

// Null: nobody's turn has come.
Work* TargetModel::NextIn(const Name& name) {
  Work* next = nullptr;
  for (Work& work : works_) {
    if (work.source != name.first || work.stream != name.second || work.HasEnded()) {
      continue;
    }
    if (work.offered || world_.timers.Find(work.source, work.maker, ack::v1::TIMER_KIND_HANDLER)) {
      return nullptr;  // One at a time; after a restart the first has the turn when its timer
                       // fires.
    }
    if (MayBeOffered(work, streams_[name]) && (next == nullptr || work.place < next->place)) {
      next = &work;
    }
  }
  return next;
}

}  // namespace cmb::conformance::oracle::tables::target
