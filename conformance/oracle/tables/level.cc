#include "conformance/oracle/tables/level.h"

#include <array>

#include "conformance/oracle/tables/machine_tables.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Event;

// Certainty, alerts, views and the like, and which ACK was the last that it did not drop.
constexpr std::array kFreeFields = {
    std::string_view("cmb.ack.v1.TransitionEvent.certainty"),
    std::string_view("cmb.ack.v1.TransitionDetails.skipped"),
    std::string_view("cmb.ack.v1.TransactionRecord.certainty"),
    std::string_view("cmb.ack.v1.TransactionRecord.dead_letter"),
    std::string_view("cmb.ack.v1.TransactionRecord.delivery_count"),
    std::string_view("cmb.ack.v1.TransactionRecord.alert"),
    std::string_view("cmb.ack.v1.TransactionRecord.views"),
    std::string_view("cmb.ack.v1.TransactionRecord.last_ack_type"),
    std::string_view("cmb.ack.v1.TransactionRecord.last_status"),
};

// The sentences of findings 1 to 10 of 3.6: BASIC counts what CORE only drops.
constexpr std::array kFindings = {
    std::string_view("CMB-WIRE-017"), std::string_view("CMB-SEC-001"),
    std::string_view("CMB-SEC-002"),  std::string_view("CMB-SEC-003"),
    std::string_view("CMB-SEC-004"),  std::string_view("CMB-SEC-005"),
    std::string_view("CMB-SEC-011"),  std::string_view("CMB-SEC-012"),
    std::string_view("CMB-VER-003"),  std::string_view("CMB-VER-008"),
    std::string_view("CMB-VER-009"),  std::string_view("CMB-VER-018"),
    std::string_view("CMB-DUP-001"),  std::string_view("CMB-DUP-002"),
    std::string_view("CMB-LATE-010"), std::string_view("CMB-OBS-004"),
};

bool IsToldByBasic(const ExpectedItem& item) {
  const auto* event = std::get_if<Event>(&item.what);
  return event != nullptr && (event->has_anomaly() || event->has_alert() || event->has_progress());
}

// What a target tells its handler at the end of a life is of BASIC (CMB-TGT-014), and so is every
// timer of a router: a CORE router does not give up.
void FreeTimers(World& world) {
  if (world.history.role() == ack::v1::ROLE_ROUTER) {
    world.timers.FreeNew();
  }
  for (const ExpectedItem& item : world.expected.items) {
    const auto* event = std::get_if<Event>(&item.what);
    if (event != nullptr && event->transition().new_state() == ack::v1::STATE_EXECUTING &&
        world.history.role() == ack::v1::ROLE_TARGET) {
      world.timers.Free(event->transition().source(), event->transition().message_id(),
                        ack::v1::TIMER_KIND_TTL);
    }
  }
}

}  // namespace

bool IsCore(const History& history) { return history.profile() == ack::v1::PROFILE_CORE; }

bool IsAbove(const History& history, std::string_view requirement) {
  return IsCore(history) && wire::RankOf(ProfileOf(requirement)) > wire::RankOf(history.profile());
}

void LeaveFree(World& world) {
  if (!IsCore(world.history)) {
    return;
  }
  for (ExpectedItem& item : world.expected.items) {
    item.is_above = IsToldByBasic(item) || IsAbove(world.history, item.reason.requirement);
    item.optional = item.optional || item.is_above;
    item.leeway.insert(item.leeway.end(), kFreeFields.begin(), kFreeFields.end());
  }
  if (world.expected.reply) {
    auto& leeway = world.expected.reply->leeway;
    leeway.insert(leeway.end(), kFreeFields.begin(), kFreeFields.end());
  }
  FreeTimers(world);
}

std::string_view Binding(const History& history, std::string_view requirement) {
  if (!IsAbove(history, requirement)) {
    return requirement;
  }
  if (requirement == "CMB-TGT-008") {
    return "CMB-DUP-009";  // Room that there is not is that of a record.
  }
  const bool drops = std::find(kFindings.begin(), kFindings.end(), requirement) != kFindings.end();
  return drops ? "CMB-WIRE-028" : "CMB-VER-019";
}

bool IsShown(const World& world, const std::string& message_id, ack::v1::State next) {
  return world.decided.moves.contains({message_id, next}) ||
         world.decided.retried.contains(message_id);
}

}  // namespace cmb::conformance::oracle::tables
