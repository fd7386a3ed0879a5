// What an IUT decides itself and nothing that goes in foretells: ids that it makes, waits that it
// draws. It says so by what it produces. No threads.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/timer_queue.h"

namespace cmb::conformance::oracle::tables {

struct Decided {
  std::vector<std::string> ids;  // Of redrives (10.2, 15.1).
  // Of its own jitter, by source and message_id.
  std::map<std::pair<std::string, std::string>, std::uint64_t> waits;
  bool conceals = false;  // That a send found nobody.
  // Messages that moved, with the state in which they are then, and those of which a retry waits.
  std::set<std::pair<std::string, ack::v1::State>> moves;
  std::set<std::string> retried;
};

Decided DecidedIn(const Seen& seen);

// The IUT said that a timer fires at `now_ms`: of those whose instants it drew, those of which
// something is seen, or one.
void SettleDrawn(const Seen& seen, std::uint64_t now_ms, TimerQueue& timers);

}  // namespace cmb::conformance::oracle::tables
