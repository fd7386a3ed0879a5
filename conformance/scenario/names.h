// The one namespace of a case: modules, axes, messages, pings, kept frames
// (scenario language, section 2).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

class Names {
 public:
  // kPing: a question too, which `of` of its answer may name.
  enum class Kind { kModule, kAxis, kMessage, kPing, kFrame };

  // Reports and returns false when the name is taken.
  bool Declare(const std::string& name, Kind kind, const Where& where, Report& report);
  std::optional<Kind> Find(const std::string& name) const;
  // In the order declared.
  const std::vector<std::string>& OfKind(Kind kind) const;
  std::vector<std::string> All() const;

 private:
  struct Entry {
    Kind kind;
    Where where;
  };
  std::map<std::string, Entry> entries_;
  std::map<Kind, std::vector<std::string>> by_kind_;
};

}  // namespace cmb::conformance::scenario
