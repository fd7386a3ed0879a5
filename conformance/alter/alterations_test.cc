// What the tool does to a recording, told as the list of alterations, and that it leaves no trace.
#include "conformance/alter/alterations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "conformance/oracle/oracle.h"
#include "conformance/transcript/transcript_json.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::alter {
namespace {

Transcript Recorded(const std::string& name) {
  std::ifstream in(std::string(CMB_SOURCE_DIR "/conformance/oracle/testdata/") + name + ".jsonl");
  auto read = ReadTranscript(in);
  if (auto* error = std::get_if<TranscriptError>(&read)) {
    ADD_FAILURE() << name << ", line " << error->line << ": " << error->sentence;
    return {};
  }
  return std::get<Transcript>(std::move(read));
}

struct Seen {
  Alteration alteration;
  Transcript altered;
};

std::vector<Seen> AllOf(const Transcript& recording) {
  std::vector<Seen> all;
  Transcript copy = recording;
  const std::uint64_t count = ForEachAlteration(
      copy, [](std::uint64_t) { return true; },
      [&all](const Alteration& alteration, const Transcript& altered) {
        all.push_back({alteration, altered});
      });
  EXPECT_EQ(count, all.size());
  EXPECT_EQ(copy, recording) << "left altered";
  return all;
}

std::vector<Seen> Of(const std::vector<Seen>& all, const std::string& item, const std::string& done,
                     const std::string& field = "") {
  std::vector<Seen> some;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some), [&](const Seen& seen) {
    return seen.alteration.item == item && seen.alteration.done == done &&
           seen.alteration.field == field;
  });
  return some;
}

// A number that each event of a life has once, in order.
void ExpectNumbered(const Transcript& transcript) {
  std::uint64_t number = 0;
  for (const Entry& entry : transcript.entries) {
    if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
      EXPECT_EQ(event->event.number(), ++number);
    }
  }
}

const Transcript kPlain = Recorded("sender-plain");
const std::vector<Seen> kAll = AllOf(kPlain);

TEST(Alterations, EachDiffersFromTheRecording) {
  ASSERT_GT(kAll.size(), 300U);
  for (const Seen& seen : kAll) {
    EXPECT_FALSE(seen.altered == kPlain) << seen.alteration.item << ' ' << seen.alteration.done;
  }
}

TEST(Alterations, WhatTheSuiteDidStaysAsItWas) {
  for (const Seen& seen : kAll) {
    std::vector<Entry> before, after;
    for (const auto& [from, to] : {std::pair(&kPlain, &before), std::pair(&seen.altered, &after)}) {
      for (const Entry& entry : from->entries) {
        const auto* frame = std::get_if<DataFrame>(&entry.what);
        if (frame != nullptr && frame->direction == Direction::kToIut) {
          to->push_back(entry);
        }
      }
    }
    EXPECT_EQ(before, after);
  }
}

TEST(Alterations, AnEventIsDeletedDoubledAndDelayedWithTheOthersNumberedAnew) {
  const std::string item = "event transition IDLE -> SEND_PENDING";
  for (const char* done : {"deleted", "doubled", "delayed to the next exchange"}) {
    const auto some = Of(kAll, item, done);
    ASSERT_EQ(some.size(), 1U) << done;
    ExpectNumbered(some.front().altered);
  }
  EXPECT_EQ(Of(kAll, item, "deleted")[0].altered.entries.size(), kPlain.entries.size() - 1);
  EXPECT_EQ(Of(kAll, item, "doubled")[0].altered.entries.size(), kPlain.entries.size() + 1);
}

TEST(Alterations, WhatIsDelayedStandsBehindTheActThatLetItOutAndSaysItsInstant) {
  for (const Seen& seen : kAll) {
    if (seen.alteration.done != "delayed to the next instant" ||
        !seen.alteration.item.starts_with("event transition")) {
      continue;
    }
    const Transcript& altered = seen.altered;
    const std::uint64_t then = kPlain.entries[seen.alteration.entry].at_ms;
    const auto moved =
        std::find_if(altered.entries.begin(), altered.entries.end(), [&](const Entry& entry) {
          return std::holds_alternative<IutEvent>(entry.what) &&
                 entry.exchange == seen.alteration.exchange;
        });
    ASSERT_NE(moved, altered.entries.end());
    EXPECT_GT(moved->at_ms, then);
    EXPECT_EQ(std::get<IutEvent>(moved->what).event.transition().monotonic_ms(), moved->at_ms);
    EXPECT_TRUE(std::holds_alternative<ControlAct>(std::prev(moved)->what));
  }
}

TEST(Alterations, ANumberIsOneMoreOneLessOrAbsent) {
  for (const char* done : {"+1", "-1", "cleared"}) {
    EXPECT_FALSE(Of(kAll, "frame MESSAGE", done, "ttl_ms").empty()) << done;
  }
  EXPECT_FALSE(Of(kAll, "frame MESSAGE", "set", "sequence").empty());
}

TEST(Alterations, AFieldOfAPartThatIsAbsentIsSetToo) {
  EXPECT_FALSE(
      Of(kAll, "event transition IDLE -> SEND_PENDING", "set", "transition.details.note").empty());
}

TEST(Alterations, AHeaderAndItsBytesSayTheSame) {
  for (const Seen& seen : kAll) {
    const auto* frame = std::get_if<DataFrame>(&seen.altered.entries[seen.alteration.entry].what);
    if (frame != nullptr && frame->header) {
      EXPECT_EQ(wire::EncodeHeader(*frame->header), frame->frames[0].bytes);
    }
  }
}

TEST(Alterations, TheFactsInAReplyAreAlteredAndTheCountsOfTheHarnessAreNot) {
  std::set<std::string> fields;
  for (const Seen& seen : kAll) {
    if (seen.alteration.item.starts_with("reply to")) {
      fields.insert(seen.alteration.field);
    }
  }
  EXPECT_TRUE(fields.contains("next_deadline.ms"));
  EXPECT_TRUE(fields.contains("sent_message.message_id"));
  for (const char* count : {"received", "sent", "sent_by_socket", "now_ms", "seq"}) {
    EXPECT_FALSE(fields.contains(count)) << count;
  }
}

TEST(Alterations, APayloadAndAWayAreAlteredToo) {
  EXPECT_FALSE(Of(kAll, "frame MESSAGE", "changed", "(payload)").empty());
  EXPECT_FALSE(Of(kAll, "frame MESSAGE", "another's", "(socket)").empty());
  EXPECT_FALSE(Of(kAll, "frame MESSAGE", "cut short", "(header)").empty());
}

TEST(Alterations, NothingIsDelayedOverTheEndOfItsProcess) {
  const Transcript restarted = Recorded("sender-restarted");
  for (const Seen& seen : AllOf(restarted)) {
    if (!seen.alteration.done.starts_with("delayed")) {
      continue;
    }
    const auto begin = restarted.entries.begin();
    const auto first = begin + static_cast<std::ptrdiff_t>(seen.alteration.entry);
    EXPECT_TRUE(std::none_of(first, restarted.entries.end(), [&](const Entry& entry) {
      return std::holds_alternative<ProcessMark>(entry.what) &&
             entry.exchange <= seen.alteration.exchange;
    }));
  }
}

TEST(Alterations, TheyComeInTheSameOrderEveryTime) {
  const std::vector<Seen> again = AllOf(kPlain);
  ASSERT_EQ(again.size(), kAll.size());
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].altered, kAll[i].altered);
  }
}

}  // namespace
}  // namespace cmb::conformance::alter
