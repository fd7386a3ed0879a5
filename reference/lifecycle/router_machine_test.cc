// The router core against spec/machines/router.yaml: for every pair of event
// and state the situation is made, the event applied, and the outcome compared
// with the table.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "reference/lifecycle/testing/machine_expect.h"
#include "reference/lifecycle/testing/machine_table.h"
#include "reference/lifecycle/testing/router_situations.h"
#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {
namespace {

const std::map<std::string, std::string>& ShownEffects() {
  static const std::map<std::string, std::string> shown = {
      {"send ROUTER_ACK/SUCCESS", "ack ROUTER_ACK/SUCCESS"},
      {"send ROUTER_ACK/REJECTED", "ack ROUTER_ACK/REJECTED"},
      {"send DELIVERY_ACK/SUCCESS", "ack DELIVERY_ACK/SUCCESS"},
      {"send TIMEOUT ACK_TIMEOUT", "ack TIMEOUT/FAILURE ACK_TIMEOUT"},
      {"send TIMEOUT BUFFER_FULL", "ack TIMEOUT/FAILURE BUFFER_FULL"},
      {"send TIMEOUT TTL_EXPIRED", "ack TIMEOUT/FAILURE TTL_EXPIRED"},
      {"send TIMEOUT CHANNEL_MISMATCH", "ack TIMEOUT/FAILURE CHANNEL_MISMATCH"},
      {"send DELIVERY_ACK/FAILURE CANCELLED", "ack DELIVERY_ACK/FAILURE CANCELLED"},
      {"make redrive", "redrive m1 as m2"},
      {"forward", "forward MESSAGE m1"},
      {"emit retry", "event [m1] retry"}};
  return shown;
}

void ExpectPassedOn(const Cell& cell, const std::string& text) {
  const std::size_t passed =
      LinesThatStart(text, "forward ").size() - LinesThatStart(text, "forward MESSAGE").size();
  EXPECT_EQ(passed, cell.Has("pass on") || cell.Has("send stored terminal") ? 1u : 0u) << text;
}

std::string Armed(RouterStory& router) {
  std::string armed;
  for (const Timer& timer : router.core().Timers()) {
    if (timer.key.id == MessageId("m1")) {
      armed += Word(timer.kind) + " ";
    }
  }
  return armed;
}

void ExpectTimers(const Cell& cell, RouterStory& router) {
  const std::string armed = Armed(router);
  if (cell.Has("disarm")) {
    EXPECT_EQ(armed, "RECORD_EXPIRY ");
  }
  if (cell.Has("start phase")) {
    for (const char* kind : {"REDELIVERY", "DELIVERY_PHASE", "TTL"}) {
      EXPECT_NE(armed.find(kind), std::string::npos) << kind << " is not in " << armed;
    }
  }
}

std::string WantedState(const Cell& cell, const std::string& state) {
  if (cell.verb == "go" || cell.verb == "create") {
    return cell.object;
  }
  return cell.verb == "forget" ? "NONE" : state;
}

// One pair of the table, in one of its situations.
void Compare(const Cell& cell, const RouterRow& row, const std::string& state) {
  RouterConfig config;
  config.max_deliveries = row.setting.max_deliveries;
  config.profile = row.setting.profile;
  config.marks = row.setting.marks;
  RouterStory router(config);
  Take(router, state, row.setting);
  if (::testing::Test::HasFatalFailure()) {
    return;
  }
  const std::string armed_before = Armed(router);
  const std::string text = row.apply(router);
  EXPECT_EQ(DoneAsCell(text), WantedOfCell(cell, cell.reason == "type" ? row.type : cell.reason))
      << text;
  EXPECT_EQ(router.State(), WantedState(cell, state));
  ExpectEffects(cell, text, ShownEffects());
  ExpectPassedOn(cell, text);
  ExpectTimers(cell, router);
  if (cell.Has("restore")) {
    EXPECT_EQ(Armed(router), armed_before);
  }
  if (router.Record()) {
    EXPECT_EQ(router.Record()->dead_letter,
              router.State() == "DEAD_LETTERED" && !cell.Has("clear dead letter"));
  }
}

TEST(RouterMachineTest, TheTableIsTotal) { ExpectTotal(MachineTable("router")); }

TEST(RouterMachineTest, EveryPairDoesWhatTheTableSays) {
  const MachineTable table("router");
  const RouterRows rows = AllRouterRows();
  std::size_t compared = 0;
  for (const std::string& event : table.events()) {
    ASSERT_TRUE(rows.contains(event)) << "no situation is written for the event " << event;
    for (const std::string& state : table.states()) {
      const Cell& cell = table.At(event, state);
      for (const RouterRow& row : rows.at(event)) {
        if (cell.verb != "impossible" &&
            (state == "DELIVERED" || !row.setting.re_forwarding || rows.at(event).size() == 1)) {
          SCOPED_TRACE(event + " in " + state);
          Compare(cell, row, state);
          ++compared;
        }
      }
    }
  }
  EXPECT_EQ(rows.size(), table.events().size()) << "a situation is written for no event";
  EXPECT_GT(compared, table.size() / 2);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
