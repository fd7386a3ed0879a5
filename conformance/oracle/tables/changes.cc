#include "conformance/oracle/tables/changes.h"

#include "conformance/oracle/tables/machine_tables.h"

namespace cmb::conformance::oracle::tables {
namespace {

// What a cell means whose reason is the cause at hand: a sender's phase timer, or the type of what
// a router was told by the target.
std::set<ack::v1::Reason> CausesIn(ack::v1::Role role, ack::v1::State from) {
  if (role != ack::v1::ROLE_SENDER) {
    return {ack::v1::REASON_RECEIPT, ack::v1::REASON_EXECUTION_ACK, ack::v1::REASON_PROGRESS_ACK};
  }
  switch (from) {
    case ack::v1::STATE_SEND_PENDING:
      return {ack::v1::REASON_ROUTER_ACK_TIMEOUT};
    case ack::v1::STATE_ROUTED:
      return {ack::v1::REASON_DELIVERY_ACK_TIMEOUT};
    default:  // open enum
      return {ack::v1::REASON_EXECUTION_TIMEOUT};
  }
}

template <typename Table>
std::set<ack::v1::Reason> In(const Table& table, ack::v1::Role role, ack::v1::State from,
                             ack::v1::State to) {
  std::set<ack::v1::Reason> reasons;
  for (const auto& row : table.rows) {
    const auto* cell = row.CellIn(from);
    if (cell == nullptr || cell->kind != CellKind::kGo || cell->next != to) {
      continue;
    }
    if (cell->reason == ack::v1::REASON_UNSPECIFIED) {
      reasons.merge(CausesIn(role, from));
    } else {
      reasons.insert(cell->reason);
    }
  }
  return reasons;
}

}  // namespace

std::set<ack::v1::Reason> ReasonsOf(ack::v1::Role role, ack::v1::State from, ack::v1::State to) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return In(TheSenderTable(), role, from, to);
    case ack::v1::ROLE_ROUTER:
      return In(TheRouterTable(), role, from, to);
    case ack::v1::ROLE_TARGET:
      return In(TheTargetTable(), role, from, to);
    default:  // open enum
      return {};
  }
}

}  // namespace cmb::conformance::oracle::tables
