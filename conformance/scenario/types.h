// Checks a single value against its type in the table of the language. No
// state; called by shape.cc alone.
#pragma once

#include "conformance/scenario/language.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// Types that contain steps or keys of their own are not judged here.
void CheckType(const Node& node, Type type, Report& report);

}  // namespace cmb::conformance::scenario
