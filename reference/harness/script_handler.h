// The target's application in a test: carries out the ScriptExecution of each
// message, on the case's clock. Without a script it succeeds at once.
//
// Acts due at the present instant are done at once; the next one waits as a
// HANDLER timer. BASIC: a script's progress, hold and on_cancel say nothing
// here, since a BASIC target emits no IN_PROGRESS and works on through a
// CANCEL. Threads: the harness's one. Spec: chapter "The control channel".
#pragma once

#include <deque>
#include <functional>
#include <map>

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
    std::function<void(const lifecycle::MessageKey&)> started;
    std::function<void(const lifecycle::MessageKey&, const lifecycle::HandlerEnd&)> ended;
  };

  // `clock` outlives the handler.
  explicit ScriptHandler(const Clock& clock) : clock_(clock) {}

  void SetAnswers(Answers answers) { answers_ = std::move(answers); }

  // Comes before the message it is about; the last one for a message counts.
  void Add(const control::v1::ScriptExecution& script);

  // Forgets every script and whatever was planned.
  void Clear();

  void Offer(Work work) override;
  void Drop(const lifecycle::MessageKey& key) override;

  std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const override;
  std::vector<lifecycle::Timer> Timers() const override { return timers_.All(); }
  bool FireNext(lifecycle::TimerClass timer_class) override;

 private:
  // One thing the handler will do: start, or (with an end) end.
  struct Act {
    lifecycle::Instant at;
    std::optional<lifecycle::HandlerEnd> end;
  };
  using Plan = std::deque<Act>;

  lifecycle::Instant Now() const;
  Plan PlanOf(const control::v1::ScriptExecution& script) const;
  // Does what is due and arms the timer for what is not.
  void Proceed(const lifecycle::MessageKey& key);

  const Clock& clock_;
  Answers answers_;
  std::map<lifecycle::MessageKey, control::v1::ScriptExecution> scripts_;
  std::map<lifecycle::MessageKey, Plan> plans_;
  lifecycle::TimerTable timers_;
};

}  // namespace cmb::reference
