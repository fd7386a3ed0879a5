// The kinds of alterations that nobody can object to, since the specification leaves them to the
// implementation: conformance/oracle/free.yaml. Each entry names the sentence or choice that does,
// and matches something. Called by the alter command. Pure but for reading the file.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "conformance/alter/kind.h"
#include "conformance/scenario/loader.h"

namespace cmb::conformance::alter {

struct FreeKind {
  std::string kind;  // Pattern of Kind::Text(): `*` is any text, `?` one character.
  std::string by;    // Requirement or choice.
  std::string why;
  std::string place;  // FILE:LINE.
  std::uint64_t subtracted = 0;
};

// What is wrong, one a line.
using Complaints = std::vector<std::string>;
std::variant<std::vector<FreeKind>, Complaints> ReadFreeList(const std::string& file,
                                                             const scenario::Knowledge& knowledge);

// Takes what was not caught, and is free, out of the tally; each belongs to the first entry that
// matches.
void Subtract(std::vector<FreeKind>& list, Tally& tally);

}  // namespace cmb::conformance::alter
