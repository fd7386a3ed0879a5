// The target core against spec/machines/target.yaml: for every pair of event
// and state the situation is made, the event applied, and the outcome compared
// with the table.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "reference/lifecycle/testing/machine_table.h"
#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

constexpr Duration kLife{300000};

struct Row {
  bool retryable = false;   // REJECTED by a refusal that a higher attempt reopens.
  bool full_table = false;  // Another work holds the only place.
  std::function<std::string(TargetStory&)> apply;
};

// Takes m1 to the state. False: a BASIC target never enters it.
bool Take(TargetStory& target, const std::string& state, bool retryable) {
  if (state == "CANCELLED") {
    return false;
  }
  if (state != "NONE") {
    target.Takes("m1", 1, kLife, "job");
  }
  if (state == "EXECUTING") {
    target.Starts();
  } else if (state == "SUCCEEDED") {
    target.EndsWith(Ends(Status::kSuccess));
  } else if (state == "FAILED") {
    target.EndsWith(Ends(Status::kFailure));
  } else if (state == "REJECTED") {
    target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, retryable));
  }
  EXPECT_EQ(target.State(), state);
  return true;
}

Row Apply(std::function<std::string(TargetStory&)> apply) {
  return {.retryable = false, .full_table = false, .apply = std::move(apply)};
}

Row Takes(const std::string& id, Attempt attempt, Duration ttl) {
  return Apply([=](TargetStory& target) { return target.Takes(id, attempt, ttl, "job"); });
}

Row EndsBy(Status status) {
  return Apply([=](TargetStory& target) { return target.EndsWith(Ends(status)); });
}

Row Reopens(Duration ttl) {
  Row row = Takes("m1", 2, ttl);
  row.retryable = true;
  return row;
}

std::map<std::string, Row> Rows() {
  std::map<std::string, Row> rows;
  rows["MESSAGE [new work]"] = Takes("m1", 1, kLife);
  rows["MESSAGE [new work, ttl 0]"] = Takes("m1", 1, Duration{0});
  rows["MESSAGE [new work, table full]"] = Takes("m1", 1, kLife);
  rows["MESSAGE [new work, table full]"].full_table = true;
  rows["MESSAGE [copy]"] = Takes("m1", 2, kLife);
  rows["MESSAGE [attaches]"] = Takes("m2", 1, kLife);
  rows["MESSAGE [reopens]"] = Reopens(kLife);
  rows["MESSAGE [reopens, ttl 0]"] = Reopens(Duration{0});
  rows["handler starts"] = Apply([](TargetStory& target) { return target.Starts(); });
  rows["handler refuses"] = EndsBy(Status::kRejected);
  rows["handler succeeds"] = EndsBy(Status::kSuccess);
  rows["handler fails"] = EndsBy(Status::kFailure);
  rows["TTL ends"] = Apply([](TargetStory& target) { return target.Waits(kLife); });
  rows["CANCEL"] = Apply(
      [](TargetStory& target) { return target.Hears(AckType::kCancel, Status::kUnspecified); });
  rows["any other ACK"] = Apply(
      [](TargetStory& target) { return target.Hears(AckType::kExecutionAck, Status::kSuccess); });
  rows["record expires"] =
      Apply([](TargetStory& target) { return target.Waits(Duration{3600001}); });
  return rows;
}

// Of the effects that show, those of the cell and of the event that follows it.
void ExpectShown(const MachineTable& table, const Cell& cell, const std::string& text) {
  Cell both = cell;
  if (!cell.then.empty()) {
    const Cell& next = table.At(cell.then, cell.object);
    both.effects.insert(both.effects.end(), next.effects.begin(), next.effects.end());
  }
  ExpectEffects(both, text,
                {{"send RECEIPT/SUCCESS", "ack RECEIPT/SUCCESS"},
                 {"send RECEIPT/REJECTED", "ack RECEIPT/REJECTED BUFFER_FULL"},
                 {"start handler", "event [m1] execution"}});
  const bool told = both.Has("send EXECUTION_ACK/SUCCESS") ||
                    both.Has("send EXECUTION_ACK/FAILURE") ||
                    both.Has("send EXECUTION_ACK/REJECTED") || both.Has("send recorded ACK");
  EXPECT_EQ(LinesThatStart(text, "ack EXECUTION_ACK").size(), told ? 1u : 0u) << text;
  EXPECT_EQ(LinesThatStart(text, "offer").size(), cell.Has("arm ttl") ? 1u : 0u) << text;
}

std::string WantedState(const MachineTable& table, const Cell& cell, const std::string& state) {
  if (!cell.then.empty()) {
    return table.At(cell.then, cell.object).object;
  }
  if (cell.verb == "go" || cell.verb == "create") {
    return cell.object;
  }
  return cell.verb == "forget" ? "NONE" : state;
}

std::string WantedChanges(const MachineTable& table, const Cell& cell) {
  std::string wanted = WantedOfCell(cell, cell.reason);
  if (!cell.then.empty()) {
    const Cell& next = table.At(cell.then, cell.object);
    wanted += (wanted.empty() ? "" : "; ") + WantedOfCell(next, next.reason);
  }
  return wanted;
}

TEST(TargetMachineTest, TheTableIsTotal) { MachineTable("target").ExpectTotal(); }

TEST(TargetMachineTest, EveryPairDoesWhatTheTableSays) {
  const MachineTable table("target");
  const std::map<std::string, Row> rows = Rows();
  std::size_t compared = 0;
  for (const std::string& event : table.events()) {
    ASSERT_TRUE(rows.contains(event)) << "no situation is written for the event " << event;
    for (const std::string& state : table.states()) {
      SCOPED_TRACE(event + " in " + state);
      const Row& row = rows.at(event);
      const Cell& cell = table.At(event, state);
      TargetConfig config;
      config.records = 1;
      TargetStory target(config);
      if (row.full_table) {
        target.Takes("m9");
      }
      if (cell.verb == "impossible" || !Take(target, state, row.retryable)) {
        continue;
      }
      const std::string text = row.apply(target);
      EXPECT_EQ(DoneAsCell(text), WantedChanges(table, cell)) << text;
      EXPECT_EQ(target.State(), WantedState(table, cell, state));
      ExpectShown(table, cell, text);
      ++compared;
    }
  }
  EXPECT_EQ(rows.size(), table.events().size()) << "a situation is written for no event";
  EXPECT_GT(compared, table.events().size());
}

}  // namespace
}  // namespace cmb::lifecycle::testing
