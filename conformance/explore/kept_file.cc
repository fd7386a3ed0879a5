#include "conformance/explore/kept_file.h"

#include <fmt/format.h>

#include "conformance/explore/draw.h"
#include "conformance/scenario/yaml_writer.h"

namespace cmb::conformance::explore {
namespace {

// One line of printable ASCII: what an implementation says may be anything.
std::string OneLine(const std::string& text) {
  std::string line;
  for (const char c : text) {
    line += c >= ' ' && c <= '~' ? c : '?';
  }
  return line;
}

}  // namespace

std::string FileNameOf(const Found& found) {
  return found.id.substr(found.id.rfind('/') + 1) + ".yaml";
}

std::string FileTextOf(const Found& found, std::uint64_t seed,
                       const scenario::Knowledge& knowledge) {
  const std::string name = found.id.substr(found.id.rfind('/') + 1);
  scenario::Node document = found.small.document;
  document.Put("title", Text("Found by explore as " + name));
  if (knowledge.requirements.contains(found.outcome.requirement)) {
    document.Put("requirements", List({found.outcome.requirement}));
  }
  const std::string cause =
      fmt::format("explore, seed {}, draw {}: {} {} ({}): {}", seed, found.number,
                  VerdictWord(found.outcome.verdict), found.outcome.requirement, found.outcome.row,
                  found.outcome.sentence);
  document.Put("origin", Text(OneLine(cause)));
  return scenario::WriteDocument(document);
}

}  // namespace cmb::conformance::explore
