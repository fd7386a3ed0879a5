// Checks a document against the table of the language: unknown and missing
// keys, steps with no verb or two, values that are not of their type; and
// refuses by name what this build does not execute. No state.
#pragma once

#include "conformance/scenario/language.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// Whether the matrix is still to be filled in: values that hold a `$` are then
// not judged.
enum class Stage { kAsWritten, kExpanded };

void CheckDocumentShape(const Node& document, Stage stage, Report& report);
void CheckDefaultsShape(const Node& defaults, Report& report);

// The verb of a step or fault, or null: none or two (CheckDocumentShape has
// said so).
const Verb* VerbOf(const Node& step, std::span<const Verb> verbs);

// Whether any scalar below holds a `$name`.
bool HoldsReference(const Node& node);

}  // namespace cmb::conformance::scenario
