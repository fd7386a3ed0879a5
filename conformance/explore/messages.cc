// Messages: their fields, their copies, and what a handler does with them.
#include <algorithm>

#include "conformance/explore/acts.h"
#include "conformance/explore/hostile.h"
#include "conformance/explore/numbers.h"

namespace cmb::conformance::explore {
namespace {

const std::vector<std::string>& EndCodes() {
  static const std::vector<std::string> kCodes{"VALIDATION_ERROR", "AGENT_SHUTDOWN",
                                               "INTERNAL_ERROR"};
  return kCodes;
}

std::string DrawEnd() {
  static const std::vector<std::string> kRefusals{"AGENT_UNAVAILABLE", "OVERLOADED",
                                                  "PERMISSION_DENIED", "TTL_EXPIRED"};
  const std::uint64_t drawn = Below(6);
  if (drawn == 0) {
    return "FAILURE " + OneOf(EndCodes());
  }
  if (drawn == 1) {
    return "REJECTED " + (OneIn(2) ? OneOf(kRefusals) : OneOf(EndCodes()));
  }
  return drawn == 2 ? "never" : "SUCCESS";
}

void PutPayload(Fields& act) {
  static const std::vector<std::string> kSizes{"0", "1", "255", "256", "65536"};
  if (OneIn(10)) {
    act.Put("payload", Fields().Put("size", OneOf(kSizes)).node());
  }
}

void PutNames(const Script& script, Fields& act) {
  static const std::vector<std::string> kKeys{"job", "job", "task"};
  if (OneIn(4)) {
    act.Put("key", OneOf(kKeys));
  }
  if (script.claims().Has("ordered") && OneIn(3)) {
    act.Put("stream", OneIn(4) ? "other_talk" : "talk");
    if (OneIn(4)) {
      act.Put("sequence", std::to_string(OneIn(2) ? 1 + Below(4) : DrawAny64()));
    }
  }
}

// By whom and to whom.
void PutModules(const Script& script, Fields& act) {
  const std::string& role = script.claims().role;
  if (role != "sender" && OneIn(8) && !script.away.contains("other")) {
    act.Put("from", "other");
  }
  if (role != "target" && OneIn(8)) {
    act.Put("to", OneIn(2) ? "other" : "nobody");
  }
}

}  // namespace

scenario::Node DrawWork(Script& script) {
  Fields work;
  if (script.tracked() && OneIn(3)) {
    const std::uint64_t starts = OneIn(3) ? 0 : DrawTimerMs();
    work.Put("starts", Ms(starts));
    script.Arms(starts);
  }
  if (script.claims().Has("conditional_ack") && OneIn(4)) {
    const std::uint64_t hold = DrawTimerMs();
    work.Put("hold", Ms(hold));
    script.Arms(hold);
  }
  if (script.tracked() && OneIn(4)) {
    const std::uint64_t at = DrawTimerMs();
    const Fields first = Fields().Put("at", Ms(at)).Put("percent", OneIn(2) ? "0" : "50");
    work.Put("progress", ListOf({first.node()}));
    script.Arms(at);
  }
  const std::string end = DrawEnd();
  work.Put("ends", end);
  if (!OneIn(3) && end != "never") {
    const std::uint64_t after = DrawTimerMs();
    work.Put("after", Ms(after));
    script.Arms(after);
  }
  if (end.starts_with("REJECTED") && OneIn(2)) {
    work.Put("retryable", "true");
  }
  if (script.tracked() && OneIn(5)) {
    work.Put("on_cancel", "ignore");
  }
  if (OneIn(6)) {
    work.Put("ends_with_life", "true");
  }
  return work.node();
}

std::uint64_t DrawWindowMs(const Script& script) {
  constexpr std::uint64_t kUsualMs = 300'000;
  const std::uint64_t window = DrawLifeMs();
  return script.no_cancels ? window : std::min(window, kUsualMs);
}

namespace {

// The fields of a message and its timers.
void PutMessage(Script& script, Fields& act) {
  const std::string& role = script.claims().role;
  PutModules(script, act);
  PutPolicy(act, script.tracked() && !script.no_cancels, role == "sender");
  PutNames(script, act);
  PutPayload(act);
  const std::string router_ack = act.node().TextOf("router_ack");
  if (role == "sender" && script.tracked() && (router_ack == "1ms" || router_ack == "2ms")) {
    act.Put("reconcile_window", "50ms");  // A CANCEL may be repeated each time it has passed.
  } else if (role == "sender" && script.tracked() && OneIn(8)) {
    const std::uint64_t window = DrawWindowMs(script);
    act.Put("reconcile_window", Ms(window));
    script.Arms(window);
  }
  if ((role == "target" || script.well_behaved) && OneIn(2)) {
    act.Put("work", DrawWork(script));
  }
  if (role != "sender") {
    PutHarm(act, false, false);
  }
  script.ArmsOf(act.node());
}

// States of chapters 4 to 6 in which a case may begin.
const std::vector<std::string>& StatesOf(const std::string& role) {
  static const std::vector<std::string> kSender{
      "SEND_PENDING",      "ROUTED",        "DELIVERED",    "EXECUTING", "COMPLETED_SUCCESS",
      "COMPLETED_FAILURE", "TIMEOUT_ABORT", "TIMEOUT_ABORT"};
  static const std::vector<std::string> kRouter{
      "UNSENT", "FORWARDING", "DELIVERED", "SETTLED", "CANCELLED", "DEAD_LETTERED", "REJECTED"};
  static const std::vector<std::string> kTarget{"UNSENT",    "UNSENT", "EXECUTING",
                                                "SUCCEEDED", "FAILED", "REJECTED"};
  return role == "sender" ? kSender : role == "router" ? kRouter : kTarget;
}

}  // namespace

Fields DrawSend(Script& script) {
  Fields act;
  const std::string alias = script.NewAlias();
  act.Put("send", alias);
  if (!script.Met(alias)) {
    PutMessage(script, act);
    script.Declare(alias);
  }
  return act;
}

Fields DrawGiven(Script& script) {
  Fields message;
  const std::string alias = script.NewAlias();
  const std::string& state = OneOf(StatesOf(script.claims().role));
  message.Put("state", state);
  if (state == "UNSENT") {
    PutMessage(script, message);
    script.Unsent(alias);
  } else {
    PutNames(script, message);  // Whatever else it has, it is to get there.
    script.ArmsOf(message.node());
  }
  script.Declare(alias);
  return Fields().Put(alias, message.node());
}

Fields DrawResend(const Script& script) {
  Fields act;
  act.Put("resend", script.Any());
  if (!OneIn(3)) {
    act.Put("attempt", std::to_string(DrawAttempt()));
  }
  PutHarm(act, false, false);
  return act;
}

}  // namespace cmb::conformance::explore
