// Whose turn it is: of the works of one (source, stream_id) one at a time has
// the turn. Those with a number go in the order of their numbers and wait for
// one that is missing below them; the others go in the order in which they came.
//
// A part of the target core, used where feature `ordered` is on. Threads: not
// safe; owned by one Target. Spec: CMB-ORD-002, CMB-ORD-003.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/work.h"

namespace cmb::lifecycle {

class StreamLines {
 public:
  using Stream = std::pair<ModuleId, StreamId>;

  // A message of the stream has come, with its number or 0. It is remembered
  // until as many are forgotten as have come.
  void Come(const Stream& stream, std::uint64_t number);
  void Forget(const Stream& stream);

  // No number up to this one is waited for any more.
  void Pass(const Stream& stream, std::uint64_t number);

  // The work stands in the line of its stream; its message has come.
  void Enter(const Work& work);
  // It runs on, and so has the turn.
  void Resume(const Work& work);
  // It stands there no more, if it did, and gives up the turn, if it had it.
  void Leave(const Work& work);

  // Gives the turn to the next who may have it. Absent: somebody has it, or who
  // waits must wait on.
  std::optional<MessageKey> Next(const Stream& stream);

 private:
  struct Place {
    MessageKey name;
    std::uint64_t number = 0;
  };
  struct Line {
    std::map<std::uint64_t, Place> places;  // By Work::turn.
    std::optional<std::uint64_t> turn;      // Whose it is.
    std::optional<std::uint64_t> passed;    // Absent: no number has come.
    std::set<std::uint64_t> come;           // Above `passed`.
    std::size_t held = 0;

    bool IsPassed(std::uint64_t number) const { return number <= passed.value_or(0); }
    std::optional<std::uint64_t> FirstByNumber() const;
    std::optional<std::uint64_t> FirstByTurn() const;
  };
  std::map<Stream, Line> lines_;
};

StreamLines::Stream StreamOf(const Work& work);

}  // namespace cmb::lifecycle
