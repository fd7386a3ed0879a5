// What is left free to an IUT that declares less than a sentence asks for. Only CORE is below
// BASIC, and what it does of BASIC it does as BASIC says (CMB-VER-019). Pure; any thread.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "conformance/oracle/tables/machine.h"
#include "conformance/oracle/tables/model.h"

namespace cmb::conformance::oracle::tables {

// The words of a row that are of BASIC, whatever its sentences are.
inline constexpr std::string_view kOfBasic = "BASIC: ";

bool IsCore(const History& history);
// It does, and the sentence is of a higher profile.
bool IsAbove(const History& history, std::string_view requirement);

// What need not come, the fields that need not be there, and the timers that need not be armed, of
// all that is expected in the exchange.
void LeaveFree(World& world);

// A sentence that binds the IUT, in place of one that does not: what 3.6 drops is dropped by CORE
// too, and the rest of BASIC is done as BASIC says or not at all.
std::string_view Binding(const History& history, std::string_view requirement);

// Whether the IUT showed in this exchange that the message moved there, or that a retry waits.
bool IsShown(const World& world, const std::string& message_id, ack::v1::State next);

// The row is above CORE, and moves a message or lets it wait for a retry: it is taken where that is
// seen.
template <typename Row, typename Cell, typename Effect>
bool LeavesOut(const World& world, const Row& row, const Cell& cell, Effect emit_retry,
               const std::string& message_id) {
  const bool is_above = IsAbove(world.history, row.RequirementOf(cell)) ||
                        (IsCore(world.history) && row.doc.starts_with(kOfBasic));
  const bool acts =
      cell.kind == CellKind::kGo ||
      std::find(cell.effects.begin(), cell.effects.end(), emit_retry) != cell.effects.end();
  return is_above && acts && !IsShown(world, message_id, cell.next);
}

}  // namespace cmb::conformance::oracle::tables
