// Peers who behave well by themselves, on links that lose, delay, double and break frames.
#include <map>

#include "conformance/explore/acts.h"
#include "conformance/explore/hostile.h"
#include "conformance/explore/numbers.h"

namespace cmb::conformance::explore {
namespace {

// Those that cross a link of the role under test.
const std::vector<std::string>& FramesOf(const std::string& role) {
  static const std::map<std::string, std::vector<std::string>> kFrames{
      {"sender", {"MESSAGE", "ROUTER_ACK", "DELIVERY_ACK", "EXECUTION_ACK"}},
      {"router", {"MESSAGE", "RECEIPT", "ROUTER_ACK", "DELIVERY_ACK", "EXECUTION_ACK"}},
      {"target", {"MESSAGE", "RECEIPT", "EXECUTION_ACK"}}};
  return kFrames.at(role);
}

void PutWhich(const std::string& role, const std::string& frame, Fields& fault) {
  static const std::vector<std::string> kNth{"1", "2", "1..2", "2..3"};
  if (role == "router" && (frame == "MESSAGE" || frame == "EXECUTION_ACK")) {
    fault.Put("link", OneIn(2) ? "sender" : "target");
  }
  if (!OneIn(3)) {
    fault.Put(OneIn(2) ? "nth" : "attempt", OneOf(kNth));
  }
}

scenario::Node DrawFault(Script& script) {
  const std::string& role = script.claims().role;
  const std::string& frame = OneOf(FramesOf(role));
  const std::uint64_t kind = Below(6);
  const std::uint64_t by_ms = DrawTimerMs();
  Fields fault;
  if (kind < 3) {
    fault.Put("drop", frame);
  } else if (kind == 3) {
    fault.Put("delay", frame).Put("by", Ms(by_ms));
  } else if (kind == 4) {
    fault.Put("duplicate", frame).Put("copies", OneIn(2) ? "2" : "3").Put("by", Ms(by_ms));
  } else {
    fault.Put("corrupt", frame).Put("how", DrawCorruption());
  }
  script.Arms(by_ms);
  PutWhich(role, frame, fault);
  return fault.node();
}

}  // namespace

void PutFaults(Script& script, Fields& header) {
  std::vector<scenario::Node> faults;
  for (std::uint64_t left = Below(3); left > 0; --left) {
    faults.push_back(DrawFault(script));
  }
  header.Put("faults", faults.empty() ? Text("none") : ListOf(std::move(faults)));
  script.well_behaved = true;
}

}  // namespace cmb::conformance::explore
