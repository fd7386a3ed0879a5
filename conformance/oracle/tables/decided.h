// What an IUT decides itself and nothing that goes in foretells: ids that it makes, waits that it
// draws. It says so by what it produces. No threads.
#pragma once

#include <cstdint>
#include <map>
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
};

Decided DecidedIn(const Seen& seen);

// A timer whose instant the IUT drew has fired at `now_ms` where what it causes is seen.
void SettleDrawn(const Seen& seen, std::uint64_t now_ms, TimerQueue& timers);

}  // namespace cmb::conformance::oracle::tables
