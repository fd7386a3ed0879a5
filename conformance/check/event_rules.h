// What can be judged of a module by its events alone (2.4, 20.1): their numbers and order, that
// each change of state is one that the tables have, starts where the one before ended and has a
// reason of theirs, that no work starts twice and no failure is silent. Frames, timers and what the
// application asked are not in a log, so that nothing is said of what they should have caused.
// Called by check. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/check/event_log.h"
#include "conformance/oracle/oracle.h"

namespace cmb::conformance::check {

struct EventsJudged {
  std::vector<oracle::Finding> findings;  // `entry` is the index into the log.
  std::vector<std::string> notes;         // For people: what is no breach, or was not judged.
};

EventsJudged JudgeEvents(const EventLog& log);

// On the monotonic clock of the module; 0: it does not say.
std::uint64_t InstantOf(const ack::v1::Event& event);

}  // namespace cmb::conformance::check
