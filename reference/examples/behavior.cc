// behavior: does what it is asked in four steps, says after each how far it is,
// and stops between two of them if it is cancelled. Prints its events. Ends when
// nothing has come for a minute.
#include <iostream>

#include "reference/endpoint/endpoint_environment.h"
#include "reference/sinks/event_line.h"

namespace {

using namespace std::chrono_literals;
using cmb::reference::ModuleEndpoint;

constexpr std::uint32_t kSteps = 4;
constexpr std::uint32_t kPercentOfAStep = 25;

// False: it was cancelled.
bool DoInSteps(ModuleEndpoint& behavior, const cmb::reference::Received& work) {
  for (std::uint32_t step = 1; step <= kSteps; ++step) {
    if (behavior.IsCancelled(work)) {
      return false;
    }
    behavior.Report(work, {.percent = step * kPercentOfAStep, .done = step, .total = kSteps});
  }
  return true;
}

}  // namespace

int main() {
  ModuleEndpoint behavior(cmb::reference::FromEnvironment({
      .module_id = "behavior",
      .on_event =
          [](const auto& event) { std::cout << cmb::reference::EventLine(event) << std::endl; },
  }));
  if (behavior.WaitUntilReady(60s)) {
    std::cout << "behavior is ready" << std::endl;
  }
  while (const auto work = behavior.Recv(60s)) {
    if (DoInSteps(behavior, *work)) {
      behavior.Succeed(*work, "gripped");
    } else {
      behavior.Stopped(*work);
    }
  }
}
