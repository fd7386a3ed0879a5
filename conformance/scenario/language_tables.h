// Where language.cc finds the parts of the table. Nobody else includes it.
#pragma once

#include <span>

#include "conformance/scenario/language.h"

namespace cmb::conformance::scenario::tables {

std::span<const Section> DocumentSections();
std::span<const Section> StepSections();
std::span<const Verb> StepVerbTable();
std::span<const Verb> FaultVerbTable();

}  // namespace cmb::conformance::scenario::tables
