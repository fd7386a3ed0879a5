#include "conformance/scenario/names.h"

namespace cmb::conformance::scenario {
namespace {

std::string KindText(Names::Kind kind) {
  switch (kind) {
    case Names::Kind::kModule:
      return "a module";
    case Names::Kind::kAxis:
      return "an axis of the matrix";
    case Names::Kind::kMessage:
      return "a message";
    case Names::Kind::kPing:
      return "a ping";
    case Names::Kind::kFrame:
      return "a kept frame";
  }
  return "";
}

}  // namespace

bool Names::Declare(const std::string& name, Kind kind, const Where& where, Report& report) {
  const auto [entry, is_new] = entries_.try_emplace(name, Entry{kind, where});
  if (!is_new) {
    const bool repeated = entry->second.kind == kind;
    // The three roles are modules in every case and stand in no line.
    const int line = entry->second.where.line;
    const std::string place = line == 0 ? "" : " (line " + std::to_string(line) + ")";
    report.Error(where, ErrorNumber::kName,
                 repeated ? name + " is declared twice" + place
                          : name + " is already " + KindText(entry->second.kind) + place);
    return false;
  }
  by_kind_[kind].push_back(name);
  return true;
}

std::optional<Names::Kind> Names::Find(const std::string& name) const {
  const auto entry = entries_.find(name);
  return entry == entries_.end() ? std::nullopt : std::optional<Kind>(entry->second.kind);
}

const std::vector<std::string>& Names::OfKind(Kind kind) const {
  static const std::vector<std::string> none;
  const auto names = by_kind_.find(kind);
  return names == by_kind_.end() ? none : names->second;
}

std::vector<std::string> Names::All() const {
  std::vector<std::string> all;
  for (const auto& [name, entry] : entries_) {
    all.push_back(name);
  }
  return all;
}

}  // namespace cmb::conformance::scenario
