#include "conformance/scenario/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/scenario/default_blame.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/shape.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/profiles.h"
#include "proto/wire/words.h"

namespace cmb::conformance::scenario {
namespace {

// Names that `as`, `send`, `given` and `outcome` will declare: with them a name
// used too early is told from a name that does not exist.
void CollectNames(const Node& node, std::set<std::string>& names) {
  for (const Node& item : node.items) {
    CollectNames(item, names);
  }
  for (const Entry& entry : node.entries) {
    const bool declares = entry.key.text == "as" || entry.key.text == "send";
    if (declares && entry.value.IsScalar()) {
      for (const std::string& name :
           ExpandFamily(entry.value.text).value_or(std::vector<std::string>{})) {
        names.insert(name);
      }
    } else if (declares) {
      for (const Node& item : entry.value.items) {
        for (const std::string& name :
             ExpandFamily(item.text).value_or(std::vector<std::string>{})) {
          names.insert(name);
        }
      }
    }
    CollectNames(entry.value, names);
  }
}

// What changes processes or connections happens between two Advances.
bool MayStandTogether(std::string_view verb) {
  static const std::set<std::string_view> kBetween{"crash", "start", "disconnect", "connect",
                                                   "fill",  "drain", "wall_jump"};
  return !kBetween.contains(verb);
}

void CollectKeys(const Node* mapping, std::set<std::string>& names) {
  for (const Entry& entry : mapping == nullptr ? std::vector<Entry>() : mapping->entries) {
    for (const std::string& name :
         ExpandFamily(entry.key.text).value_or(std::vector<std::string>{})) {
      names.insert(name);
    }
  }
}

}  // namespace

Case Builder::Build(const Node& document, const std::vector<Axis>& axes) {
  CollectNames(document, later_names_);
  CollectKeys(document.Find("given"), later_names_);
  CollectKeys(document.Find("outcome"), later_names_);
  BuildHeader(document);
  for (const Axis& axis : axes) {
    names_.Declare(axis.name, Names::Kind::kAxis, axis.where, report_);
  }
  const Node* faults = document.Find("faults");
  if (case_.is_system && faults == nullptr) {
    Error(
        document.where, ErrorNumber::kRole,
        "faults is missing: of a system they bend the links (write faults: none where none does)");
  }
  // Whether the peers behave is known before their messages are looked at.
  case_.well_behaved = faults != nullptr;
  if (const Node* given = document.Find("given")) {
    BuildGiven(*given);
  }
  if (faults != nullptr) {
    BuildFaults(*faults);
  }
  const Node* outcome = document.Find("outcome");
  if (const Node* steps = document.Find("steps")) {
    case_.steps = BuildSteps(*steps, Place::kTop);
  } else if (outcome != nullptr) {
    SendFromOutcome(*outcome);
  }
  if (outcome != nullptr) {
    BuildOutcome(*outcome);
  }
  MarkPlain(case_);
  CheckPeersUsed();
  CheckSense(case_, report_);
  return std::move(case_);
}

std::vector<Step> Builder::BuildSteps(const Node& list, Place place) {
  std::vector<Step> steps;
  for (const Node& node : list.items) {
    being_sent_.clear();
    if (const Node* send = node.Find("send"); send != nullptr && send->IsScalar()) {
      const auto aliases = ExpandFamily(send->text).value_or(std::vector<std::string>{});
      being_sent_.insert(aliases.begin(), aliases.end());
    }
    CheckReferences(node);
    if (auto step = BuildStep(node, place)) {
      steps.push_back(std::move(*step));
    }
  }
  return steps;
}

std::optional<Step> Builder::BuildStep(const Node& node, Place place) {
  const Verb* verb = VerbOf(node, StepVerbs());
  if (verb == nullptr) {
    return std::nullopt;
  }
  const bool is_act = verb->group == VerbGroup::kAct;
  const bool acts_only =
      place == Place::kActsOnly || place == Place::kTogether || place == Place::kBatch;
  if (acts_only && (!is_act || verb->name == "together")) {
    Error(node.where, ErrorNumber::kSense,
          std::string(verb->name) +
              " cannot stand here: together, before_timers and after_timers hold acts");
  } else if (place == Place::kTogether && !MayStandTogether(verb->name)) {
    Error(node.where, ErrorNumber::kSense,
          std::string(verb->name) +
              " cannot stand in together, which holds what the "
              "implementation finds waiting");
  }
  if (verb->name == "encoded" && place != Place::kBatch) {
    Error(node.where, ErrorNumber::kSense, "encoded stands in a batch alone");
  }
  if (place == Place::kBranch && verb->group != VerbGroup::kObservation) {
    Error(node.where, ErrorNumber::kSense,
          std::string(verb->name) + " cannot stand in a branch, which only observes");
  }
  const std::string name(verb->name);
  auto action = verb->group == VerbGroup::kObservation ? BuildObservation(name, node, place)
                                                       : BuildAct(name, node);
  if (!action) {
    return std::nullopt;
  }
  Step step = PlainStep(node, std::move(*action));
  BuildCommon(node, is_act, step);
  return step;
}

Step Builder::PlainStep(const Node& node, Step::Action action) {
  Step step;
  step.where = node.where;
  step.source_text = FlowText(node);
  step.requirement = case_.requirements.empty() ? "" : case_.requirements.front();
  step.action = std::move(action);
  return step;
}

void Builder::BuildCommon(const Node& node, bool is_act, Step& step) {
  constexpr std::uint64_t kMostRepeats = 1'000;
  step.note = node.TextOf("note");
  if (const Node* repeat = node.Find("repeat"); repeat != nullptr && is_act) {
    step.repeat =
        static_cast<std::uint32_t>(ParseCount(*repeat, report_, kMostRepeats).value_or(1));
    if (step.repeat == 0) {
      Error(repeat->where, ErrorNumber::kScalar, "repeat counts from 1");
    }
  }
  if (const Node* when = node.Find("when")) {
    for (const Entry& entry : when->entries) {
      auto& list = entry.key.text == "pics" ? step.when.pics : step.when.lacks;
      const std::vector<Node> single{entry.value};
      for (const Node& item : entry.value.IsSequence() ? entry.value.items : single) {
        CheckFeature(item.where, item.text, report_);
        list.push_back(item.text);
      }
    }
  }
  if (const Node* req = node.Find("req"); req != nullptr && CheckRequirement(*req)) {
    step.requirement = req->text;
    step.says_requirement = true;
  }
  BuildLevel(node, step);
  step.is_above_core = IsAboveCore(step);
}

// By the sentence that a miss would blame.
bool Builder::IsAboveCore(const Step& step) const {
  const auto* expect = std::get_if<Expect>(&step.action);
  if (case_.profile != words::PROFILE_CORE || expect == nullptr) {
    return false;
  }
  const std::string id = step.says_requirement
                             ? step.requirement
                             : RowOf(case_.role, expect->what, false, case_.requirements);
  const auto known = knowledge_.declared_by.find(id);
  const auto profile = known == knowledge_.declared_by.end()
                           ? std::nullopt
                           : wire::ParseWord<words::Profile>(known->second);
  return profile && !wire::Holds(words::PROFILE_CORE, *profile);
}

// A miss of a SHOULD or MAY is no failure, so its sentence must be one.
void Builder::BuildLevel(const Node& node, Step& step) {
  const Node* level = node.Find("level");
  const Node* req = node.Find("req");
  if (level != nullptr) {
    step.level = level->text == "MAY" ? Level::kMay : Level::kShould;
  }
  if (level != nullptr && req == nullptr) {
    Error(level->where, ErrorNumber::kRequirement, "level needs a req whose level it is");
    return;
  }
  const auto known =
      req == nullptr ? knowledge_.requirements.end() : knowledge_.requirements.find(req->text);
  if (known == knowledge_.requirements.end() || !IsObservation(step) ||
      known->second == step.level) {
    return;
  }
  constexpr const char* kLevels[] = {"MUST", "SHOULD", "MAY"};
  const std::string right = kLevels[static_cast<std::size_t>(known->second)];
  Error((level != nullptr ? level : req)->where, ErrorNumber::kRequirement,
        req->text + " is a " + right + "; " +
            (right == "MUST" ? "leave level out" : "write level: " + right));
}

void Builder::SendFromOutcome(const Node& outcome) {
  for (const Entry& entry : outcome.entries) {
    Send send;
    for (const std::string& alias :
         ParseAliases(entry.key, report_).value_or(std::vector<std::string>{})) {
      if (!names_.Find(alias)) {
        static const Node kNoFields;
        DeclareMessage(alias, kNoFields, entry.key.where);
        send.aliases.push_back(alias);
      }
    }
    if (!send.aliases.empty()) {
      Step step = PlainStep(entry.key, send);
      step.source_text = "send: " + entry.key.text;
      case_.steps.push_back(std::move(step));
    }
  }
}

void Builder::BuildOutcome(const Node& outcome) {
  Advance quiet;
  quiet.until_quiet = true;
  Step advance = PlainStep(outcome, std::move(quiet));
  advance.source_text = "advance: until quiet";
  case_.steps.push_back(std::move(advance));
  if (outcome.entries.empty()) {
    Error(outcome.where, ErrorNumber::kShape, "outcome names no message");
  }
  for (const Entry& entry : outcome.entries) {
    CheckReferences(entry.value);
    Node fields = entry.value;
    if (fields.IsScalar()) {
      fields = Node{};
      fields.kind = Node::Kind::kMapping;
      fields.where = entry.value.where;
      fields.Put("state", entry.value);
    }
    if (fields.entries.empty()) {
      Error(entry.value.where, ErrorNumber::kShape, "this outcome judges nothing; name a field");
    }
    CheckKeysFit(fields, OutcomeKeys(), "an outcome");
    for (const std::string& alias : Declared(entry.key)) {
      Step step = PlainStep(entry.key, BuildCheckMessage(fields, {alias}));
      step.source_text = "outcome: {" + alias + ": " + FlowText(entry.value) + "}";
      case_.steps.push_back(std::move(step));
    }
  }
}

}  // namespace cmb::conformance::scenario
