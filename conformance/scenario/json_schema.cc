#include "conformance/scenario/json_schema.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "conformance/scenario/schema_types.h"

namespace cmb::conformance::scenario {
namespace {

// Name of a type's definition: what it is called in words, as one word. Some are called the same
// and differ.
std::string DefinitionOf(Type type) {
  static const std::map<Type, std::string> own_names = {{Type::kExpectTerm, "expected_term"},
                                                        {Type::kNeverTerm, "forbidden_term"},
                                                        {Type::kViews, "views"},
                                                        {Type::kMatrix, "matrix"},
                                                        {Type::kWhen, "when"},
                                                        {Type::kWith, "with"},
                                                        {Type::kExclude, "exclude"}};
  if (const auto own = own_names.find(type); own != own_names.end()) {
    return own->second;
  }
  std::string name;
  for (const char c : TypeText(type)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain || (!name.empty() && name.back() != '_')) {
      name += plain ? c : '_';
    }
  }
  return name;
}

class Writer {
 public:
  Schema Write() {
    for (const std::string_view section : {"document", "defaults"}) {
      definitions_[std::string(section)] = Keys(SectionNamed(section).keys);
    }
    // A role may come from defaults.yaml.
    Schema& required = definitions_["document"]["required"];
    required.erase(std::remove(required.begin(), required.end(), "role"), required.end());
    definitions_["step"] = Verbed(StepVerbs());
    definitions_["fault"] = Verbed(FaultVerbs());
    Schema schema;
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["title"] = "A CMB-ACK scenario, or the defaults.yaml of a directory";
    schema["description"] =
        "Printed by cmb-conformance schema from the loader's own table; do not edit.";
    schema["type"] = "object";
    schema["if"]["anyOf"] = Schema::array();
    for (const char* key : {"id", "title", "requirements", "steps", "outcome"}) {
      schema["if"]["anyOf"].push_back({{"required", {key}}});
    }
    schema["then"] = Ref("document");
    schema["else"] = Ref("defaults");
    definitions_["reference"] = {{"type", "string"}, {"pattern", "^" + ReferencePattern() + "$"}};
    schema["definitions"] = definitions_;
    return schema;
  }

 private:
  // A mapping with these keys. With `spread` what is required may come with `with`.
  Schema Keys(std::span<const Key> keys, bool spread = false) {
    Schema object = {{"type", "object"}, {"additionalProperties", false}};
    Schema required = Schema::array();
    for (const Key& key : keys) {
      object["properties"][std::string(key.name)] = Property(key.type, key.section, key.meaning);
      if (key.required) {
        required.push_back(key.name);
      }
    }
    if (!required.empty() && spread) {
      object["anyOf"] = {{{"required", required}}, {{"required", {"with"}}}};
    } else if (!required.empty()) {
      object["required"] = required;
    }
    return object;
  }

  // Beside $ref nothing else counts, so that the meaning stands around it.
  Schema Property(Type type, std::string_view section, std::string_view meaning) {
    return {{"description", meaning}, {"allOf", {ValueOf(type, section)}}};
  }

  Schema ValueOf(Type type, std::string_view section) {
    if (Schema plain = SchemaOfType(type); !plain.is_null()) {
      const std::string name = DefinitionOf(type);
      const bool structured = plain.contains("type") && plain["type"] != "string";
      definitions_[name] = structured ? OrReference(std::move(plain)) : std::move(plain);
      definitions_[name]["title"] = TypeText(type);
      return Ref(name);
    }
    return OrReference(Structure(type, section));
  }

  // A matrix may give the whole. Told apart first, so that a mistake inside is shown as itself.
  static Schema OrReference(Schema schema) {
    return {{"if", {{"type", "string"}, {"pattern", "^[$]"}}},
            {"then", Ref("reference")},
            {"else", std::move(schema)}};
  }

  Schema Structure(Type type, std::string_view section) {
    if (type == Type::kSection) {
      return Section(section);
    }
    if (type == Type::kProgress) {
      return List(Section("progress"));
    }
    if (type == Type::kFaultsList) {
      return {{"anyOf", Schema::array({{{"const", "none"}}, List(Ref("fault"))})}};
    }
    if (type == Type::kBranches) {
      return {{"type", "object"}, {"additionalProperties", List(Ref("step"))}};
    }
    if (type == Type::kPeers) {
      return Named(ValueOf(Type::kPeerState, ""), Section("peer"), ModulePattern());
    }
    if (type == Type::kGiven) {
      return Named(ValueOf(Type::kState, ""), Given());
    }
    if (type == Type::kOutcome) {
      return Named(ValueOf(Type::kMatchState, ""), Outcome());
    }
    return List(Ref("step"));  // kSteps, kActs, kObservations.
  }

  static Schema List(Schema items) {
    return {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}};
  }

  Schema Section(std::string_view name) {
    const std::string definition = "section_" + std::string(name);
    if (!definitions_.contains(definition)) {
      definitions_[definition] = Keys(SectionNamed(name).keys);
    }
    return Ref(definition);
  }

  // A mapping of names, families or lists of them; each with the short form or a mapping.
  static Schema Named(Schema brief, Schema full, const std::string& name = AliasPattern()) {
    return {
        {"type", "object"},
        {"propertyNames", {{"pattern", "^" + name + "$"}}},
        {"additionalProperties",
         {{"if", {{"type", "object"}}}, {"then", std::move(full)}, {"else", std::move(brief)}}}};
  }

  Schema Given() {
    std::vector<Key> keys;
    for (const std::string_view section : {"given", "message", "policy"}) {
      const auto more = SectionNamed(section).keys;
      keys.insert(keys.end(), more.begin(), more.end());
    }
    definitions_["given_message"] = Keys(keys);
    return Ref("given_message");
  }

  Schema Outcome() {
    const auto verbs = StepVerbs();
    const auto check =
        std::find_if(verbs.begin(), verbs.end(), [](const Verb& v) { return v.name == "check"; });
    definitions_["outcome_of_a_message"] = Keys(check->fields);
    return Ref("outcome_of_a_message");
  }

  // Exactly one verb; with it the verb's own keys, so that a mistake is the verb's.
  Schema Verbed(std::span<const Verb> verbs) {
    Schema object = {{"type", "object"}};
    object["oneOf"] = Schema::array();
    object["allOf"] = Schema::array();
    for (const Verb& verb : verbs) {
      const std::string name(verb.name);
      object["properties"][name] = Property(verb.object, "", verb.meaning);
      object["oneOf"].push_back({{"required", {name}}});
      std::vector<Key> keys = KeysBeside(verb);
      keys.insert(keys.begin(), Key{verb.name, verb.object, verb.meaning});
      definitions_["verb_" + name] = Keys(keys, true);
      object["allOf"].push_back({{"if", {{"required", {name}}}}, {"then", Ref("verb_" + name)}});
    }
    return object;
  }

  Schema definitions_ = Schema::object();
};

}  // namespace

std::string JsonSchema() {
  const Schema schema = Writer().Write();
  // One definition a line, so that a difference shows what it is about.
  std::string text = "{\n";
  for (const auto& [key, value] : schema.items()) {
    if (key != "definitions") {
      text += Schema(key).dump() + ": " + value.dump() + ",\n";
    }
  }
  text += "\"definitions\": {\n";
  std::size_t left = schema["definitions"].size();
  for (const auto& [name, definition] : schema["definitions"].items()) {
    text += Schema(name).dump() + ": " + definition.dump() + (--left > 0 ? ",\n" : "\n");
  }
  return text + "}\n}\n";
}

}  // namespace cmb::conformance::scenario
