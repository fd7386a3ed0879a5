// Time that passed while this process itself did not run: it was stopped, or the virtual machine
// was paused. Waits find it (wait.h), deadlines do not count it, and the runner asks for it before
// it holds a silence against the implementation. Any thread.
#pragma once

#include <chrono>

namespace cmb::conformance {

// Waits ask for no longer than this at once, so that a stop shows as a wait that took too long.
inline constexpr std::chrono::milliseconds kLongestPoll{200};

// A busy machine wakes a process that late; what is more than that was no waiting.
inline constexpr std::chrono::milliseconds kLateWakeUp{1'000};

// A wait for `asked` took `took`.
void NoteWait(std::chrono::milliseconds asked, std::chrono::milliseconds took);

// Since the process began: what waits lost, and what the machine slept (its boot time runs on while
// its monotonic clock stands).
std::chrono::milliseconds LostInWaits();
std::chrono::milliseconds SleptByMachine();

}  // namespace cmb::conformance
