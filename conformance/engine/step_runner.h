// Runs the steps of a case in order: acts, clock moves, observations; keeps the
// `never`s that watch to the end; turns a difference into a miss with its place
// and its blamed requirement, an advice (SHOULD) or a note (MAY). Called by
// RunCase. One thread. Scenario language, sections 4 and 10.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/actor.h"
#include "conformance/engine/case_result.h"
#include "conformance/engine/look.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/observer.h"
#include "conformance/engine/pics_gate.h"
#include "conformance/engine/recorder.h"
#include "conformance/engine/timeline.h"
#include "conformance/engine/window.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class StepRunner {
 public:
  // All outlive the runner; `result` receives misses, advice, choices.
  StepRunner(const scenario::Case& scenario, const PicsGate& pics, Actor& actor, Observer& observer,
             Recorder& recorder, Timeline& timeline, Window& window, const MessageBook& book,
             CaseResult& result, bool frames_only = false);

  // Runs until the end, the first MUST that is missed (then `result.misses` has
  // it), or a halt.
  MaybeHalt Run();

  // The step that was run last. Null: none was.
  const scenario::Step* step() const { return step_; }

 private:
  // A `never` without `for`, from its step to the end.
  struct Watch {
    const scenario::Step* step = nullptr;
    std::size_t checked = 0;  // Items before this index are no matter.
  };

  MaybeHalt RunStep(const scenario::Step& step);
  MaybeHalt RunAdvance(const scenario::Step& step, const scenario::Advance& advance);
  MaybeHalt RunUntilQuiet(const scenario::Step& step);
  MaybeHalt RunActs(const std::vector<scenario::Step>& acts, Timers timers);
  MaybeHalt Observe(const scenario::Step& step);
  Look LookAt(const scenario::Step& step);
  // Only what frames show of it; the clock moves as if all was seen.
  Look LookAtFrames(const scenario::Step& step);
  Look Choose(const scenario::Step& step, const scenario::OneOf& one_of);
  // Whether the branch holds; its watches, advice and notes are then kept.
  Look TryBranch(const scenario::Branch& branch);
  // Files what an observation found. True: the case goes on.
  scenario::Level LevelOf(const scenario::Step& step) const;
  void File(const scenario::Step& step, const Look& look);
  void CheckWatches();
  std::string Blame(const scenario::Step& step, const Difference& difference) const;
  Miss MissOf(const scenario::Step& step, const Difference& difference) const;
  bool Failed() const { return !result_.misses.empty(); }

  const scenario::Case& scenario_;
  const PicsGate& pics_;
  Actor& actor_;
  Observer& observer_;
  Recorder& recorder_;
  Timeline& timeline_;
  Window& window_;
  const MessageBook& book_;
  CaseResult& result_;
  const bool frames_only_;
  const scenario::Step* step_ = nullptr;
  std::vector<Watch> watches_;
};

}  // namespace cmb::conformance::engine
