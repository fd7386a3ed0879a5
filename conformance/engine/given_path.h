// Takes messages to the states where a case begins, by the shortest correct
// path, and confirms each with GetTransaction. A state that is not reached
// although its frames were correct is a breach of the sentence that moves the
// record. Called once, before the steps. One thread. Scenario language,
// section 3.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/actor.h"
#include "conformance/engine/facts.h"
#include "conformance/engine/given_stages.h"
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
  // All outlive the path. `is_core`: the IUT claims no more, and may pass DELIVERED over.
  GivenPath(const scenario::Case& scenario, FrameFactory& factory, Actor& actor, Facts& facts,
            const MessageBook& book, const Window& window, Timeline& timeline, Peers& peers,
            bool frames_only, bool is_core);

  // Walks every path. Those that need time go first, so that the others begin
  // at the instant at which the steps begin. A state that is not reached is a miss.
  MaybeHalt Walk(std::vector<Miss>& misses);

 private:
  using Record = ack::v1::TransactionRecord;
  struct Walked {
    std::string alias;
    GivenStage stage;
    Moment done;
  };

  MaybeHalt WalkAll(bool timed);
  MaybeHalt WalkPart(const scenario::Given& given);
  MaybeHalt Do(const std::string& alias, const GivenStage& stage);
  // Moves the clock until the message enters the state, at most to the end of
  // its timer.
  MaybeHalt AwaitState(const scenario::Given& given);
  MaybeHalt Confirm(const scenario::Given& given, std::vector<Miss>& misses);
  // The same by frames: only the end of a delivery shows there.
  void ConfirmByFrames(const scenario::Given& given, std::vector<Miss>& misses);
  // The first stage whose move was not made is to blame.
  Miss MissOf(const scenario::Given& given, const std::optional<Record>& record) const;
  bool NeedsTime(const scenario::Given& given) const;
  bool Made(const Walked& walked, bool has_record) const;
  // An event told that the record moved.
  bool IsTold(const std::string& alias) const;
  // Null: all that lead to its state were.
  const Walked* FirstNotMade(const std::string& alias, bool has_record) const;
  bool Entered(const std::string& alias, ack::v1::State state) const;

  const scenario::Case& scenario_;
  FrameFactory& factory_;
  Actor& actor_;
  Facts& facts_;
  const MessageBook& book_;
  const Window& window_;
  Timeline& timeline_;
  Peers& peers_;
  const bool frames_only_;
  const bool is_core_;
  std::vector<Walked> walked_;
};

}  // namespace cmb::conformance::engine
