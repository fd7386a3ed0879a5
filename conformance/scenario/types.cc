#include "conformance/scenario/types.h"

#include <algorithm>
#include <map>

#include "conformance/scenario/matchers.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/terms.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

using Check = void (*)(const Node&, Report&);

void OneOfWords(const Node& node, const std::vector<std::string>& known, std::string_view what,
                Report& report) {
  if (RequireScalar(node, what, report) &&
      std::find(known.begin(), known.end(), node.text) == known.end()) {
    report.Error(node.where, ErrorNumber::kWord, UnknownWord(node.text, what, known));
  }
}

template <class Enum>
void EnumWord(const Node& node, std::string_view what, Report& report) {
  if (RequireScalar(node, what, report)) {
    ParseWordAt<Enum>(node.where, node.text, what, report);
  }
}

void EachItem(const Node& node, std::string_view what, Check check, Report& report) {
  if (RequireSequence(node, what, report)) {
    for (const Node& item : node.items) {
      check(item, report);
    }
  }
}

void Text(const Node& node, Report& report) { RequireScalar(node, "a text", report); }

// In a list of codes UNSPECIFIED and numbers that are no code may stand too: they are legal there.
void ErrorCode(const Node& node, Report& report) {
  if (!node.IsScalar() || (node.text != "UNSPECIFIED" && !IsCodeNumber(node.text))) {
    EnumWord<words::ErrorCode>(node, "error code", report);
  }
}

void Id(const Node& node, Report& report) {
  if (RequireScalar(node, "an id", report) && !IsScenarioId(node.text)) {
    report.Error(node.where, ErrorNumber::kScalar,
                 "'" + node.text + "' is no id: parts of small letters, digits and -, joined by /");
  }
}

void Stage(const Node& node, Report& report) {
  OneOfWords(node, {"ROUTER_ACK", "DELIVERY_ACK", "EXECUTION_ACK"}, "stage", report);
}

void Part(const Node& node, Report& report) {
  OneOfWords(node, {"sender", "router", "target", "second_router"}, "role", report);
}

void Role(const Node& node, Report& report) {
  OneOfWords(node, {"sender", "router", "target", "system"}, "role", report);
}

void Feature(const Node& node, Report& report) {
  if (RequireScalar(node, "a feature", report)) {
    CheckFeature(node.where, node.text, report);
  }
}

void WorkEnd(const Node& node, Report& report) {
  if (!RequireScalar(node, "SUCCESS, FAILURE CODE, REJECTED CODE or never", report)) {
    return;
  }
  const std::size_t space = node.text.find(' ');
  const std::string end = node.text.substr(0, space);
  const bool coded = end == "FAILURE" || end == "REJECTED";
  if (coded && space == std::string::npos) {
    return;
  }
  if (!coded) {
    OneOfWords(node, {"SUCCESS", "FAILURE CODE", "REJECTED CODE", "never"}, "end of work", report);
    return;
  }
  ParseWordAt<words::ErrorCode>(node.where, node.text.substr(space + 1), "error code", report);
}

void Jitter(const Node& node, Report& report) {
  if (node.IsScalar() && node.text == "own") {
    return;
  }
  EachItem(
      node, "a list of factors, or own", [](const Node& item, Report& r) { ParseFactor(item, r); },
      report);
  if (node.IsSequence() && node.items.empty()) {
    report.Error(node.where, ErrorNumber::kShape, "an empty list of factors; write own or factors");
  }
}

void Frames(const Node& node, Report& report) {
  const std::vector<Node> single{node};
  for (const Node& item : node.IsSequence() ? node.items : single) {
    ParseTerm(item, TermUse::kFault, report);
  }
  if (node.IsSequence() && node.items.empty()) {
    report.Error(node.where, ErrorNumber::kShape, "an empty list of frames");
  }
}

void FramePair(const Node& node, Report& report) {
  constexpr std::size_t kPair = 2;
  if (!RequireSequence(node, "a list [FIRST, SECOND]", report)) {
    return;
  }
  if (node.items.size() != kPair) {
    report.Error(node.where, ErrorNumber::kShape, "reorder takes two frames: [FIRST, SECOND]");
  }
  Frames(node, report);
}

void Expectation(const Node& node, Report& report) {
  if (!node.IsScalar() || node.text != "nothing") {
    ParseTerm(node, TermUse::kExpect, report);
  }
}

void DurationOr(const Node& node, std::string_view word, Report& report) {
  if (!node.IsScalar() || node.text != word) {
    ParseDuration(node, report);
  }
}

// One row for each type that stands for a single value.
// long because: it is a table.
const std::map<Type, Check>& Checks() {
  static const std::map<Type, Check> checks = {
      {Type::kText, Text},
      {Type::kId, Id},
      {Type::kName, [](const Node& n, Report& r) { ParseName(n, r); }},
      {Type::kAliases, [](const Node& n, Report& r) { ParseAliases(n, r); }},
      {Type::kModule, [](const Node& n, Report& r) { ParseModule(n, r); }},
      {Type::kSocket, [](const Node& n, Report& r) { ParseName(n, r); }},
      {Type::kDuration, [](const Node& n, Report& r) { ParseDuration(n, r); }},
      {Type::kDurationRange, [](const Node& n, Report& r) { ParseDurationRange(n, r); }},
      {Type::kDurationOrQuiet, [](const Node& n, Report& r) { DurationOr(n, "until quiet", r); }},
      {Type::kDurationOrNone, [](const Node& n, Report& r) { DurationOr(n, "none", r); }},
      {Type::kJump, [](const Node& n, Report& r) { ParseJump(n, r); }},
      {Type::kCount, [](const Node& n, Report& r) { ParseCount(n, r); }},
      {Type::kCountRange, [](const Node& n, Report& r) { ParseCountRange(n, r); }},
      {Type::kSize, [](const Node& n, Report& r) { ParseSize(n, r); }},
      {Type::kFactor, [](const Node& n, Report& r) { ParseFactor(n, r); }},
      {Type::kPolicyFactor, [](const Node& n, Report& r) { ParsePolicyFactor(n, r); }},
      {Type::kKey, [](const Node& n, Report& r) { ParseKey(n, r); }},
      {Type::kJitter, Jitter},
      {Type::kBool, [](const Node& n, Report& r) { ParseBool(n, r); }},
      {Type::kActTerm, [](const Node& n, Report& r) { ParseTerm(n, TermUse::kAct, r); }},
      {Type::kExpectTerm, Expectation},
      {Type::kNeverTerm, [](const Node& n, Report& r) { ParseTerm(n, TermUse::kNever, r); }},
      {Type::kFrames, Frames},
      {Type::kFramePair, FramePair},
      {Type::kHarm, [](const Node& n, Report& r) { ParseHarm(n, r); }},
      {Type::kHexList,
       [](const Node& n, Report& r) {
         EachItem(
             n, "a list of hex texts", [](const Node& i, Report& q) { ParseHex(i, q); }, r);
       }},
      {Type::kPayload, [](const Node& n, Report& r) { ParsePayload(n, r); }},
      {Type::kPayloadMatch, [](const Node& n, Report& r) { ParsePayloadMatch(n, r); }},
      {Type::kSet, [](const Node& n, Report& r) { ParseSet(n, r); }},
      {Type::kRole, Role},
      {Type::kPart, Part},
      {Type::kProfile, [](const Node& n, Report& r) { EnumWord<words::Profile>(n, "profile", r); }},
      {Type::kClock,
       [](const Node& n, Report& r) {
         OneOfWords(n, {"both", "virtual", "wall"}, "clock", r);
       }},
      {Type::kLevel,
       [](const Node& n, Report& r) {
         OneOfWords(n, {"SHOULD", "MAY"}, "level", r);
       }},
      {Type::kStage, Stage},
      {Type::kState, Text},  // UNSENT is none of the schema's; judged with the role.
      {Type::kFeatures,
       [](const Node& n, Report& r) { EachItem(n, "a list of features", Feature, r); }},
      {Type::kErrorCodes,
       [](const Node& n, Report& r) { EachItem(n, "a list of error codes", ErrorCode, r); }},
      {Type::kRequirement, Text},
      {Type::kRequirements,
       [](const Node& n, Report& r) { EachItem(n, "a list of requirement ids", Text, r); }},
      {Type::kChoice, Text},
      {Type::kQuery,
       [](const Node& n, Report& r) {
         OneOfWords(n, {"transaction", "in_flight", "health", "dead_letters", "redrive", "purge"},
                    "query", r);
       }},
      {Type::kWorkEnd, WorkEnd},
      {Type::kOnCancel,
       [](const Node& n, Report& r) {
         OneOfWords(n, {"stop", "ignore"}, "on_cancel", r);
       }},
      {Type::kNames,
       [](const Node& n, Report& r) {
         EachItem(
             n, "a list of names", [](const Node& i, Report& q) { ParseName(i, q); }, r);
       }},
      {Type::kPaths, [](const Node& n, Report& r) { EachItem(n, "a list of paths", Text, r); }},
      {Type::kAnomalies, [](const Node& n, Report& r) { ParseAnomalies(n, r); }},
      {Type::kTimers, [](const Node& n, Report& r) { ParseTimers(n, r); }},
      {Type::kViews, [](const Node& n, Report& r) { ParseViews(n, r); }},
      {Type::kAbsent, [](const Node& n, Report& r) { OneOfWords(n, {"absent"}, "policy", r); }},
      {Type::kKeyKind,
       [](const Node& n, Report& r) {
         OneOfWords(n, {"right", "wrong", "borrowed", "none"}, "key", r);
       }},
      {Type::kPeerState,
       [](const Node& n, Report& r) {
         OneOfWords(n, {"connected", "absent"}, "peer state", r);
       }},
  };
  return checks;
}

bool IsMatcherType(Type type) {
  return type == Type::kMatchCount || type == Type::kMatchDuration || type == Type::kMatchText ||
         type == Type::kMatchState || type == Type::kMatchCertainty || type == Type::kMatchReason ||
         type == Type::kMatchCode;
}

}  // namespace

void CheckType(const Node& node, Type type, Report& report) {
  if (IsMatcherType(type)) {
    ParseMatcher(node, type, report);
    return;
  }
  const auto check = Checks().find(type);
  if (check != Checks().end()) {
    check->second(node, report);
  }
}

}  // namespace cmb::conformance::scenario
