#include "conformance/scenario/references.h"

#include <string_view>

namespace cmb::conformance::scenario {
namespace {

bool StartsName(char c) { return c >= 'a' && c <= 'z'; }
bool InName(char c) { return StartsName(c) || (c >= '0' && c <= '9') || c == '_'; }

std::size_t EndOfName(std::string_view text, std::size_t at) {
  while (at < text.size() && InName(text[at])) {
    ++at;
  }
  return at;
}

// A dot belongs to the path only when a name follows: a sentence may end in one.
std::size_t EndOfPath(std::string_view text, std::size_t at) {
  while (at + 1 < text.size() && text[at] == '.' && StartsName(text[at + 1])) {
    at = EndOfName(text, at + 1);
  }
  return at;
}

}  // namespace

std::vector<Reference> FindReferences(const std::string& text) {
  std::vector<Reference> found;
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    if (at + 1 >= text.size() || !StartsName(text[at + 1])) {
      continue;
    }
    const std::size_t name_end = EndOfName(text, at + 1);
    const std::size_t end = EndOfPath(text, name_end);
    Reference reference;
    reference.begin = at;
    reference.size = end - at;
    reference.name = text.substr(at + 1, name_end - at - 1);
    reference.path = end > name_end ? text.substr(name_end + 1, end - name_end - 1) : "";
    found.push_back(reference);
  }
  return found;
}

std::optional<std::string> ExpandReferences(const std::string& text, const Lookup& lookup) {
  std::string out;
  std::size_t done = 0;
  for (const Reference& reference : FindReferences(text)) {
    const auto value = lookup(reference.name, reference.path);
    if (!value) {
      return std::nullopt;
    }
    out += text.substr(done, reference.begin - done) + *value;
    done = reference.begin + reference.size;
  }
  return out + text.substr(done);
}

}  // namespace cmb::conformance::scenario
