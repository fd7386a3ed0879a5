// Collects what the loader has to say about one file: each thing once, all of
// a file at once. Passed by reference to every part of the loader.
#pragma once

#include <string>
#include <vector>

#include "conformance/scenario/loader.h"

namespace cmb::conformance::scenario {

// The numbers of the loader's error list (scenario language, section 11).
enum class ErrorNumber {
  kYaml = 1,
  kShape = 2,        // Unknown or missing key, wrong type, no verb or two.
  kScalar = 3,       // Bad duration, range, size, id, name.
  kWord = 4,         // Not in the vocabulary.
  kName = 5,         // Alias, `of`, kept frame.
  kModule = 6,       // Unknown module, an act of the wrong party.
  kRequirement = 7,  // Requirement, level, feature, choice.
  kSense = 8,        // Proves nothing, or cannot be observed.
  kRole = 9,         // What this role does not have.
  kMatrix = 10,
  kRepeatedId = 11,
};

class Report {
 public:
  void Error(const Where& where, ErrorNumber number, const std::string& sentence);
  // Something the language has and this build does not execute.
  void Refuse(const Where& where, const std::string& what);
  void Finding(const Where& where, const std::string& sentence);

  // How often something was wrong, repetitions of one error included: a caller that must not go
  // on after its own errors compares before and after.
  std::size_t error_count() const { return error_count_; }
  std::size_t refusal_count() const { return refusals_.size(); }

  // In the order of file, line and column.
  std::vector<Diagnostic> TakeErrors();
  std::vector<Diagnostic> TakeRefusals();
  std::vector<Diagnostic> TakeFindings();

 private:
  std::size_t error_count_ = 0;
  std::vector<Diagnostic> errors_;
  std::vector<Diagnostic> refusals_;
  std::vector<Diagnostic> findings_;
};

}  // namespace cmb::conformance::scenario
