// References to run-time values inside a text: `$m1.message_id`,
// `$first.attempt`. The loader checks the names, the engine knows the values.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace cmb::conformance::scenario {

// Gives the value of `path` of the message or kept frame `name`.
using Lookup =
    std::function<std::optional<std::string>(const std::string& name, const std::string& path)>;

// `text` with every reference replaced. Absent: a lookup gave nothing.
std::optional<std::string> ExpandReferences(const std::string& text, const Lookup& lookup);

}  // namespace cmb::conformance::scenario
