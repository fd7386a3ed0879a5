// The events of the oracle's own recordings as logs: whole they have no breach, and each breach
// that events alone can show is shown.
#include "conformance/check/event_rules.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/check/recordings.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::check {
namespace {

namespace fs = std::filesystem;

constexpr char kRecordings[] = CMB_SOURCE_DIR "/conformance/oracle/testdata";

EventLog EventsOf(const std::string& name) {
  EventLog log;
  auto read = ReadRecording(std::string(kRecordings) + "/" + name + ".jsonl");
  for (const Entry& entry : std::get<Transcript>(read).entries) {
    if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
      log.push_back(event->event);
    }
  }
  return log;
}

std::string Text(const EventsJudged& judged) {
  std::string text;
  for (const oracle::Finding& finding : judged.findings) {
    text += finding.requirement + " " + finding.rule + ": " + finding.sentence + "\n";
  }
  return text;
}

// Blamed first, and where.
std::string First(const EventLog& log) {
  const EventsJudged judged = JudgeEvents(log);
  return judged.findings.empty() ? ""
                                 : judged.findings.front().requirement + " at " +
                                       std::to_string(judged.findings.front().entry);
}

void Renumber(EventLog& log) {
  for (std::size_t i = 0; i < log.size(); ++i) {
    log[i].set_number(i + 1);
  }
}

std::size_t Find(const EventLog& log, ack::v1::Event::KindCase kind) {
  const auto found = std::find_if(log.begin(), log.end(), [kind](const ack::v1::Event& event) {
    return event.kind_case() == kind;
  });
  EXPECT_NE(found, log.end());
  return static_cast<std::size_t>(found - log.begin());
}

TEST(EventRules, TheEventsOfEveryRecordingHaveNoBreach) {
  for (const auto& file : fs::directory_iterator(kRecordings)) {
    if (file.path().extension() == ".jsonl") {
      EXPECT_EQ(Text(JudgeEvents(EventsOf(file.path().stem()))), "") << file.path();
    }
  }
}

TEST(EventRules, AGapInTheNumbersIsABreachWhereItIs) {
  EventLog log = EventsOf("sender-plain");
  log.erase(log.begin() + 1);
  EXPECT_EQ(First(log), "CMB-OBS-011 at 1");
}

TEST(EventRules, WhatHappenedBeforeTheEventAboveIsABreach) {
  EventLog log = EventsOf("sender-exhausted");
  log.back().mutable_alert()->set_monotonic_ms(1);
  EXPECT_EQ(First(log), "CMB-OBS-011 at " + std::to_string(log.size() - 1));
}

TEST(EventRules, AMissingChangeBreaksTheChain) {
  EventLog log = EventsOf("sender-plain");
  log.erase(log.begin() + 1);
  Renumber(log);
  EXPECT_EQ(First(log), "CMB-OBS-012 at 1");
}

TEST(EventRules, AChangeThatNoTableHasIsABreach) {
  EventLog log = EventsOf("target-plain");
  const std::size_t at = Find(log, ack::v1::Event::kTransition);
  log[at].mutable_transition()->set_new_state(ack::v1::STATE_DEAD_LETTERED);
  EXPECT_EQ(First(log), "CMB-OBS-013 at " + std::to_string(at));
}

TEST(EventRules, ASecondEndIsABreach) {
  EventLog log = EventsOf("target-plain");
  ack::v1::Event again = log.back();
  again.mutable_transition()->set_old_state(ack::v1::STATE_SUCCEEDED);
  again.mutable_transition()->set_new_state(ack::v1::STATE_FAILED);
  log.push_back(again);
  Renumber(log);
  EXPECT_EQ(First(log), "CMB-OBS-013 at " + std::to_string(log.size() - 1));
}

TEST(EventRules, AReasonThatIsNotOfTheChangeIsABreach) {
  EventLog log = EventsOf("sender-plain");
  log[0].mutable_transition()->set_reason(ack::v1::REASON_CANCEL);
  EXPECT_EQ(First(log), "CMB-OBS-013 at 0");
}

TEST(EventRules, AWorkThatStartsTwiceIsABreach) {
  EventLog log = EventsOf("target-plain");
  const std::size_t at = Find(log, ack::v1::Event::kExecution);
  log.insert(log.begin() + static_cast<std::ptrdiff_t>(at), log[at]);
  Renumber(log);
  EXPECT_EQ(First(log), "CMB-DUP-003 at " + std::to_string(at + 1));
}

TEST(EventRules, AFailureWithoutAnAlertIsABreachOnceTheLogGoesOn) {
  EventLog log = EventsOf("sender-exhausted");
  const std::size_t alert = Find(log, ack::v1::Event::kAlert);
  log.erase(log.begin() + static_cast<std::ptrdiff_t>(alert));
  Renumber(log);
  EXPECT_EQ(First(log), "");  // It may follow.
  ack::v1::Event later = log[0];
  later.mutable_transition()->set_message_id("another");
  later.mutable_transition()->set_monotonic_ms(1'000'000'000);
  log.push_back(later);
  Renumber(log);
  EXPECT_EQ(First(log).substr(0, 11), "CMB-OBS-008");
}

TEST(EventRules, ASecondAlertOfOneFailureIsABreach) {
  EventLog log = EventsOf("sender-exhausted");
  log.push_back(log[Find(log, ack::v1::Event::kAlert)]);
  Renumber(log);
  EXPECT_EQ(First(log), "CMB-OBS-008 at " + std::to_string(log.size() - 1));
}

TEST(EventRules, ALogThatWasCutOffAtItsBeginningIsTakenAsItIs) {
  EventLog log = EventsOf("sender-plain");
  log.erase(log.begin());
  const EventsJudged judged = JudgeEvents(log);
  EXPECT_EQ(Text(judged), "");
  EXPECT_NE(judged.notes.front().find("begins with event 2"), std::string::npos);
}

TEST(EventRules, AConflictIsToldAndIsNoBreachOfTheOneWhoSawIt) {
  EventLog log = EventsOf("sender-plain");
  ack::v1::Event conflict;
  conflict.mutable_anomaly()->set_kind(ack::v1::ANOMALY_KIND_CONFLICT);
  conflict.mutable_anomaly()->set_message_id("m1");
  conflict.mutable_anomaly()->set_peer("target");
  conflict.mutable_anomaly()->set_monotonic_ms(log.back().transition().monotonic_ms());
  log.push_back(conflict);
  Renumber(log);
  const EventsJudged judged = JudgeEvents(log);
  EXPECT_EQ(Text(judged), "");
  EXPECT_NE(judged.notes.front().find("CONFLICT, two ends of 'm1'"), std::string::npos);
}

// ---------------------------------------------------------------- reading

std::string LineOfEvent(const ack::v1::Event& event) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(event, &json).ok());
  return json;
}

TEST(EventLogReader, AnEventStandsAloneOrWithItsLineForm) {
  const std::string event = LineOfEvent(EventsOf("sender-plain")[0]);
  for (const std::string& line :
       {event, "{\"line\": \"[x] \\\"event\\\": IDLE -> SEND_PENDING (SEND)\", \"event\": " +
                   event + "}"}) {
    EXPECT_TRUE(IsEventLog(line)) << line;
    std::istringstream in(line + "\n" + line + "\n");
    const auto read = ReadEventLog(in);
    EXPECT_EQ(std::get<EventLog>(read).size(), 2U);
  }
}

TEST(EventLogReader, WhatIsNoEventIsNamedByItsLine) {
  const std::string event = LineOfEvent(EventsOf("sender-plain")[0]);
  for (const std::string& torn :
       {std::string("{\"line\": \"x"), std::string("{}"), std::string(1'000'000, '['),
        std::string("{\"event\": 7}"), std::string("null")}) {
    EXPECT_FALSE(IsEventLog(torn));
    std::istringstream in(event + "\n" + torn + "\n");
    const auto read = ReadEventLog(in);
    const auto* error = std::get_if<TranscriptError>(&read);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->line, 2);
  }
}

}  // namespace
}  // namespace cmb::conformance::check
