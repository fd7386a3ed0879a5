#include "conformance/scenario/schema_types.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "conformance/scenario/schema_terms.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/mutilate.h"

namespace cmb::conformance::scenario {
namespace {

using Words = std::vector<std::string>;

constexpr char kDuration[] = "[0-9]+(ms|s|min|h)";
constexpr char kName[] = "[a-z][a-z0-9_]*";
constexpr char kModule[] = "[^$].*";
// $name, $name.path: whatever takes a scalar takes one of the matrix or of a kept frame.
constexpr char kReference[] = "\\$[a-z_][a-z_.0-9]*";

Schema Pattern(const std::string& pattern) {
  return {{"type", "string"}, {"pattern", "^(" + pattern + "|" + kReference + ")$"}};
}

Schema Enum(Words words) { return {{"anyOf", {{{"enum", std::move(words)}}, Ref("reference")}}}; }

Words Lower(Words words) {
  for (std::string& word : words) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return words;
}

Schema AnyOf(std::vector<Schema> choices) { return {{"anyOf", std::move(choices)}}; }

Schema ListOf(Schema item, int least = 0) {
  Schema list = {{"type", "array"}, {"items", std::move(item)}};
  if (least > 0) {
    list["minItems"] = least;
  }
  return list;
}

Schema MapOf(Schema value) {
  return {{"type", "object"}, {"additionalProperties", std::move(value)}};
}

// A mapping whose keys are these words.
Schema MapOfWords(const Words& words, Schema value) {
  Schema map = {{"type", "object"}, {"additionalProperties", false}};
  for (const std::string& word : words) {
    map["properties"][word] = value;
  }
  return map;
}

Schema One(const std::string& key, Schema value) {
  return {{"type", "object"},
          {"properties", {{key, std::move(value)}}},
          {"required", {key}},
          {"additionalProperties", false}};
}

// A scalar of any kind, as YAML may have typed it.
Schema Scalar() { return {{"type", {"string", "number", "boolean"}}}; }

Schema Number(const std::string& pattern = "[0-9]+") {
  return AnyOf({{{"type", "integer"}, {"minimum", 0}}, Pattern(pattern)});
}

// `value` is how the type's values are written; a matcher is one of them or says more.
Schema Matcher(Schema value) {
  Schema some = Schema::array();
  some.push_back(value);
  some.push_back({{"enum", {"present", "absent"}}});
  some.push_back(One("contains", Scalar()));
  some.push_back(One("is", Scalar()));
  some.push_back(
      One("any_of", ListOf(AnyOf({std::move(value), {{"type", {"array", "object"}}}}), 1)));
  return {{"anyOf", std::move(some)}};
}

Words StatesAndUnsent() {
  Words states = wire::AllWords<words::State>();
  states.emplace_back("UNSENT");
  return states;
}

Words CodesAndUnspecified() {
  Words codes = wire::AllWords<words::ErrorCode>();
  codes.emplace_back("UNSPECIFIED");
  return codes;
}

Words Features() {
  Words features = Lower(wire::AllWords<words::Feature>());
  for (const std::string& profile : wire::AllWords<words::Profile>()) {
    features.push_back(profile);
  }
  return features;
}

Schema Factor() {
  return AnyOf({{{"type", "number"}, {"minimum", 0}}, Pattern("[0-9]+(\\.[0-9]+)?")});
}

Schema Aliases() { return AnyOf({Pattern(AliasPattern()), ListOf(Pattern(AliasPattern()), 1)}); }

Schema Harm() {
  return AnyOf({Enum(wire::AllHarms()), One("truncate", Number()), One("flip_bit", Number())});
}

Schema Frames() {
  return AnyOf({Pattern(FaultTermPattern()), ListOf(Pattern(FaultTermPattern()), 1)});
}

Schema FramePair() {
  Schema pair = ListOf(Pattern(FaultTermPattern()), 2);
  pair["maxItems"] = 2;
  return pair;
}

std::string CodePattern() {
  return "(" + Alternatives(wire::AllWords<words::ErrorCode>()) + "|" + kReference + ")";
}

const std::map<Type, Schema>& PlainTypes() {
  static const std::string range = std::string(kDuration) + "(\\.\\." + kDuration + ")?";
  static const std::map<Type, Schema> types = {
      {Type::kText, Scalar()},
      {Type::kId, Pattern("[a-z0-9-]+(/[a-z0-9-]+)*(@.*)?")},
      {Type::kName, Pattern(kName)},
      {Type::kModule, Pattern(kModule)},
      {Type::kSocket, Pattern(kName)},
      {Type::kAliases, Aliases()},
      {Type::kDuration, Pattern(kDuration)},
      {Type::kDurationRange, Pattern(range)},
      {Type::kDurationOrQuiet, Pattern(std::string(kDuration) + "|until quiet")},
      {Type::kDurationOrNone, Pattern(std::string(kDuration) + "|none")},
      {Type::kJump, Pattern(std::string("[+-]") + kDuration)},
      {Type::kCount, Number()},
      {Type::kCountRange, Number("[0-9]+(\\.\\.[0-9]+)?")},
      {Type::kSize, Number("[0-9]+(KiB|MiB)?")},
      {Type::kFactor, Factor()},
      {Type::kPolicyFactor, AnyOf({Factor(), Enum({"nan"})})},
      {Type::kKey, AnyOf({Scalar(), One("size", Ref("size"))})},
      {Type::kJitter, AnyOf({Enum({"own"}), ListOf(Factor(), 1)})},
      {Type::kBool, AnyOf({{{"type", "boolean"}}, Enum({"true", "false"})})},
      {Type::kActTerm, Pattern(ActTermPattern())},
      {Type::kExpectTerm, Pattern(ExpectTermPattern())},
      {Type::kNeverTerm, Pattern(NeverTermPattern())},
      {Type::kFrames, Frames()},
      {Type::kFramePair, FramePair()},
      {Type::kHarm, Harm()},
      {Type::kHexList, ListOf(AnyOf({Pattern("([0-9a-fA-F]{2})*"), {{"type", "integer"}}}))},
      {Type::kPayload, AnyOf({Scalar(), One("size", Ref("size")), One("hex", Scalar())})},
      {Type::kPayloadMatch, AnyOf({Ref("text_matcher"), One("size", Ref("size"))})},
      {Type::kSet, MapOf(AnyOf({Scalar(), ListOf(Scalar())}))},
      {Type::kFields, MapOf(AnyOf({Scalar(), Matcher(Scalar()), {{"type", "array"}}}))},
  };
  return types;
}

const std::map<Type, Schema>& WordTypes() {
  static const std::map<Type, Schema> types = {
      {Type::kRole, Enum({"sender", "router", "target", "system"})},
      {Type::kPart, Enum({"sender", "router", "target", "second_router"})},
      {Type::kProfile, Enum(wire::AllWords<words::Profile>())},
      {Type::kClock, Enum({"both", "virtual", "wall"})},
      {Type::kLevel, Enum({"SHOULD", "MAY"})},
      {Type::kStage, Enum({"ROUTER_ACK", "DELIVERY_ACK", "EXECUTION_ACK"})},
      {Type::kState, Enum(StatesAndUnsent())},
      {Type::kFeatures, ListOf(Enum(Features()))},
      {Type::kErrorCodes, ListOf(AnyOf({Enum(CodesAndUnspecified()), Number()}))},
      {Type::kRequirement, Pattern("CMB-[A-Z0-9]+-[0-9]{3}")},
      {Type::kRequirements, ListOf(Ref("requirement_id"), 1)},
      {Type::kChoice, Pattern("CHO-[0-9]{3}")},
      {Type::kQuery,
       Enum({"transaction", "in_flight", "health", "dead_letters", "redrive", "purge"})},
      {Type::kWorkEnd, Pattern("SUCCESS|never|(FAILURE|REJECTED)( " + CodePattern() + ")?")},
      {Type::kOnCancel, Enum({"stop", "ignore"})},
      {Type::kNames, ListOf(Pattern(kName))},
      {Type::kPaths, ListOf(Scalar())},
      {Type::kMatchCount, Matcher(Number("[0-9]+(\\.\\.[0-9]+)?"))},
      {Type::kMatchDuration,
       Matcher(Pattern(std::string(kDuration) + "(\\.\\." + kDuration + ")?"))},
      {Type::kMatchText, Matcher(AnyOf({Scalar(), ListOf(Scalar())}))},
      {Type::kMatchState, Matcher(Enum(wire::AllWords<words::State>()))},
      {Type::kMatchCertainty, Matcher(Enum(wire::AllWords<words::Certainty>()))},
      {Type::kMatchReason, Matcher(Enum(wire::AllWords<words::Reason>()))},
      {Type::kMatchCode, Matcher(Enum(wire::AllWords<words::ErrorCode>()))},
      {Type::kAnomalies,
       AnyOf({Ref("number_matcher"),
              MapOfWords(wire::AllWords<words::AnomalyKind>(), Ref("number_matcher"))})},
      {Type::kTimers, AnyOf({Enum({"none"}), MapOfWords(Lower(wire::AllWords<words::TimerKind>()),
                                                        Ref("duration"))})},
      {Type::kViews, MapOfWords({"cmb_v0", "sw4rm", "fleet"}, Ref("text_matcher"))},
      {Type::kAbsent, Enum({"absent"})},
      {Type::kKeyKind, Enum({"right", "wrong", "borrowed", "none"})},
      {Type::kPeerState, Enum({"connected", "absent"})},
      {Type::kMatrix, MapOf({{"type", {"array", "object"}}})},
      {Type::kExclude, ListOf({{"type", "object"}})},
      {Type::kWhen, MapOf(AnyOf({Scalar(), ListOf(Scalar())}))},
      {Type::kWith, AnyOf({{{"type", "object"}}, Ref("reference")})},
  };
  return types;
}

}  // namespace

Schema Ref(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }

std::string ModulePattern() { return kModule; }

std::string AliasPattern() { return std::string(kName) + "(\\.\\." + kName + ")?"; }
std::string ReferencePattern() { return kReference; }

Schema SchemaOfType(Type type) {
  for (const auto* types : {&PlainTypes(), &WordTypes()}) {
    const auto found = types->find(type);
    if (found != types->end()) {
      return found->second;
    }
  }
  return nullptr;
}

}  // namespace cmb::conformance::scenario
