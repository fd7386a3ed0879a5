// The scenario language as data: every key, verb, field and type, once. The
// loader checks shapes with it, misspelt words are compared with it, and the
// tables of the authoring page are printed from it. Constant data.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cmb::conformance::scenario {

// What a value may be. TypeText says it in words.
enum class Type {
  kText,
  kId,
  kName,
  kAliases,
  kModule,
  kSocket,
  kDuration,
  kDurationRange,
  kDurationOrQuiet,
  kDurationOrNone,
  kJump,
  kCount,
  kCountRange,
  kSize,
  kFactor,
  kPolicyFactor,
  kJitter,
  kBool,
  kActTerm,
  kExpectTerm,
  kNeverTerm,
  kFrames,
  kFramePair,
  kHarm,
  kHexList,
  kPayload,
  kKey,
  kPayloadMatch,
  kSet,
  kFields,
  kRole,
  kPart,  // Of a system too.
  kProfile,
  kClock,
  kLevel,
  kStage,
  kState,
  kFeatures,
  kErrorCodes,
  kRequirement,
  kRequirements,
  kChoice,
  kQuery,
  kWorkEnd,
  kOnCancel,
  kNames,
  kPaths,
  kMatchCount,
  kMatchDuration,
  kMatchText,
  kMatchState,
  kMatchCertainty,
  kMatchReason,
  kMatchCode,
  kAnomalies,
  kTimers,
  kViews,
  kProgress,
  kSection,  // A mapping with the keys of Key::section.
  kPeers,
  kKeyKind,
  kAbsent,
  kPeerState,
  kGiven,
  kFaultsList,
  kSteps,
  kActs,
  kObservations,
  kBranches,
  kOutcome,
  kMatrix,
  kExclude,
  kWhen,
  kWith,
};

// The type in words, for the authoring page: "duration".
std::string_view TypeText(Type type);

struct Key {
  std::string_view name;
  Type type;
  std::string_view meaning;
  bool required = false;
  std::string_view section = {};  // With kSection.
};

struct Section {
  std::string_view name;   // "config".
  std::string_view title;  // Heading of its table.
  std::span<const Key> keys;
};

enum class VerbGroup { kAct, kMove, kObservation, kFault };

struct Verb {
  std::string_view name;
  VerbGroup group;
  Type object;
  std::string_view meaning;
  std::span<const Key> fields;
  // Whether the fields of a message may stand beside it.
  bool message_fields = false;
};

// "document", "defaults", "config", "limits", "policy", "backoff", "message",
// "work", "progress", "peer", "given", "step", "observation", "act".
// The name must be one of these.
const Section& SectionNamed(std::string_view name);
std::span<const Section> AllSections();

// Verbs of steps, in the order of the language page; verbs of faults.
std::span<const Verb> StepVerbs();
std::span<const Verb> FaultVerbs();

// Every key that may stand beside this verb, common ones included.
std::vector<Key> KeysBeside(const Verb& verb);

std::vector<std::string> NamesOf(std::span<const Key> keys);
std::vector<std::string> NamesOf(std::span<const Verb> verbs);

}  // namespace cmb::conformance::scenario
