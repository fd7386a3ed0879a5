// The form of the state tables of spec/machines. The tables themselves are made from the YAML files
// when the project is built (machine_tables.h), so that a row, guard or effect without its function
// does not compile. Values; any thread.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "cmb/ack/v1/vocabulary.pb.h"

namespace cmb::conformance::oracle::tables {

enum class CellKind { kGo, kCreate, kStay, kAnomaly, kForget };

template <typename RowName, typename Effect>
struct Cell {
  CellKind kind = CellKind::kStay;
  ack::v1::State next = ack::v1::STATE_UNSPECIFIED;  // The same state where it does not move.
  // UNSPECIFIED in a cell that moves: the reason is the cause at hand (`phase`, `type`).
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;
  ack::v1::AnomalyKind anomaly = ack::v1::ANOMALY_KIND_UNSPECIFIED;
  std::vector<Effect> effects;
  std::optional<RowName> then;
  std::string_view requirement;  // Of this cell alone. Empty: the row's first.
  std::map<Effect, std::string_view> effect_requirements;  // Of these effects in this cell alone.
};

// The pseudo state NONE is STATE_UNSPECIFIED.
template <typename Trigger, typename Guard, typename RowName, typename Effect>
struct Row {
  RowName row;
  std::string_view name;
  Trigger trigger;
  std::vector<Guard> guards;  // All of them hold where the row applies.
  std::vector<std::string_view> requirements;
  std::string_view doc;
  std::map<ack::v1::State, Cell<RowName, Effect>> cells;  // Those that are not impossible.

  // Null: the table says that it cannot arise.
  const Cell<RowName, Effect>* CellIn(ack::v1::State state) const {
    const auto found = cells.find(state);
    return found == cells.end() ? nullptr : &found->second;
  }
  std::string_view RequirementOf(const Cell<RowName, Effect>& cell) const {
    return cell.requirement.empty() ? requirements.front() : cell.requirement;
  }
};

struct EffectText {
  std::string_view name;
  std::string_view requirement;  // What breaks where the effect is missing. Empty: the row's.
};

template <typename TriggerT, typename GuardT, typename RowT, typename EffectT>
struct Table {
  using Trigger = TriggerT;
  using Guard = GuardT;
  using RowName = RowT;
  using Effect = EffectT;
  using Row = tables::Row<Trigger, Guard, RowName, Effect>;
  using Cell = tables::Cell<RowName, Effect>;

  std::string_view machine;
  std::vector<Row> rows;
  std::map<Effect, EffectText> effects;

  const Row& RowOf(RowName name) const { return rows[static_cast<std::size_t>(name)]; }

  // What breaks where `effect` of `cell` is missing or other than expected.
  std::string_view RequirementOf(const Row& row, const Cell& cell, Effect effect) const {
    const auto own = cell.effect_requirements.find(effect);
    if (own != cell.effect_requirements.end()) {
      return own->second;
    }
    const std::string_view everywhere = effects.at(effect).requirement;
    return everywhere.empty() ? row.RequirementOf(cell) : everywhere;
  }

  // The row of `trigger` whose guards all hold: the one with the most guards, of equals the first.
  // Null: none does, as where a branch of a choice was tried that does not fit.
  template <typename Holds>
  const Row* Select(Trigger trigger, const Holds& holds) const {
    const Row* best = nullptr;
    for (const Row& row : rows) {
      if (row.trigger == trigger && (best == nullptr || row.guards.size() > best->guards.size()) &&
          std::all_of(row.guards.begin(), row.guards.end(), holds)) {
        best = &row;
      }
    }
    return best;
  }
};

// One finding of the order of judgement (3.6).
template <typename Name>
struct JudgementRow {
  Name judgement;
  std::string_view name;
  ack::v1::AnomalyKind anomaly;
  std::map<ack::v1::Role, std::string_view> requirements;  // Of the roles that judge it.
};

// Full names of fields (cmb.ack.v1.Ack.note), by the kind of item that choices.yaml names.
using FieldGroups = std::map<std::string, std::set<std::string>>;

}  // namespace cmb::conformance::oracle::tables
