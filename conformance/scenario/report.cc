#include "conformance/scenario/report.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace cmb::conformance::scenario {
namespace {

auto IdentityOf(const Diagnostic& d) {
  return std::tie(d.where.file, d.where.line, d.where.column, d.number, d.sentence);
}

// The combinations of a matrix repeat what is wrong with a step.
void AddOnce(std::vector<Diagnostic>& list, Diagnostic diagnostic) {
  const auto same = [&](const Diagnostic& d) { return IdentityOf(d) == IdentityOf(diagnostic); };
  if (std::none_of(list.begin(), list.end(), same)) {
    list.push_back(std::move(diagnostic));
  }
}

std::vector<Diagnostic> Sorted(std::vector<Diagnostic> list) {
  std::stable_sort(list.begin(), list.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return IdentityOf(a) < IdentityOf(b);
  });
  return list;
}

bool IsOfTheMatrix(const Diagnostic& error) {
  return error.number == static_cast<int>(ErrorNumber::kMatrix);
}

std::tuple<std::string, int, int> PlaceOf(const Diagnostic& error) {
  return {error.where.file, error.where.line, error.where.column};
}

// What the matrix does not replace is wrong once for each label, and wrong as what it should have
// become: one slip, of which the first complaint is kept.
std::vector<Diagnostic> OneOfTheMatrix(std::vector<Diagnostic> errors) {
  std::set<std::tuple<std::string, int, int>> slips;
  for (const Diagnostic& error : errors) {
    if (IsOfTheMatrix(error)) {
      slips.insert(PlaceOf(error));
    }
  }
  std::vector<Diagnostic> kept;
  std::set<std::tuple<std::string, int, int>> said;
  for (Diagnostic& error : errors) {
    const auto place = PlaceOf(error);
    if (!slips.contains(place) || (IsOfTheMatrix(error) && said.insert(place).second)) {
      kept.push_back(std::move(error));
    }
  }
  return kept;
}

}  // namespace

void Report::Error(const Where& where, ErrorNumber number, const std::string& sentence) {
  ++error_count_;
  AddOnce(errors_, {where, static_cast<int>(number), sentence});
}

void Report::Refuse(const Where& where, const std::string& what) {
  AddOnce(refusals_, {where, 0, "not yet supported: " + what});
}

void Report::Finding(const Where& where, const std::string& sentence) {
  AddOnce(findings_, {where, 0, sentence});
}

std::vector<Diagnostic> Report::TakeErrors() {
  return Sorted(OneOfTheMatrix(std::exchange(errors_, {})));
}
std::vector<Diagnostic> Report::TakeRefusals() { return Sorted(std::exchange(refusals_, {})); }
std::vector<Diagnostic> Report::TakeFindings() { return Sorted(std::exchange(findings_, {})); }

std::string ToString(const Where& where) {
  return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

std::string ToString(const Diagnostic& diagnostic) {
  return ToString(diagnostic.where) + ": " + diagnostic.sentence;
}

}  // namespace cmb::conformance::scenario
