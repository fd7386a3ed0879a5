// The target core against spec/machines/target.yaml: for every pair of event
// and state the situation is made, the event applied, and the outcome compared
// with the table.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "reference/lifecycle/testing/machine_expect.h"
#include "reference/lifecycle/testing/machine_table.h"
#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

constexpr Duration kLife{300000};

struct Row {
  std::function<std::string(TargetStory&)> apply;
  TargetConfig config = Tracked();
  bool retryable = false;    // REJECTED by a refusal that a higher attempt reopens.
  bool full_table = false;   // Other works hold every place that is left.
  bool tombstone = false;    // CANCELLED by a CANCEL that came before m1.
  bool asked = false;        // The running handler was asked to stop.
  bool told = false;         // What was said last is on record: a hold, or the start.
  bool cancels_m2 = false;   // A tombstone of m2.
  bool refuses_m2 = false;   // m2 brought the work first and was refused retryably.
  bool bears_key = false;    // CANCELLED after its start.
  bool resumable = false;    // The handler goes on after a restart.
  std::size_t attached = 1;  // Messages of the work when it is done.
};

// Takes m1 to the state.
void Take(TargetStory& target, const std::string& state, const Row& row) {
  if (state == "CANCELLED" && row.tombstone) {
    target.HearsCancel();
    return;
  }
  if (state != "NONE") {
    target.Takes("m1", 1, kLife, "job");
  }
  if (row.told && state == "RECEIVED") {
    target.Holds(kLife);
  }
  if (state == "EXECUTING") {
    target.Starts("m1", {.announce = row.told, .resumable = row.resumable});
    if (row.asked) {
      target.HearsCancel();
    }
  } else if (state == "SUCCEEDED") {
    target.EndsWith(Ends(Status::kSuccess));
  } else if (state == "FAILED") {
    target.EndsWith(Ends(Status::kFailure));
  } else if (state == "REJECTED") {
    target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, row.retryable));
  } else if (state == "CANCELLED" && row.bears_key) {
    target.Starts();
    target.HearsCancel();
    target.Stops();
  } else if (state == "CANCELLED") {
    target.HearsCancel();
  }
  EXPECT_EQ(target.State(), state);
}

Row Apply(std::function<std::string(TargetStory&)> apply) {
  Row row;
  row.apply = std::move(apply);
  return row;
}

Row Takes(const std::string& id, Attempt attempt, Duration ttl) {
  Row row = Apply([=](TargetStory& target) { return target.Takes(id, attempt, ttl, "job"); });
  row.attached = id == "m1" ? 1 : 2;
  row.bears_key = id != "m1";
  return row;
}

Row EndsBy(Status status) {
  return Apply([=](TargetStory& target) { return target.EndsWith(Ends(status)); });
}

Row Cancels() {
  return Apply([](TargetStory& target) { return target.HearsCancel(); });
}

Row Restarts(const TargetConfig& config) {
  Row row = Apply([](TargetStory& target) { return target.Restarts(); });
  row.config = config;
  return row;
}

// The row with one of its flags set.
Row With(Row row, bool Row::*flag) {
  row.*flag = true;
  return row;
}

std::map<std::string, Row> MessageRows() {
  std::map<std::string, Row> rows;
  rows["MESSAGE [new work]"] = Takes("m1", 1, kLife);
  rows["MESSAGE [new work, ttl 0]"] = Takes("m1", 1, Duration{0});
  rows["MESSAGE [table full]"] = With(Takes("m2", 1, kLife), &Row::full_table);
  rows["MESSAGE [copy]"] = With(Takes("m1", 2, kLife), &Row::told);
  rows["MESSAGE [attaches]"] = With(Takes("m2", 1, kLife), &Row::told);
  rows["MESSAGE [attaches, refused]"] =
      With(With(Takes("m2", 2, kLife), &Row::told), &Row::refuses_m2);
  rows["MESSAGE [attaches, tombstone]"] =
      With(With(Takes("m2", 1, kLife), &Row::told), &Row::cancels_m2);
  rows["MESSAGE [tombstone]"] = With(Takes("m1", 1, kLife), &Row::tombstone);
  rows["MESSAGE [reopens]"] = With(Takes("m1", 2, kLife), &Row::retryable);
  rows["MESSAGE [reopens, ttl 0]"] = With(Takes("m1", 2, Duration{0}), &Row::retryable);
  return rows;
}

std::map<std::string, Row> Rows() {
  std::map<std::string, Row> rows = MessageRows();
  rows["handler holds"] = Apply([](TargetStory& target) { return target.Holds(kLife); });
  rows["handler starts"] = Apply([](TargetStory& target) { return target.Starts(); });
  rows["handler starts [announced]"] =
      Apply([](TargetStory& target) { return target.Announces(); });
  rows["handler progresses"] = Apply([](TargetStory& target) { return target.GetsTo(40); });
  rows["handler refuses"] = EndsBy(Status::kRejected);
  rows["handler succeeds"] = EndsBy(Status::kSuccess);
  rows["handler fails"] = EndsBy(Status::kFailure);
  rows["handler stops"] =
      With(Apply([](TargetStory& target) { return target.Stops(); }), &Row::asked);
  rows["TTL ends"] = Apply([](TargetStory& target) { return target.Waits(kLife); });
  rows["CANCEL [BASIC]"] = Cancels();
  rows["CANCEL [BASIC]"].config = {};
  rows["CANCEL [room]"] = Cancels();
  rows["CANCEL [table full]"] = With(Cancels(), &Row::full_table);
  rows["CANCEL"] = Cancels();
  rows["CANCEL [asked before]"] = With(Cancels(), &Row::asked);
  rows["CANCEL [refused retryably]"] = With(Cancels(), &Row::retryable);
  rows["CANCEL [tombstone]"] = With(Cancels(), &Row::tombstone);
  rows["any other ACK"] = Apply(
      [](TargetStory& target) { return target.Hears(AckType::kExecutionAck, Status::kSuccess); });
  rows["record expires"] =
      Apply([](TargetStory& target) { return target.Waits(Duration{3600001}); });
  rows["restart [DURABLE]"] = Restarts(Durable());
  rows["restart [DURABLE, resumable]"] = With(Restarts(Durable()), &Row::resumable);
  rows["restart [not DURABLE]"] = Restarts(Tracked());
  return rows;
}

// The state in which the cell leaves the record, what follows it left out.
std::string AfterCell(const Cell& cell, const std::string& state) {
  if (cell.verb == "go" || cell.verb == "create") {
    return cell.object;
  }
  return cell.verb == "forget" ? "NONE" : state;
}

// How many terminal ACKs the effects of a cell make.
std::size_t TerminalAcks(const Cell& cell, std::size_t attached) {
  std::size_t count = 0;
  for (const std::string& effect : cell.effects) {
    if (effect.starts_with("send EXECUTION_ACK/")) {
      count += attached;
    } else if (effect == "send recorded ACK" || effect == "send terminal again" ||
               effect == "send unsent") {
      ++count;
    }
  }
  return count;
}

// Of the effects that show, those of the cell and of the event that follows it.
void ExpectShown(const MachineTable& table, const Cell& cell, const std::string& state,
                 const Row& row, const std::string& text) {
  Cell both = cell;
  if (!cell.then.empty()) {
    const Cell& next = table.At(cell.then, AfterCell(cell, state));
    both.effects.insert(both.effects.end(), next.effects.begin(), next.effects.end());
  }
  ExpectEffects(both, text,
                {{both.Has("send RECEIPT again") ? "send RECEIPT again" : "send RECEIPT/SUCCESS",
                  "ack RECEIPT/SUCCESS"},
                 {"send RECEIPT/REJECTED", "ack RECEIPT/REJECTED BUFFER_FULL"},
                 {"send PROGRESS_ACK", "ack PROGRESS_ACK/IN_PROGRESS m1 attempt=1 progress=1"},
                 {"ask handler to stop", "cancel m1"},
                 {"tell handler", "life ended m1"},
                 {"resume handler", "resume m1"},
                 {"start handler", "event [m1] execution"}});
  const auto in_progress = LinesThatStart(text, "ack EXECUTION_ACK/IN_PROGRESS");
  const bool says = both.Has("send IN_PROGRESS") || both.Has("send held IN_PROGRESS") ||
                    both.Has("send current ACK");
  EXPECT_EQ(in_progress.size(), says ? 1u : 0u) << text;
  const bool held =
      both.Has("send held IN_PROGRESS") || (both.Has("send current ACK") && state == "RECEIVED");
  EXPECT_EQ(text.find("hold=") != std::string::npos, held) << text;
  EXPECT_EQ(LinesThatStart(text, "ack EXECUTION_ACK").size() - in_progress.size(),
            TerminalAcks(both, row.attached))
      << text;
  if (both.Has("send EXECUTION_ACK/FAILURE CANCELLED")) {
    EXPECT_EQ(LinesThatStart(text, "ack EXECUTION_ACK/FAILURE CANCELLED").size(), row.attached);
    EXPECT_EQ(text.find("started=true") != std::string::npos, state == "EXECUTING") << text;
  }
  const bool offers = both.Has("arm ttl") || both.Has("offer again");
  EXPECT_EQ(LinesThatStart(text, "offer").size(), offers ? 1u : 0u) << text;
  const bool drops = both.Has("drop work") || (both.Has("disarm ttl") && state == "RECEIVED" &&
                                               text.find("TTL_EXPIRED") != std::string::npos);
  EXPECT_EQ(LinesThatStart(text, "drop").size(), drops ? 1u : 0u) << text;
}

std::string WantedState(const MachineTable& table, const Cell& cell, const std::string& state) {
  const std::string after = AfterCell(cell, state);
  return cell.then.empty() ? after : AfterCell(table.At(cell.then, after), after);
}

std::string WantedChanges(const MachineTable& table, const Cell& cell, const std::string& state) {
  std::string wanted = WantedOfCell(cell, cell.reason);
  if (!cell.then.empty()) {
    const Cell& next = table.At(cell.then, AfterCell(cell, state));
    const std::string more = WantedOfCell(next, next.reason);
    wanted += (wanted.empty() || more.empty() ? "" : "; ") + more;
  }
  return wanted;
}

TargetConfig Places(TargetConfig config, std::size_t records) {
  config.records = records;
  return config;
}

TEST(TargetMachineTest, TheTableIsTotal) { ExpectTotal(MachineTable("target")); }

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
      if (cell.verb == "impossible") {
        continue;
      }
      TargetStory target(Places(row.config, 2));
      if (row.refuses_m2) {
        target.Takes("m2", 1, kLife, "job");
        target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true), "m2");
      }
      if (row.cancels_m2) {
        target.HearsCancel("m2");
      }
      Take(target, state, row);
      if (row.full_table) {
        target.Takes("m8");
        target.Takes("m9");
      }
      const std::string text = row.apply(target);
      EXPECT_EQ(DoneAsCell(text), WantedChanges(table, cell, state)) << text;
      EXPECT_EQ(target.State(), WantedState(table, cell, state));
      ExpectShown(table, cell, state, row, text);
      ++compared;
    }
  }
  EXPECT_EQ(rows.size(), table.events().size()) << "a situation is written for no event";
  EXPECT_GT(compared, table.events().size());
}

}  // namespace
}  // namespace cmb::lifecycle::testing
