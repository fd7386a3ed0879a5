// One JSON Schema for each type of the language. Called by json_schema.cc alone. No state.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "conformance/scenario/language.h"

namespace cmb::conformance::scenario {

using Schema = nlohmann::ordered_json;

// "#/definitions/NAME".
Schema Ref(const std::string& name);

// Of types that stand for a value, or a list or mapping of values. Null: the type holds keys, steps
// or faults of its own, which json_schema.cc writes.
Schema SchemaOfType(Type type);

// A regular expression for one alias, a family, or $name; and the shape of $name alone.
std::string AliasPattern();
std::string ModulePattern();
std::string ReferencePattern();

}  // namespace cmb::conformance::scenario
