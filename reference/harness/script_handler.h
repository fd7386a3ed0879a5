// The target's application in a test: carries out the ScriptExecution of each
// message, on the case's clock. Without a script it succeeds at once
// (CMB-CTL-017).
//
// Acts due at the present instant are done at once; the next one waits as a
// HANDLER timer. What is overdue when the work is offered happens with the
// offer; work that is offered again after a restart waits for its timer, so
// that its script can be sent anew. What the target's profile or features leave
// unsaid, its core leaves out. Threads: the harness's one. Spec: chapter "The
// control channel".
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <variant>

#include "cmb/control/v1/control.pb.h"
#include "reference/endpoint/work_handler.h"
#include "reference/lifecycle/target.h"
#include "reference/lifecycle/timers.h"
#include "reference/shell/clock.h"
#include "reference/shell/timer_source.h"

namespace cmb::reference {

class ScriptHandler : public WorkHandler, public TimerSource {
 public:
  // To whom the handler says what it did.
  struct Answers {
    std::function<void(const lifecycle::MessageKey&, lifecycle::Duration)> held;
    std::function<void(const lifecycle::MessageKey&, const lifecycle::HandlerStart&)> started;
    std::function<void(const lifecycle::MessageKey&, const lifecycle::HandlerProgress&)> progressed;
    std::function<void(const lifecycle::MessageKey&, const lifecycle::HandlerEnd&)> ended;
    std::function<void(const lifecycle::MessageKey&)> stopped;
  };

  // `clock` outlives the handler.
  explicit ScriptHandler(const Clock& clock) : clock_(clock) {}

  // `holds`: feature conditional_ack is on; else a script's hold says nothing. `progresses`:
  // TRACKED; else its progress says nothing.
  void SetAnswers(Answers answers, bool holds, bool progresses) {
    answers_ = std::move(answers);
    holds_ = holds;
    progresses_ = progresses;
  }

  // Comes before the message it is about; the last one for a message counts.
  void Add(const control::v1::ScriptExecution& script);

  // Forgets every script and whatever was planned.
  void Clear();

  void Offer(Work work) override;
  void Drop(const lifecycle::MessageKey& key) override;
  void Cancel(const lifecycle::MessageKey& key) override;
  void LifeEnded(const lifecycle::MessageKey& key) override;
  void Resume(Work work) override;

  std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const override;
  std::vector<lifecycle::Timer> Timers() const override { return timers_.All(); }
  bool FireNext(lifecycle::TimerClass timer_class) override;

 private:
  // One thing the handler will do.
  struct Act {
    lifecycle::Instant at;
    std::variant<lifecycle::Duration, lifecycle::HandlerStart, lifecycle::HandlerProgress,
                 lifecycle::HandlerEnd>
        what;  // A Duration is a hold.
  };
  using Plan = std::deque<Act>;

  lifecycle::Instant Now() const;
  const control::v1::ScriptExecution& ScriptOf(const lifecycle::MessageKey& key) const;
  Plan PlanOf(const control::v1::ScriptExecution& script, lifecycle::Instant arrived) const;
  // From now on the script that is there now; one that comes later changes nothing of the work.
  void Follow(const lifecycle::MessageKey& key, lifecycle::Instant arrived);
  void Do(const lifecycle::MessageKey& key, const Act& act);
  // Does what is due and arms the timer for what is not.
  void Proceed(const lifecycle::MessageKey& key);

  const Clock& clock_;
  Answers answers_;
  bool holds_ = false;
  bool progresses_ = false;
  std::map<lifecycle::MessageKey, control::v1::ScriptExecution> scripts_;
  std::map<lifecycle::MessageKey, Plan> plans_;
  std::map<lifecycle::MessageKey, control::v1::ScriptOnCancel> on_cancel_;  // Of followed scripts.
  std::set<lifecycle::MessageKey> ends_with_life_;                          // Likewise.
  std::map<lifecycle::MessageKey, lifecycle::Instant> again_;  // Arrivals; offered again.
  lifecycle::TimerTable timers_;
};

}  // namespace cmb::reference
