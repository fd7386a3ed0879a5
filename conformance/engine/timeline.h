// The discrete-event simulator of one case: the only part of the engine that
// moves the clock and puts frames on the wire. It merges the suite's scheduled
// frames with the IUT's deadlines and never steps over either; at one instant
// frames go first, then timers. Called by the actor, the observer and the
// peers. One thread. Scenario language, section 4; spec, chapter control
// channel.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/clock/event_queue.h"
#include "conformance/engine/halt.h"
#include "conformance/engine/item.h"
#include "conformance/engine/recorder.h"
#include "conformance/engine/window.h"
#include "conformance/lower_tester/bench.h"

namespace cmb::conformance::engine {

// Whether the timers of an instant fire when it is played: after the frames that come then,
// not yet, or in the Advance that brings these, before them.
enum class Timers { kFire, kHold, kFireFirst };

class Timeline {
 public:
  // Called for each item in the order of arrival, before it is in the window.
  using Hear = std::function<void(const Item&)>;

  Timeline(Bench& bench, Recorder& recorder, Window& window);

  void OnItem(Hear hear) { hear_ = std::move(hear); }

  std::uint64_t now_ms() const { return ToMs(now_); }
  // Of what happens next.
  Moment here() const { return recorder_.Next(now_ms()); }
  std::uint64_t advances() const { return advances_; }

  // These frames reach the IUT in one Advance, `delay_ms` from now.
  void Schedule(std::uint64_t delay_ms, std::vector<WireMessage> frames);
  // The same for something that a peer of the suite does.
  void Schedule(std::uint64_t delay_ms, std::function<void()> act);

  // Plays the present instant until nothing is pending at it. kHold: the timers
  // of this instant stay pending, so that acts may come before them.
  MaybeHalt PlayInstant(Timers timers = Timers::kFire);

  // Goes to `goal_ms`, or to the first instant after which `stop` says so.
  // Timers due at the last instant have fired, unless kHold.
  MaybeHalt MoveTo(std::uint64_t goal_ms, const std::function<bool()>& stop,
                   Timers at_goal = Timers::kFire);
  MaybeHalt MoveTo(std::uint64_t goal_ms) {
    return MoveTo(goal_ms, [] { return false; });
  }

  // Instant of the next protocol deadline or scheduled frame. Absent: quiet.
  std::optional<std::uint64_t> NextEventMs() const;

  // kill -9, and the start at the present instant: what its Begin brings is heard. Meanwhile the
  // clock moves without the IUT, and what is scheduled for it is lost.
  // `part`: of a system, the router or the target instead.
  MaybeHalt Crash(const std::string& part = "");
  MaybeHalt Start(const std::string& part = "");
  bool down() const { return down_; }

  // The wall clock alone jumps, and stays so for the processes to come; also while none is there.
  MaybeHalt JumpWall(const std::string& part, std::int64_t by_ms);

  // The connections of one module with a router IUT close or open.
  MaybeHalt Disconnect(const std::string& module);
  MaybeHalt Connect(const std::string& module);
  // ZeroMQ's queues from a router IUT to one module become full, or have room again.
  MaybeHalt Fill(const std::string& module, bool full);

  // A control request at the present instant. The items it brings are heard;
  // `before_items` runs first, with the exchange at hand.
  MaybeHalt Request(const control::v1::Request& request, control::v1::Reply& reply,
                    const std::function<void(const StepResult&)>& before_items = {});

 private:
  struct Due {
    std::vector<WireMessage> frames;
    std::function<void()> act;
  };

  MaybeHalt PlayAt(VirtualTime at, Timers timers);
  MaybeHalt PlayDue(Due due, VirtualTime at, Timers timers);
  MaybeHalt Advance(VirtualTime at, control::v1::Fire fire);
  void Take(const std::vector<Exchange>& exchanges);
  Halt Restless(std::string sentence) const;
  void TakeItems(std::vector<Item> items);
  MaybeHalt TakeChange(Result<StepResult> change);
  // Hands over what reaches the IUT. True: something did.
  MaybeHalt Inject(const std::vector<WireMessage>& frames, bool& any);
  std::optional<VirtualTime> Deadline() const;  // Of the protocol.
  bool DeadlineDue(VirtualTime at) const;

  Bench& bench_;
  Recorder& recorder_;
  Window& window_;
  Hear hear_;
  EventQueue<Due> queue_;
  VirtualTime now_;
  std::uint64_t advances_ = 0;
  std::size_t items_ = 0;  // That the IUT sent or told.
  bool down_ = false;
  std::int64_t wall_jump_ms_ = 0;  // Since the process began, or the one that is gone.
};

}  // namespace cmb::conformance::engine
