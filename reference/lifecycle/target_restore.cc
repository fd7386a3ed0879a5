// A target's works across a restart: their images, and what is done with them.
// Spec: chapter "Persistence and recovery".
#include <algorithm>
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
    pending_.Move(State::kUnspecified, image.state);
    works.push_back(&table_.Insert(std::move(image)));
  }
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
  return effects;
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
      core.lines_.Enter(work);
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
    for (const MessageId& id : work.order) {  // CMB-DUR-008.
      const Attachment& attachment = work.messages.at(id);
      Answer(id, attachment.highest_attempt, attachment.untold);
    }
  }
}

// CMB-DUR-004, CMB-DUR-009. The record says RECEIVED, so the handler has not started.
void TargetStep::OfferAgain() {
  for (const MessageId& id : work.order) {  // CMB-DUR-017.
    const Attachment& attachment = work.messages.at(id);
    for (const RouterName& router : attachment.routers) {
      SendReceipt(id, attachment.highest_attempt, router);
    }
  }
  // Whose life has ended meanwhile is not offered: its timer is due.
  timers().Arm(work.name, TimerKind::kTtl, std::max(work.expires, now));
  work.waiting = LifeIsOver() || (IsOrdered() && !core.lines_.Enter(work));
  if (!work.waiting) {
    effects.push_back(OfferOf(true));
  }
}

}  // namespace cmb::lifecycle
