#include "conformance/alter/free_list.h"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"
#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/yaml_reader.h"

namespace cmb::conformance::alter {
namespace {

std::string PlaceOf(const scenario::Node& node) {
  return node.where.file + ":" + std::to_string(node.where.line);
}

bool IsKnown(const std::string& id, const scenario::Knowledge& knowledge) {
  return knowledge.requirements.contains(id) || knowledge.choices.contains(id);
}

void TakeEntry(const scenario::Node& node, const scenario::Knowledge& knowledge,
               std::vector<FreeKind>& list, Complaints& complaints) {
  const FreeKind entry{node.TextOf("kind"), node.TextOf("by"), node.TextOf("why"), PlaceOf(node)};
  if (entry.kind.empty() || entry.by.empty() || entry.why.empty() || node.entries.size() != 3) {
    complaints.push_back(entry.place + ": an entry has the keys kind, by and why, and no others");
  } else if (!IsKnown(entry.by, knowledge)) {
    complaints.push_back(entry.place + ": the specification has no requirement or choice " +
                         entry.by);
  } else {
    list.push_back(entry);
  }
}

bool Matches(const FreeKind& entry, const std::string& kind) {
  return fnmatch(entry.kind.c_str(), kind.c_str(), FNM_EXTMATCH) == 0;
}

}  // namespace

std::variant<std::vector<FreeKind>, Complaints> ReadFreeList(const std::string& file,
                                                             const scenario::Knowledge& knowledge) {
  const auto text = scenario::ReadWholeFile(file);
  if (!text) {
    return Complaints{file + ": cannot be read; --free names the list of what is free"};
  }
  std::vector<FreeKind> list;
  Complaints complaints;
  scenario::Report report;
  for (const scenario::Node& document : scenario::ReadYaml(*text, file, report)) {
    for (const scenario::Node& item : document.items) {
      TakeEntry(item, knowledge, list, complaints);
    }
    if (!document.IsSequence()) {
      complaints.push_back(PlaceOf(document) + ": a list of entries is expected");
    }
  }
  for (const scenario::Diagnostic& error : report.TakeErrors()) {
    complaints.push_back(scenario::ToString(error));
  }
  if (!complaints.empty()) {
    return complaints;
  }
  return list;
}

void Subtract(std::vector<FreeKind>& list, Tally& tally) {
  for (auto& [kind, count] : tally) {
    const std::string text = kind.Text();
    const auto entry = std::find_if(list.begin(), list.end(), [&text](const FreeKind& candidate) {
      return Matches(candidate, text);
    });
    if (count.not_caught() > 0 && entry != list.end()) {
      entry->subtracted += count.not_caught();
      count.all = count.caught;
    }
  }
}

}  // namespace cmb::conformance::alter
