// Does what the acts of a scenario say: the application's acts over the control
// channel, everything else as frames of the suite's peers. Each act is an
// Advance of its own, after which the instant is played until nothing is
// pending. Called by the step runner and by `given`. One thread. Scenario
// language, sections 4 and 5.
#pragma once

#include <string>
#include <vector>

#include "conformance/engine/frame_factory.h"
#include "conformance/engine/halt.h"
#include "conformance/engine/link.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/timeline.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class Actor {
 public:
  // All outlive the actor.
  Actor(const scenario::Case& scenario, MessageBook& book, FrameFactory& factory,
        Timeline& timeline, Link& link);

  // Whether the step is an act and not a clock move or an observation.
  static bool IsAct(const scenario::Step& step);

  // Does the act, `repeat` times. kHold: before the timers of this instant.
  // REQUIRES: IsAct(step).
  MaybeHalt Do(const scenario::Step& step, Timers timers = Timers::kFire);

  // One message, sent by whoever its `from` is.
  MaybeHalt SendMessage(const std::string& alias, Timers timers = Timers::kFire);

  // One ACK about one message, as a correct peer would say it.
  MaybeHalt PutAck(const scenario::AckAct& act, const std::string& alias,
                   Timers timers = Timers::kFire);

 private:
  using Group = std::vector<WireMessage>;

  // Does one act once. With `group` its frames are collected for one Advance,
  // and the instant is not played.
  MaybeHalt DoOnce(const scenario::Step& step, Timers timers, Group* group);
  MaybeHalt SendOne(const std::string& alias, Timers timers, Group* group);
  MaybeHalt SendByApplication(const scenario::Message& message);
  MaybeHalt Script(Known& known, const scenario::Work& work);
  MaybeHalt ResendOne(const scenario::Resend& act, const std::string& alias, Timers timers,
                      Group* group);
  MaybeHalt AckOne(const scenario::AckAct& act, const std::string& alias, Timers timers,
                   Group* group);
  MaybeHalt BatchOnce(const scenario::Batch& act, Timers timers, Group* group);
  MaybeHalt AskOnce(const scenario::Ask& act, Timers timers, Group* group);
  // Processes and connections. Absent in `handled`: the step is no such act.
  MaybeHalt ChangeOnce(const scenario::Step& step, Timers timers, bool& handled);
  std::string PartOf(const std::string& role) const;
  MaybeHalt StartIut(const std::string& role, Timers timers);
  MaybeHalt CancelOne(const std::string& alias, Timers timers, Group* group);
  MaybeHalt DoTogether(const scenario::Together& act, Timers timers);
  MaybeHalt Play(Timers timers, const Group* group);
  Bending BendingOf(const scenario::AckAct& act, const Known& known) const;

  const scenario::Case& scenario_;
  MessageBook& book_;
  FrameFactory& factory_;
  Timeline& timeline_;
  Link& link_;
};

}  // namespace cmb::conformance::engine
