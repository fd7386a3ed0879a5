// example-sender: sends one message and says what becomes of it.
#include <iostream>

#include "reference/endpoint/module_endpoint.h"
#include "reference/sinks/event_line.h"

int main() {
  using namespace std::chrono_literals;
  cmb::reference::ModuleEndpoint sender({.module_id = "sender"});
  sender.Send("main", "target", {.payload = "hello", .ttl = 30s});
  for (auto state = cmb::ack::v1::STATE_IDLE; state < cmb::ack::v1::STATE_COMPLETED_SUCCESS;) {
    for (const auto& event : sender.WaitForEvents(60s)) {
      std::cout << cmb::reference::EventLine(event) << std::endl;
      if (event.has_transition()) {
        state = event.transition().new_state();
      }
    }
  }
}
