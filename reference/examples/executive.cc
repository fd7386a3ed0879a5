// executive: asks behavior to grip, and prints each ACK as it becomes an event,
// until the transaction is DONE or has FAILED. Addresses come from the
// environment: reference/endpoint/endpoint_environment.h.
#include <cstdlib>
#include <iostream>

#include "reference/endpoint/endpoint_environment.h"
#include "reference/sinks/event_line.h"

namespace {

using namespace std::chrono_literals;

// Prints what happens to the message until it has ended; false: nothing more
// came in time.
bool PrintUntilItEnds(cmb::reference::ModuleEndpoint& executive) {
  for (;;) {
    const auto events = executive.WaitForEvents(60s);
    if (events.empty()) {
      return false;
    }
    for (const auto& event : events) {
      std::cout << cmb::reference::EventLine(event) << std::endl;
      if (event.transition().certainty() != cmb::ack::v1::CERTAINTY_UNSPECIFIED) {
        return true;  // Only the end of a message says how certain it is.
      }
    }
  }
}

}  // namespace

int main() {
  using cmb::reference::FromEnvironment;
  cmb::reference::ModuleEndpoint executive(FromEnvironment({.module_id = "executive"}));
  const auto id = executive.Send("main", "behavior", {.payload = "grip", .ttl = 60s});
  if (!PrintUntilItEnds(executive)) {
    return EXIT_FAILURE;
  }
  const auto record = executive.GetTransaction(id);
  std::cout << "transaction " << id << " is " << record->views().cmb_v0() << std::endl;
  return record->views().cmb_v0() == "DONE" ? EXIT_SUCCESS : EXIT_FAILURE;
}
