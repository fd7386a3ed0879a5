// `check`, and the fields of `outcome`.
#include <algorithm>
#include <set>
#include <utility>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

const std::set<std::string> kCommon = {"check", "req", "when", "note", "level"};
const std::set<std::string> kOfMessages = {
    "state",  "certainty", "reason",      "error",  "attempts", "retries", "executions",
    "alerts", "anomalies", "dead_letter", "timers", "views",    "fields"};
const std::set<std::string> kOfFrames = {"fields"};
const std::set<std::string> kOfRoles = {"next_deadline", "in_flight", "even_jitter", "anomalies"};

}  // namespace

const std::set<std::string>& OutcomeKeys() { return kOfMessages; }

void Builder::CheckKeysFit(const Node& node, const std::set<std::string>& keys,
                           const std::string& what) {
  for (const Entry& entry : node.entries) {
    if (!keys.contains(entry.key.text) && !kCommon.contains(entry.key.text)) {
      Error(entry.key.where, ErrorNumber::kShape,
            entry.key.text + " does not stand beside " + what +
                Suggestion(entry.key.text, {keys.begin(), keys.end()}));
    }
  }
}

CheckMessage Builder::BuildCheckMessage(const Node& node, std::vector<std::string> aliases) {
  CheckMessage check;
  check.aliases = std::move(aliases);
  const auto match = [&](const char* key, Type type, std::optional<Matcher>& field) {
    if (const Node* value = node.Find(key)) {
      field = ParseMatcher(*value, type, report_);
    }
  };
  match("state", Type::kMatchState, check.state);
  match("certainty", Type::kMatchCertainty, check.certainty);
  match("reason", Type::kMatchReason, check.reason);
  match("error", Type::kMatchCode, check.error);
  match("attempts", Type::kMatchCount, check.attempts);
  match("retries", Type::kMatchCount, check.retries);
  match("executions", Type::kMatchCount, check.executions);
  match("alerts", Type::kMatchCount, check.alerts);
  if (const Node* anomalies = node.Find("anomalies")) {
    check.anomalies = ParseAnomalies(*anomalies, report_);
    CheckAnomalies(*anomalies);
  }
  if (const Node* dead = node.Find("dead_letter")) {
    check.dead_letter = ParseBool(*dead, report_);
  }
  if (const Node* timers = node.Find("timers")) {
    check.timers = ParseTimers(*timers, report_);
  }
  if (const Node* views = node.Find("views")) {
    check.views = ParseViews(*views, report_);
  }
  if (const Node* fields = node.Find("fields")) {
    check.fields = ParseRecordFields(*fields, report_);
  }
  if (check.state) {
    CheckStates(node.Find("state")->where, *check.state);
  }
  if (check.reason) {
    CheckReason(*node.Find("reason"), *check.reason);
  }
  CheckOwnKeys(node);
  CheckCounts(node, check);
  return check;
}

CheckRole Builder::BuildCheckRole(const Node& node, const Node& subject) {
  CheckKeysFit(node, kOfRoles, "a check of a role");
  CheckRole check;
  check.role = subject.text;
  if (!IsIut(check.role)) {
    Error(subject.where, ErrorNumber::kModule,
          "only the implementation under test can be checked, and " + check.role + " is not");
  }
  if (const Node* deadline = node.Find("next_deadline")) {
    check.no_deadline = deadline->text == "none";
    check.next_deadline = check.no_deadline ? std::nullopt : ParseDuration(*deadline, report_);
  }
  if (const Node* in_flight = node.Find("in_flight")) {
    check.in_flight = ParseMatcher(*in_flight, Type::kMatchCount, report_);
  }
  check.even_jitter = node.TextOf("even_jitter") == "true";
  if (const Node* anomalies = node.Find("anomalies")) {
    check.anomalies = ParseAnomalies(*anomalies, report_);
    CheckAnomalies(*anomalies);
  }
  return check;
}

std::optional<Step::Action> Builder::BuildCheck(const Node& node) {
  const Node& subject = *node.Find("check");
  const bool judges = std::any_of(node.entries.begin(), node.entries.end(), [](const Entry& entry) {
    return !kCommon.contains(entry.key.text);
  });
  if (!judges) {
    Error(node.where, ErrorNumber::kShape, "this check judges nothing; name a field");
  }
  const auto kind = names_.Find(subject.text);
  if (kind == Names::Kind::kModule) {
    return BuildCheckRole(node, subject);
  }
  if (kind == Names::Kind::kFrame) {
    CheckKeysFit(node, kOfFrames, "a check of a kept frame");
    const Node* fields = node.Find("fields");
    CheckFrame check{subject.text, {}};
    if (fields != nullptr) {
      check.fields = ParseFields(*fields, frame_kinds_[subject.text], report_);
    }
    return check;
  }
  if (!kind && later_names_.contains(subject.text)) {
    Error(subject.where, ErrorNumber::kName, subject.text + " is used before its as");
    return std::nullopt;
  }
  CheckKeysFit(node, kOfMessages, "a check of a message");
  return BuildCheckMessage(node, Declared(subject));
}

}  // namespace cmb::conformance::scenario
