// ACKs, alone and in batches.
#include "conformance/explore/acts.h"
#include "conformance/explore/hostile.h"
#include "conformance/explore/numbers.h"

namespace cmb::conformance::explore {
namespace {

const std::vector<std::string>& Codes() {
  static const std::vector<std::string> codes{
      "BUFFER_FULL",      "NO_ROUTE",         "ACK_TIMEOUT",       "AGENT_UNAVAILABLE",
      "AGENT_SHUTDOWN",   "VALIDATION_ERROR", "PERMISSION_DENIED", "TOOL_TIMEOUT",
      "TTL_EXPIRED",      "OVERLOADED",       "CANCELLED",         "UNSUPPORTED_VERSION",
      "CHANNEL_MISMATCH", "INTERRUPTED",      "CIRCUIT_OPEN",      "INTERNAL_ERROR"};
  return codes;
}

// What the role under test hears from those who behave, and, more seldom, anything.
const std::vector<std::string>& TermsOf(const std::string& role) {
  static const std::vector<std::string> kSender{"ROUTER_ACK/SUCCESS",
                                                "ROUTER_ACK/SUCCESS",
                                                "DELIVERY_ACK/SUCCESS",
                                                "DELIVERY_ACK/SUCCESS",
                                                "EXECUTION_ACK/SUCCESS",
                                                "EXECUTION_ACK/IN_PROGRESS",
                                                "EXECUTION_ACK/FAILURE",
                                                "EXECUTION_ACK/REJECTED",
                                                "ROUTER_ACK/REJECTED",
                                                "DELIVERY_ACK/FAILURE",
                                                "DELIVERY_ACK/FAILURE CANCELLED",
                                                "TIMEOUT",
                                                "PROGRESS_ACK"};
  static const std::vector<std::string> kRouter{"RECEIPT",
                                                "RECEIPT",
                                                "EXECUTION_ACK/SUCCESS",
                                                "EXECUTION_ACK/IN_PROGRESS",
                                                "EXECUTION_ACK/FAILURE",
                                                "EXECUTION_ACK/REJECTED",
                                                "RECEIPT/REJECTED",
                                                "PROGRESS_ACK",
                                                "CANCEL",
                                                "TIMEOUT"};
  static const std::vector<std::string> kTarget{"CANCEL", "CANCEL", "TIMEOUT"};
  return role == "sender" ? kSender : role == "router" ? kRouter : kTarget;
}

const std::vector<std::string>& AllTerms() {
  static const std::vector<std::string> kAll{"ROUTER_ACK/SUCCESS",
                                             "ROUTER_ACK/REJECTED",
                                             "DELIVERY_ACK/SUCCESS",
                                             "DELIVERY_ACK/FAILURE",
                                             "EXECUTION_ACK/SUCCESS",
                                             "EXECUTION_ACK/FAILURE",
                                             "EXECUTION_ACK/REJECTED",
                                             "EXECUTION_ACK/IN_PROGRESS",
                                             "PROGRESS_ACK",
                                             "TIMEOUT",
                                             "CANCEL",
                                             "RECEIPT",
                                             "RECEIPT/REJECTED"};
  return kAll;
}

bool TakesCode(const std::string& term) {
  return term.ends_with("/REJECTED") || term.ends_with("/FAILURE") || term == "TIMEOUT";
}

std::string DrawTerm(const Claims& claims) {
  std::string term = OneIn(8) ? OneOf(AllTerms()) : OneOf(TermsOf(claims.role));
  if (TakesCode(term) && !OneIn(4)) {
    term += term == "TIMEOUT" ? "/FAILURE " : " ";
    term += OneOf(Codes());
  }
  return term;
}

void PutNumbers(const Script& script, const std::string& term, Fields& act) {
  static const std::vector<std::string> kPercents{"0", "1", "50", "99", "100"};
  if (OneIn(3)) {
    act.Put("attempt", std::to_string(DrawAttempt()));
  }
  if (term == "PROGRESS_ACK" && OneIn(2)) {
    act.Put("percent", OneOf(kPercents));
  }
  if (term.find("/REJECTED") != std::string::npos && OneIn(2)) {
    act.Put("retryable", "true");
  }
  if (term == "EXECUTION_ACK/IN_PROGRESS" && script.tracked() && OneIn(3)) {
    act.Put("hold", Ms(DrawLifeMs()));
  }
}

std::string AnyAuthor(const Script& script) {
  std::vector<std::string> authors;
  for (const char* module : {"sender", "router", "target", "other"}) {
    if (module != script.claims().role && !script.away.contains(module)) {
      authors.emplace_back(module);
    }
  }
  return OneOf(authors);
}

}  // namespace

Fields DrawAck(const Script& script, bool in_batch) {
  static const std::vector<std::string> kSockets{"main", "ack_ingress", "ack_egress"};
  Fields act;
  const std::string term = DrawTerm(script.claims());
  act.Put("ack", term).Put("of", script.Any());
  PutNumbers(script, term, act);
  if (!in_batch && OneIn(8)) {
    act.Put("by", AnyAuthor(script));
  }
  if (!in_batch && OneIn(20)) {
    act.Put("on", OneOf(kSockets));
  }
  if (term == "DELIVERY_ACK/FAILURE CANCELLED" && !OneIn(4)) {
    act.Put("set", Fields().Put("ack.never_forwarded", "true").node());
  } else {
    PutHarm(act, true, in_batch);
  }
  return act;
}

scenario::Node DrawBatch(const Script& script) {
  std::vector<scenario::Node> members;
  for (std::uint64_t left = 1 + Below(4); left > 0; --left) {
    members.push_back(DrawAck(script, true).node());
  }
  Fields step;
  step.Put("batch", ListOf(std::move(members)));
  if (OneIn(8)) {
    step.Put("by", AnyAuthor(script));
  }
  if (OneIn(6)) {
    PutHarm(step, false, false);
  }
  return step.node();
}

}  // namespace cmb::conformance::explore
