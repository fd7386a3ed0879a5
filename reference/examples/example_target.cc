// example-target: does what it is sent, until nothing has come for a minute.
#include <iostream>

#include "reference/endpoint/module_endpoint.h"

int main() {
  using namespace std::chrono_literals;
  cmb::reference::ModuleEndpoint target({.module_id = "target"});
  while (const auto work = target.Recv(60s)) {
    std::cout << work->source << " says " << work->payload << std::endl;
    if (work->payload.empty()) {
      target.Fail(*work, cmb::ack::v1::ERROR_CODE_VALIDATION_ERROR, "nothing to do");
    } else {
      target.Succeed(*work, "done");
    }
  }
}
