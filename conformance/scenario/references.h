// References to run-time values inside a text: `$m1.message_id`,
// `$first.attempt`. The loader checks the names, the engine knows the values.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cmb::conformance::scenario {

// One `$name.path` inside a text.
struct Reference {
  std::size_t begin = 0;  // Of the dollar.
  std::size_t size = 0;
  std::string name;
  std::string path;  // Without the first dot; may be empty.
};

std::vector<Reference> FindReferences(const std::string& text);

// Gives the value of `path` of the message or kept frame `name`.
using Lookup =
    std::function<std::optional<std::string>(const std::string& name, const std::string& path)>;

// `text` with every reference replaced. Absent: a lookup gave nothing.
std::optional<std::string> ExpandReferences(const std::string& text, const Lookup& lookup);

}  // namespace cmb::conformance::scenario
