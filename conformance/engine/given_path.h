// Takes messages to the states where a case begins, by the shortest correct
// path, and confirms each with GetTransaction. A state that is not reached is a
// precondition (inconclusive), never a fail: the plain-path scenarios carry
// that blame. Called once, before the steps. One thread. Scenario language,
// section 3.
#pragma once

#include <string>
#include <vector>

#include "conformance/engine/actor.h"
#include "conformance/engine/facts.h"
#include "conformance/engine/halt.h"
#include "conformance/engine/peers.h"
#include "conformance/engine/timeline.h"
#include "conformance/engine/window.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

// Changes the fields of messages in `given` as their path needs: max_retries 0
// for TIMEOUT_ABORT, the target's work, a target that is absent. Before the
// case begins.
void PrepareGiven(scenario::Case& scenario);

// Module that no case ever connects: where `given: REJECTED` is sent.
inline constexpr char kNobody[] = "nobody";

class GivenPath {
 public:
  // All outlive the path.
  GivenPath(const scenario::Case& scenario, FrameFactory& factory, Actor& actor, Facts& facts,
            const MessageBook& book, const Window& window, Timeline& timeline, Peers& peers);

  // Walks every path. Those that need time go first, so that the others begin
  // at the instant at which the steps begin.
  MaybeHalt Walk();

 private:
  MaybeHalt WalkAll(bool timed);
  MaybeHalt WalkPart(const scenario::Given& given);
  MaybeHalt WalkSender(const std::string& alias, ack::v1::State state);
  MaybeHalt WalkRouter(const std::string& alias, ack::v1::State state);
  MaybeHalt WalkTarget(const std::string& alias, ack::v1::State state);
  // Moves the clock until the message enters the state, at most to the end of
  // its timer.
  MaybeHalt AwaitState(const scenario::Given& given);
  MaybeHalt Confirm(const scenario::Given& given);
  MaybeHalt Ack(const std::string& alias, ack::v1::AckType type, ack::v1::Status status,
                ack::v1::ErrorCode code = {});
  bool NeedsTime(const scenario::Given& given) const;
  bool Entered(const std::string& alias, ack::v1::State state) const;

  const scenario::Case& scenario_;
  FrameFactory& factory_;
  Actor& actor_;
  Facts& facts_;
  const MessageBook& book_;
  const Window& window_;
  Timeline& timeline_;
  Peers& peers_;
};

}  // namespace cmb::conformance::engine
