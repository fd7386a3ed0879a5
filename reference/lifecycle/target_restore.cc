// A target's works across a restart: their images, and what is done with them.
// Spec: chapter "Persistence and recovery".
#include <algorithm>
#include <set>
#include <utility>

#include "reference/lifecycle/target_step.h"

namespace cmb::lifecycle {

std::optional<WorkImage> Target::Image(const MessageKey& key) const {
  const Work* work = table_.FindMessage(key);
  return work == nullptr ? std::nullopt : std::optional(*work);
}

void Target::OnEndTold(const MessageKey& key, const RouterName& via) {
  if (Work* work = table_.FindMessage(key)) {
    work->messages.at(key.id).untold.erase(via);
  }
}

Effects Target::Restore(std::vector<WorkImage> images, Instant now) {
  std::sort(images.begin(), images.end(),
            [](const Work& a, const Work& b) { return a.turn < b.turn; });
  std::vector<Work*> works;
  for (WorkImage& image : images) {
    works_ = std::max(works_, image.turn);
    for (const auto& [id, attachment] : image.messages) {
      works_ = std::max(works_, attachment.came);
    }
    pending_.Move(State::kUnspecified, image.state);
    works.push_back(&table_.Insert(std::move(image)));
  }
  RestoreStreams(works);
  Effects effects;
  for (Work* work : works) {
    TargetStep{*this, *work, now, effects}.Restore();
  }
  // What runs on has its turn in its stream before what waits.
  for (Work* work : works) {
    if (work->state == State::kReceived) {
      TargetStep{*this, *work, now, effects}.OfferAgain();
    }
  }
  OfferInTurn(works, now, effects);
  return effects;
}

// In the order in which the works came, of streams or of none (CMB-CTL-038).
void Target::OfferInTurn(const std::vector<Work*>& works, Instant now, Effects& effects) {
  std::set<MessageKey> first;  // Of their streams.
  for (const StreamLines::Stream& stream : std::exchange(turns_, {})) {
    if (const auto name = lines_.Next(stream)) {
      first.insert(*name);
    }
  }
  for (Work* work : works) {
    if (work->state == State::kReceived && (!work->waiting || first.contains(work->name))) {
      TargetStep{*this, *work, now, effects}.OnTurnAgain();
    }
  }
}

// What has come and what is passed, by the records that are left (CMB-ORD-003).
void Target::RestoreStreams(const std::vector<Work*>& works) {
  std::vector<std::pair<const Work*, const Attachment*>> come;
  for (const Work* work : works) {
    for (const auto& [id, attachment] : work->messages) {
      if (!attachment.stream.empty()) {
        come.emplace_back(work, &attachment);
      }
    }
  }
  std::stable_sort(come.begin(), come.end(),
                   [](const auto& a, const auto& b) { return a.second->came < b.second->came; });
  for (const auto& [work, attachment] : come) {
    lines_.Come({work->key.source, attachment->stream}, attachment->sequence);
  }
  for (const Work* work : works) {
    const bool started = std::any_of(work->messages.begin(), work->messages.end(),
                                     [](const auto& each) { return each.second.executions > 0; });
    if (!work->stream.empty() && (started || work->reason == Reason::kTtlExpired)) {
      lines_.Pass(StreamOf(*work), work->messages.at(work->name.id).sequence);
    }
  }
}

void TargetStep::Restore() {
  if (work.state == State::kExecuting && !work.resumable) {  // CMB-DUR-006.
    AckOut answer;
    answer.type = AckType::kExecutionAck;
    answer.status = Status::kFailure;
    answer.code = ErrorCode::kInterrupted;
    End(State::kFailed, Reason::kInterrupted, std::move(answer), nullptr);
  } else if (work.state == State::kExecuting) {
    if (IsOrdered()) {
      core.lines_.Resume(work);
    }
    effects.push_back(
        ResumeWork{work.name, work.key.key, work.offered_attempt, work.parcel, work.arrived});
    // What ended meanwhile is told now, and what was told may be told again.
    timers().Arm(work.name, TimerKind::kTtl, std::max(work.expires, now));
    SayAgainThatItRuns();
    if (work.cancel_asked) {
      effects.push_back(CancelWork{work.name});
    }
  } else if (IsEnded()) {
    ArmExpiry();
    if (!work.tombstone) {  // That has told nobody.
      TellUntold();
    }
  }
}

// CMB-DUR-008.
void TargetStep::TellUntold() {
  for (const MessageId& id : work.order) {
    const Attachment& attachment = work.messages.at(id);
    Answer(id, attachment.highest_attempt, attachment.untold);
  }
}

// CMB-DUR-004, CMB-DUR-009, CMB-DUR-019. The record says RECEIVED, so the handler has not started.
void TargetStep::OfferAgain() {
  for (const MessageId& id : work.order) {  // CMB-DUR-017.
    const Attachment& attachment = work.messages.at(id);
    for (const RouterName& router : attachment.routers) {
      SendReceipt(id, attachment.highest_attempt, router);
    }
  }
  // Whose life has ended meanwhile is not offered: its timer is due.
  timers().Arm(work.name, TimerKind::kTtl, std::max(work.expires, now));
  work.waiting = LifeIsOver() || IsOrdered();
  if (IsOrdered() && !LifeIsOver()) {
    core.lines_.Enter(work);
    core.turns_.insert(StreamOf(work));
  }
}

void TargetStep::OnTurnAgain() {
  work.waiting = false;
  effects.push_back(OfferOf(true));
}

}  // namespace cmb::lifecycle
