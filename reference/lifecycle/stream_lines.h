// Whose turn it is: of the works of one (source, stream_id) one at a time has
// the turn, the others stand in line in the order in which they came.
//
// A part of the target core, used where feature `ordered` is on. Threads: not
// safe; owned by one Target. Spec: CMB-ORD-002.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/work.h"

namespace cmb::lifecycle {

class StreamLines {
 public:
  // Puts the work into the line of its stream. True: nobody had the turn, the
  // work has it now.
  bool Enter(const Work& work);

  // Takes the work out of its line, if it stands there, and gives the turn on
  // if the work had it. Absent: nobody gets the turn by it.
  std::optional<WorkKey> Leave(const Work& work);

 private:
  struct Line {
    std::map<std::uint64_t, WorkKey> works;  // By Work::turn.
    std::uint64_t turn = 0;                  // Whose turn it is.
  };
  std::map<std::pair<ModuleId, StreamId>, Line> lines_;
};

}  // namespace cmb::lifecycle
