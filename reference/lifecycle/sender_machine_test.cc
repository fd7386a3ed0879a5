// The sender core against spec/machines/sender.yaml: for every pair of event
// and state the situation is made, the event applied, and the outcome compared
// with the table.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reference/lifecycle/testing/machine_expect.h"
#include "reference/lifecycle/testing/machine_table.h"
#include "reference/lifecycle/testing/sender_situations.h"
#include "reference/lifecycle/testing/sender_story.h"

namespace cmb::lifecycle::testing {
namespace {

std::string ReasonOf(const Cell& cell, const std::string& state) {
  if (cell.reason != "phase") {
    return cell.reason;
  }
  if (state == "SEND_PENDING") {
    return "ROUTER_ACK_TIMEOUT";
  }
  return state == "ROUTED" ? "DELIVERY_ACK_TIMEOUT" : "EXECUTION_TIMEOUT";
}

// What of a record an event may change, besides its state.
struct Before {
  Certainty certainty = Certainty::kUnspecified;
  std::string timers;
};

void ExpectCertainty(const Cell& cell, const SenderStory& sender, const Before& before) {
  Certainty want = before.certainty;
  if (cell.Has("certainty EXECUTED") || cell.Has("raise certainty")) {
    want = Certainty::kExecuted;
  } else if (cell.Has("certainty NOT_EXECUTED")) {
    want = Certainty::kNotExecuted;
  } else if (cell.Has("certainty UNKNOWN")) {
    want = cell.Has("attest start") ? Certainty::kExecuted : Certainty::kUnknown;
  } else if (cell.Has("certainty by ACK")) {
    // The table leaves it to chapter 9; these tests send INTERNAL_ERROR, which
    // attests a start, and a refusal of no durable target, which proves nothing.
    want = sender.Record().last_status == Status::kRejected ? Certainty::kUnknown
                                                            : Certainty::kExecuted;
  }
  EXPECT_EQ(Word(sender.Record().certainty), Word(want));
}

void ExpectTimers(const Cell& cell, const SenderStory& sender, const Before& before) {
  const std::map<std::string, std::string> armed = {{"arm router_ack", "ROUTER_ACK 1000\n"},
                                                    {"arm delivery_ack", "DELIVERY_ACK 10000\n"},
                                                    {"arm execution", "EXECUTION 60000\n"},
                                                    {"arm backoff", "BACKOFF 1000\n"},
                                                    {"arm cancel", "CANCEL "}};
  for (const auto& [word, line] : armed) {
    if (cell.Has(word)) {
      EXPECT_NE(sender.TimersLeft().find(line), std::string::npos) << sender.TimersLeft();
    }
  }
  if (cell.verb == "anomaly" || cell.Has("restore")) {
    EXPECT_EQ(sender.TimersLeft(), before.timers);
  }
  if (cell.Has("disarm phase") || cell.Has("disarm ttl")) {
    EXPECT_EQ(sender.TimersLeft().find("TTL") == std::string::npos,
              cell.Has("disarm ttl") || cell.Has("send TIMEOUT"));
  }
}

const std::map<std::string, std::string>& ShownEffects() {
  static const std::map<std::string, std::string> shown = {
      {"send MESSAGE", "send MESSAGE"},
      {"send TIMEOUT", "ack TIMEOUT/FAILURE"},
      {"send CANCEL", "ack CANCEL"},
      {"emit retry", "event [m1] retry"},
      {"emit progress", "event [m1] progress"},
      {"raise alert", "event [m1] alert RAISED"},
      {"resolve alert", "event [m1] alert RESOLVED"},
      {"update alert", "event [m1] alert UPDATED"}};
  return shown;
}

void ExpectRecord(const Cell& cell, const SenderStory& sender, const std::string& state,
                  const Before& before) {
  EXPECT_EQ(sender.State(), cell.verb == "go" ? cell.object : state);
  ExpectCertainty(cell, sender, before);
  ExpectTimers(cell, sender, before);
  if (cell.Has("mark dead letter") || cell.Has("clear dead letter")) {
    EXPECT_EQ(sender.Record().dead_letter, cell.Has("mark dead letter"));
  }
}

// One pair of the table.
void Compare(const MachineTable& table, const Row& row, const std::string& event,
             const std::string& state) {
  SCOPED_TRACE(event + " in " + state);
  const Cell& cell = table.At(event, state);
  SenderStory sender(ConfigOf(row.setting));
  Take(sender, state, row.setting);
  Before before;
  if (state != "IDLE") {
    before = {sender.Record().certainty, sender.TimersLeft()};
  }
  const std::string text = row.apply(sender);
  if (!cell.then.empty()) {
    // A life of 0, an open circuit: both transitions in one step, and nothing on
    // the wire.
    const Cell& next = table.At(cell.then, cell.object);
    EXPECT_EQ(DoneAsCell(text),
              WantedOfCell(cell, cell.reason) + "; " + WantedOfCell(next, next.reason));
    EXPECT_EQ(LinesThatStart(text, "send").size() + LinesThatStart(text, "ack").size(), 0u);
    EXPECT_EQ(LinesThatStart(text, "event [m1] alert RAISED").size(), 1u);
    ExpectCertainty(next, sender, before);
    return;
  }
  EXPECT_EQ(DoneAsCell(text), WantedOfCell(cell, ReasonOf(cell, state))) << text;
  ExpectEffects(cell, text, ShownEffects());
  const bool has_record = sender.core().Find(MessageId("m1")).has_value();
  EXPECT_EQ(has_record, cell.verb == "go" || (state != "IDLE" && cell.verb != "forget"));
  if (has_record) {
    ExpectRecord(cell, sender, state, before);
  }
}

TEST(SenderMachineTest, TheTableIsTotal) { ExpectTotal(MachineTable("sender")); }

TEST(SenderMachineTest, EveryPairDoesWhatTheTableSays) {
  const MachineTable table("sender");
  const std::map<std::string, Row> rows = Rows();
  std::size_t compared = 0;
  for (const std::string& event : table.events()) {
    ASSERT_TRUE(rows.contains(event)) << "no situation is written for the event " << event;
    for (const std::string& state : table.states()) {
      if (table.At(event, state).verb != "impossible" && rows.at(event).apply) {
        Compare(table, rows.at(event), event, state);
        ++compared;
      }
    }
  }
  EXPECT_EQ(rows.size(), table.events().size()) << "a situation is written for no event";
  EXPECT_GT(compared, table.size() / 2);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
