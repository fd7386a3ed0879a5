#include "conformance/scenario/language.h"

#include <cstdlib>
#include <utility>

#include "conformance/scenario/language_tables.h"

namespace cmb::conformance::scenario {
namespace {

constexpr std::pair<Type, std::string_view> kTypeTexts[] = {
    {Type::kText, "text"},
    {Type::kId, "id"},
    {Type::kName, "name"},
    {Type::kAliases, "message, family m1..m9, or list"},
    {Type::kModule, "module"},
    {Type::kSocket, "socket"},
    {Type::kDuration, "duration"},
    {Type::kDurationRange, "duration or A..B"},
    {Type::kDurationOrQuiet, "duration or until quiet"},
    {Type::kDurationOrNone, "duration or none"},
    {Type::kJump, "+T or -T"},
    {Type::kCount, "whole number"},
    {Type::kCountRange, "whole number or A..B"},
    {Type::kSize, "size"},
    {Type::kFactor, "factor"},
    {Type::kPolicyFactor, "factor or nan"},
    {Type::kKey, "text or {size: N}"},
    {Type::kJitter, "list of factors, or own"},
    {Type::kBool, "true or false"},
    {Type::kActTerm, "ACK term"},
    {Type::kExpectTerm, "term"},
    {Type::kNeverTerm, "term"},
    {Type::kFrames, "frame term, list of them, or any"},
    {Type::kFramePair, "list of two frame terms"},
    {Type::kHarm, "harm"},
    {Type::kHexList, "list of hex texts"},
    {Type::kPayload, "payload"},
    {Type::kPayloadMatch, "payload matcher"},
    {Type::kSet, "mapping PATH: value"},
    {Type::kFields, "mapping PATH: matcher"},
    {Type::kRole, "role"},
    {Type::kPart, "role or second_router"},
    {Type::kProfile, "profile"},
    {Type::kClock, "both, virtual or wall"},
    {Type::kLevel, "SHOULD or MAY"},
    {Type::kStage, "ROUTER_ACK, DELIVERY_ACK or EXECUTION_ACK"},
    {Type::kState, "state"},
    {Type::kFeatures, "list of features"},
    {Type::kErrorCodes, "list of error codes"},
    {Type::kRequirement, "requirement id"},
    {Type::kRequirements, "list of requirement ids"},
    {Type::kChoice, "choice id"},
    {Type::kQuery, "query"},
    {Type::kWorkEnd, "end"},
    {Type::kOnCancel, "stop or ignore"},
    {Type::kNames, "list of names"},
    {Type::kPaths, "list of paths"},
    {Type::kMatchCount, "number matcher"},
    {Type::kMatchDuration, "duration matcher"},
    {Type::kMatchText, "text matcher"},
    {Type::kMatchState, "state matcher"},
    {Type::kMatchCertainty, "certainty matcher"},
    {Type::kMatchReason, "reason matcher"},
    {Type::kMatchCode, "error code matcher"},
    {Type::kAnomalies, "mapping KIND: number matcher, or a number matcher"},
    {Type::kTimers, "mapping KIND: duration, or none"},
    {Type::kViews, "mapping VIEW: text matcher"},
    {Type::kProgress, "list"},
    {Type::kSection, "mapping"},
    {Type::kPeers, "mapping"},
    {Type::kKeyKind, "right, wrong, borrowed or none"},
    {Type::kPeerState, "connected or absent"},
    {Type::kAbsent, "absent"},
    {Type::kGiven, "mapping"},
    {Type::kFaultsList, "none or list of faults"},
    {Type::kSteps, "list of steps"},
    {Type::kActs, "list of acts"},
    {Type::kObservations, "list of observations"},
    {Type::kBranches, "mapping"},
    {Type::kOutcome, "mapping"},
    {Type::kMatrix, "mapping"},
    {Type::kExclude, "list of mappings"},
    {Type::kWhen, "mapping"},
    {Type::kWith, "mapping"},
};

const std::vector<Section>& Sections() {
  static const std::vector<Section> sections = [] {
    std::vector<Section> all;
    for (const Section& section : tables::DocumentSections()) {
      all.push_back(section);
    }
    for (const Section& section : tables::StepSections()) {
      all.push_back(section);
    }
    return all;
  }();
  return sections;
}

void Append(std::vector<Key>& keys, std::span<const Key> more) {
  keys.insert(keys.end(), more.begin(), more.end());
}

}  // namespace

const Section& SectionNamed(std::string_view name) {
  for (const Section& section : Sections()) {
    if (section.name == name) {
      return section;
    }
  }
  std::abort();  // A name that stands in no table is a mistake of this folder.
}

std::span<const Section> AllSections() { return Sections(); }
std::span<const Verb> StepVerbs() { return tables::StepVerbTable(); }
std::span<const Verb> FaultVerbs() { return tables::FaultVerbTable(); }

std::vector<Key> KeysBeside(const Verb& verb) {
  std::vector<Key> keys(verb.fields.begin(), verb.fields.end());
  if (verb.message_fields) {
    Append(keys, SectionNamed("message").keys);
    Append(keys, SectionNamed("policy").keys);
  }
  if (verb.group == VerbGroup::kFault) {
    return keys;
  }
  Append(keys, SectionNamed("step").keys);
  if (verb.group == VerbGroup::kAct) {
    Append(keys, SectionNamed("act").keys);
  }
  if (verb.group == VerbGroup::kObservation) {
    Append(keys, SectionNamed("observation").keys);
  }
  return keys;
}

std::vector<std::string> NamesOf(std::span<const Key> keys) {
  std::vector<std::string> names;
  for (const Key& key : keys) {
    names.emplace_back(key.name);
  }
  return names;
}

std::vector<std::string> NamesOf(std::span<const Verb> verbs) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) {
    names.emplace_back(verb.name);
  }
  return names;
}

std::string_view TypeText(Type type) {
  for (const auto& [candidate, text] : kTypeTexts) {
    if (candidate == type) {
      return text;
    }
  }
  return "";
}

}  // namespace cmb::conformance::scenario
