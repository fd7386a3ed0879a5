// Judges one field value by a matcher of the scenario: equal, within, present,
// absent, contains, any of, list. Called by every observation. Pure; safe from
// any thread. Scenario language, section 2 ("Field matchers").
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "conformance/engine/field_path.h"
#include "conformance/scenario/values.h"

namespace cmb::conformance::engine {

// Replaces the `$name.path` references of a text by their values.
using Expand = std::function<std::string(const std::string&)>;

// A repeated field agrees with a single value when that is its only element,
// and with `contains` when one element contains it.
bool Matches(const scenario::Matcher& matcher, const FieldValue& value, const Expand& expand);

// The same for a number and for a text that always stand there.
bool Matches(const scenario::Matcher& matcher, std::uint64_t value, const Expand& expand);
bool Matches(const scenario::Matcher& matcher, const std::string& value, const Expand& expand);

// The matcher in words, for `want`: `5..7`, `present`, `contains "x"`, `[a, b]`.
std::string Describe(const scenario::Matcher& matcher, const Expand& expand);

}  // namespace cmb::conformance::engine
