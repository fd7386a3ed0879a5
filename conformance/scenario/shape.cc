#include "conformance/scenario/shape.h"

#include <algorithm>
#include <map>

#include "conformance/scenario/nearest.h"
#include "conformance/scenario/references.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/types.h"

namespace cmb::conformance::scenario {
namespace {

class Checker {
 public:
  Checker(Stage stage, Report& report) : stage_(stage), report_(report) {}

  void CheckKeys(const Node& node, std::span<const Key> keys) {
    bool any_unknown = false;
    for (const Entry& entry : node.entries) {
      const auto key = std::find_if(keys.begin(), keys.end(),
                                    [&](const Key& k) { return k.name == entry.key.text; });
      if (key == keys.end()) {
        UnknownKey(entry.key, NamesOf(keys));
        any_unknown = true;
        continue;
      }
      CheckValue(entry.value, *key);
    }
    if (!any_unknown) {  // Which may be the one that is missing.
      CheckRequired(node, keys);
    }
  }

 private:
  void CheckRequired(const Node& node, std::span<const Key> keys) {
    for (const Key& key : keys) {
      // Before the matrix `with` may still bring it.
      const bool may_come = stage_ == Stage::kAsWritten && node.Find("with") != nullptr;
      if (key.required && node.Find(key.name) == nullptr && !may_come) {
        report_.Error(node.where, ErrorNumber::kShape,
                      "the key " + std::string(key.name) + " is missing");
      }
    }
  }

  void UnknownKey(const Node& key, const std::vector<std::string>& known) {
    report_.Error(key.where, ErrorNumber::kShape,
                  "unknown key '" + key.text + "'" + Suggestion(key.text, known));
  }

  bool IsOpen(const Node& node) const {
    return stage_ == Stage::kAsWritten && HoldsReference(node);
  }

  void CheckValue(const Node& node, const Key& key) {
    if (stage_ == Stage::kAsWritten && node.IsScalar() && HoldsReference(node)) {
      return;
    }
    using Handler = void (Checker::*)(const Node&, const Key&);
    static const std::map<Type, Handler> handlers = {
        {Type::kSection, &Checker::CheckSection},   {Type::kProgress, &Checker::CheckProgress},
        {Type::kPeers, &Checker::CheckPeers},       {Type::kGiven, &Checker::CheckGiven},
        {Type::kFaultsList, &Checker::CheckFaults}, {Type::kSteps, &Checker::CheckSteps},
        {Type::kActs, &Checker::CheckSteps},        {Type::kObservations, &Checker::CheckSteps},
        {Type::kBranches, &Checker::CheckBranches}, {Type::kOutcome, &Checker::CheckOutcome},
        {Type::kMatrix, &Checker::CheckMapping},    {Type::kWhen, &Checker::CheckMapping},
        {Type::kWith, &Checker::CheckMapping},      {Type::kExclude, &Checker::CheckList},
        {Type::kFields, &Checker::CheckMapping},  // Judged by what they are the fields of.
    };
    const auto handler = handlers.find(key.type);
    if (handler == handlers.end()) {
      CheckPlain(node, key.type);
    } else {
      (this->*handler->second)(node, key);
    }
  }

  void CheckMapping(const Node& node, const Key&) { RequireMapping(node, "a mapping", report_); }
  void CheckList(const Node& node, const Key&) {
    RequireSequence(node, "a list of mappings", report_);
  }

  void CheckPlain(const Node& node, Type type) {
    if (IsOpen(node)) {
      return;
    }
    CheckType(node, type, report_);
    if (node.IsScalar() && type == Type::kClock && node.text == "wall") {
      report_.Refuse(node.where, "clock wall");
    }
  }

  void CheckSection(const Node& node, const Key& key) {
    if (RequireMapping(node, "a mapping", report_)) {
      CheckKeys(node, SectionNamed(key.section).keys);
    }
  }

  void CheckProgress(const Node& node, const Key&) {
    if (RequireSequence(node, "a list of {at: T, percent: N}", report_)) {
      for (const Node& item : node.items) {
        CheckSection(item, Key{"progress", Type::kSection, "", false, "progress"});
      }
    }
  }

  void CheckPeers(const Node& node, const Key&) {
    if (!RequireMapping(node, "a mapping NAME: peer", report_)) {
      return;
    }
    for (const Entry& entry : node.entries) {
      ParseModule(entry.key, report_);
      if (entry.value.IsScalar()) {
        CheckValue(entry.value, Key{"state", Type::kPeerState, ""});
      } else {
        CheckSection(entry.value, Key{"peer", Type::kSection, "", false, "peer"});
      }
    }
  }

  void CheckGiven(const Node& node, const Key&) {
    if (!RequireMapping(node, "a mapping ALIAS: state", report_)) {
      return;
    }
    std::vector<Key> keys(SectionNamed("given").keys.begin(), SectionNamed("given").keys.end());
    for (const std::string_view section : {"message", "policy"}) {
      const auto more = SectionNamed(section).keys;
      keys.insert(keys.end(), more.begin(), more.end());
    }
    for (const Entry& entry : node.entries) {
      CheckType(entry.key, Type::kAliases, report_);
      if (entry.value.IsMapping()) {
        CheckKeys(entry.value, keys);
      } else {
        RequireScalar(entry.value, "a state or a mapping", report_);
      }
    }
  }

  void CheckOutcome(const Node& node, const Key&) {
    if (!RequireMapping(node, "a mapping ALIAS: state", report_)) {
      return;
    }
    const auto verbs = StepVerbs();
    const auto check =
        std::find_if(verbs.begin(), verbs.end(), [](const Verb& v) { return v.name == "check"; });
    for (const Entry& entry : node.entries) {
      CheckType(entry.key, Type::kAliases, report_);
      if (entry.value.IsMapping()) {
        CheckKeys(entry.value, check->fields);
      } else {
        CheckValue(entry.value, Key{"state", Type::kMatchState, ""});
      }
    }
  }

  void CheckFaults(const Node& node, const Key&) {
    if (node.IsScalar() && node.text == "none") {
      return;
    }
    if (RequireSequence(node, "none, or a list of faults", report_)) {
      for (const Node& fault : node.items) {
        CheckVerbed(fault, FaultVerbs(), "fault");
      }
    }
  }

  void CheckSteps(const Node& node, const Key& key) {
    if (!RequireSequence(node, "a list of steps", report_)) {
      return;
    }
    if (node.items.empty()) {
      report_.Error(node.where, ErrorNumber::kShape, std::string(key.name) + " is an empty list");
    }
    for (const Node& step : node.items) {
      CheckVerbed(step, StepVerbs(), "step");
    }
  }

  void CheckBranches(const Node& node, const Key&) {
    if (RequireMapping(node, "a mapping LABEL: list of observations", report_)) {
      for (const Entry& entry : node.entries) {
        CheckSteps(entry.value, Key{entry.key.text, Type::kObservations, ""});
      }
    }
  }

  void CheckVerbed(const Node& node, std::span<const Verb> verbs, std::string_view what) {
    if (!RequireMapping(node, "a " + std::string(what) + ", which is a mapping", report_)) {
      return;
    }
    const Verb* verb = VerbOf(node, verbs);
    if (verb == nullptr) {
      ReportVerbs(node, verbs, what);
      return;
    }
    std::vector<Key> keys = KeysBeside(*verb);
    keys.insert(keys.begin(), Key{verb->name, verb->object, verb->meaning});
    CheckKeys(node, keys);
  }

  void ReportVerbs(const Node& node, std::span<const Verb> verbs, std::string_view what) {
    std::string found;
    for (const Verb& verb : verbs) {
      if (node.Find(verb.name) != nullptr) {
        found += (found.empty() ? "" : " and ") + std::string(verb.name);
      }
    }
    if (!found.empty()) {
      report_.Error(node.where, ErrorNumber::kShape,
                    "a " + std::string(what) + " has one verb; this one has " + found);
      return;
    }
    const std::string first = node.entries.empty() ? "" : node.entries.front().key.text;
    report_.Error(node.where, ErrorNumber::kShape,
                  "a " + std::string(what) + " without a verb" +
                      (first.empty() ? "" : "; '" + first + "' is none") +
                      Suggestion(first, NamesOf(verbs)));
  }

  Stage stage_;
  Report& report_;
};

}  // namespace

const Verb* VerbOf(const Node& step, std::span<const Verb> verbs) {
  const Verb* found = nullptr;
  for (const Verb& verb : verbs) {
    if (step.Find(verb.name) == nullptr) {
      continue;
    }
    if (found != nullptr) {
      return nullptr;
    }
    found = &verb;
  }
  return found;
}

bool HoldsReference(const Node& node) {
  if (node.IsScalar()) {
    return !FindReferences(node.text).empty();
  }
  const auto below = [](const Node& item) { return HoldsReference(item); };
  return std::any_of(node.items.begin(), node.items.end(), below) ||
         std::any_of(node.entries.begin(), node.entries.end(), [](const Entry& entry) {
           return HoldsReference(entry.key) || HoldsReference(entry.value);
         });
}

void CheckDocumentShape(const Node& document, Stage stage, Report& report) {
  if (RequireMapping(document, "a document, which is a mapping", report)) {
    Checker(stage, report).CheckKeys(document, SectionNamed("document").keys);
  }
}

void CheckDefaultsShape(const Node& defaults, Report& report) {
  if (RequireMapping(defaults, "defaults, which are a mapping", report)) {
    Checker(Stage::kExpanded, report).CheckKeys(defaults, SectionNamed("defaults").keys);
  }
}

}  // namespace cmb::conformance::scenario
