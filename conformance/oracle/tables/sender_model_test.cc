// The model of the sender accepts every recording of one, and blames what was altered in it on the
// sentence that asks for it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "conformance/oracle/tables/interpreter.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Event;

constexpr char kRecordings[] = CMB_SOURCE_DIR "/conformance/oracle/testdata";

Transcript Recorded(const std::string& name) {
  std::ifstream in(std::string(kRecordings) + "/" + name + ".jsonl");
  return std::get<Transcript>(ReadTranscript(in));
}

// The requirement and sentence of the first difference. Empty: there is none.
std::string Blame(const Transcript& transcript) {
  const History history(transcript);
  const auto difference = Interpret(history);
  return difference ? std::string(difference->requirement) + ": " + difference->sentence : "";
}

TEST(SenderModel, AcceptsEveryRecordingOfASender) {
  for (const auto& file : std::filesystem::directory_iterator(kRecordings)) {
    const std::string name = file.path().stem();
    if (name.starts_with("sender-")) {
      EXPECT_EQ(Blame(Recorded(name)), "") << name;
    }
  }
}

// ---------------------------------------------------------------- one thing altered

using Events = std::function<bool(Event&)>;  // Alters it and says that it did, or leaves it.

bool AlterEvent(Transcript& transcript, const Events& alter) {
  for (Entry& entry : transcript.entries) {
    auto* event = std::get_if<IutEvent>(&entry.what);
    if (event != nullptr && alter(event->event)) {
      return true;
    }
  }
  return false;
}

void Delete(Transcript& transcript, const std::function<bool(const Entry&)>& wanted) {
  const auto found = std::find_if(transcript.entries.begin(), transcript.entries.end(), wanted);
  ASSERT_NE(found, transcript.entries.end());
  transcript.entries.erase(found);
}

std::function<bool(const Entry&)> OfKind(Event::KindCase kind) {
  return [kind](const Entry& entry) {
    const auto* event = std::get_if<IutEvent>(&entry.what);
    return event != nullptr && event->event.kind_case() == kind;
  };
}

std::function<bool(const Entry&)> Sent(ack::v1::AckType type) {
  return [type](const Entry& entry) {
    const auto* frame = std::get_if<DataFrame>(&entry.what);
    return frame != nullptr && frame->direction == Direction::kFromIut && frame->header &&
           frame->header->ack().ack_type() == type;
  };
}

// The last reply that `alter` takes.
void AlterReply(Transcript& transcript, const std::function<bool(control::v1::Reply&)>& alter) {
  for (std::size_t i = transcript.entries.size(); i > 0; --i) {
    auto* act = std::get_if<ControlAct>(&transcript.entries[i - 1].what);
    if (act != nullptr && alter(act->reply)) {
      return;
    }
  }
  FAIL() << "no such reply";
}

// The last deadline of housekeeping, which is the end of the window, becomes another.
void TellHousekeeping(Transcript& transcript,
                      const std::function<std::uint64_t(std::uint64_t)>& other) {
  AlterReply(transcript, [&](control::v1::Reply& reply) {
    const bool is_it = reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_HOUSEKEEPING;
    if (is_it) {
      reply.mutable_next_deadline()->set_ms(other(reply.next_deadline().ms()));
    }
    return is_it;
  });
}

struct Alteration {
  std::string name, recording, requirement;
  std::function<void(Transcript&)> alter;
};

// long because: it is a table.
std::vector<Alteration> Alterations() {
  return {
      {"no_TIMEOUT", "sender-exhausted", "CMB-SND-018",
       [](Transcript& t) { Delete(t, Sent(ack::v1::ACK_TYPE_TIMEOUT)); }},
      {"no_CANCEL", "sender-cancelled", "CMB-CXL-001",
       [](Transcript& t) { Delete(t, Sent(ack::v1::ACK_TYPE_CANCEL)); }},
      {"no_alert", "sender-exhausted", "CMB-OBS-008",
       [](Transcript& t) { Delete(t, OfKind(Event::kAlert)); }},
      {"no_retry_event", "sender-resent", "CMB-RTY-001",
       [](Transcript& t) { Delete(t, OfKind(Event::kRetry)); }},
      {"no_progress", "sender-progress", "CMB-OBS-005",
       [](Transcript& t) { Delete(t, OfKind(Event::kProgress)); }},
      {"no_anomaly", "sender-malformed", "CMB-WIRE-017",
       [](Transcript& t) { Delete(t, OfKind(Event::kAnomaly)); }},
      {"nothing_skipped", "sender-outcome", "CMB-OBS-007",
       [](Transcript& t) {
         EXPECT_TRUE(AlterEvent(t, [](Event& event) {
           const bool skips = event.transition().details().skipped_size() != 0;
           if (skips) {
             event.mutable_transition()->mutable_details()->clear_skipped();
           }
           return skips;
         }));
       }},
      {"another_certainty", "sender-plain", "CMB-LATE-012",
       [](Transcript& t) {
         EXPECT_TRUE(AlterEvent(t, [](Event& event) {
           const bool told = event.transition().certainty() != 0;
           if (told) {
             event.mutable_transition()->set_certainty(ack::v1::CERTAINTY_UNKNOWN);
           }
           return told;
         }));
       }},
      {"another_backoff", "sender-resent", "CMB-RTY-008",
       [](Transcript& t) {
         EXPECT_TRUE(AlterEvent(t, [](Event& event) {
           if (event.has_retry()) {
             event.mutable_retry()->set_backoff_ms(event.retry().backoff_ms() + 1);
           }
           return event.has_retry();
         }));
       }},
      {"another_deadline", "sender-plain", "CMB-TMR-003",
       [](Transcript& t) {
         AlterReply(t, [](control::v1::Reply& reply) {
           const bool protocol =
               reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_PROTOCOL;
           reply.mutable_next_deadline()->set_ms(reply.next_deadline().ms() + (protocol ? 1 : 0));
           return protocol;
         });
       }},
      {"an_expiry_1_ms_early", "sender-life-ended", "CMB-LATE-009",
       [](Transcript& t) {
         TellHousekeeping(t, [](std::uint64_t frozen_ms) { return frozen_ms + 60'000 - 1; });
       }},
      {"a_window_1_ms_early", "sender-life-ended", "CMB-LATE-001",
       [](Transcript& t) {
         TellHousekeeping(t, [](std::uint64_t frozen_ms) { return frozen_ms - 1; });
       }},
      {"another_view", "sender-outcome", "CMB-INS-002",
       [](Transcript& t) {
         AlterReply(t, [](control::v1::Reply& reply) {
           const bool record = reply.transaction().has_record();
           if (record) {
             reply.mutable_transaction()->mutable_record()->mutable_views()->set_fleet("lost");
           }
           return record;
         });
       }},
  };
}

// ---------------------------------------------------------------- a header about the longest one

constexpr std::size_t kLongest = 65536;

ControlAct& FirstAct(Transcript& transcript) {
  const auto found = std::find_if(
      transcript.entries.begin(), transcript.entries.end(),
      [](const Entry& entry) { return std::holds_alternative<ControlAct>(entry.what); });
  return std::get<ControlAct>(found->what);
}

// The recording of a plain path, with a key that makes the header `bytes` long as it is sent.
Transcript SentWith(std::size_t bytes, bool with_wall_time) {
  Transcript transcript = Recorded("sender-plain");
  for (Entry& entry : transcript.entries) {
    auto* frame = std::get_if<DataFrame>(&entry.what);
    if (frame == nullptr || frame->header->msg_type() != ack::v1::MSG_TYPE_MESSAGE) {
      continue;
    }
    if (!with_wall_time) {
      frame->header->clear_created_wall_ms();
    }
    constexpr std::size_t kTagAndLength = 4;
    const std::string key(bytes - frame->header->ByteSizeLong() - kTagAndLength, 'k');
    frame->header->set_idempotency_key(key);
    FirstAct(transcript).request.mutable_send()->set_idempotency_key(key);
    EXPECT_EQ(frame->header->ByteSizeLong(), bytes);
    frame->frames[0] = MakeFrameBytes(frame->header->SerializeAsString());
  }
  return transcript;
}

Transcript RefusedWith(std::size_t bytes) {
  Transcript transcript = SentWith(bytes, true);
  std::erase_if(transcript.entries, [](const Entry& entry) { return entry.exchange != 1; });
  std::erase_if(transcript.entries, [](const Entry& entry) {
    return std::holds_alternative<DataFrame>(entry.what) ||
           std::holds_alternative<IutEvent>(entry.what);
  });
  control::v1::Reply& reply = FirstAct(transcript).reply;
  reply.Clear();
  reply.mutable_error()->set_kind(control::v1::ERROR_KIND_BAD_REQUEST);
  return transcript;
}

constexpr std::size_t kWallTime = 8;  // Bytes of created_wall_ms, which it may leave out.

TEST(SenderModel, WhatItMayLeaveOutOfAHeaderIsLeftOutOfItsLength) {
  EXPECT_EQ(Blame(SentWith(kLongest, true)), "");
  EXPECT_EQ(Blame(SentWith(kLongest, false)), "");
  const std::string too_long = Blame(SentWith(kLongest + 1, false));
  EXPECT_TRUE(too_long.starts_with("CMB-SND-004")) << too_long;
}

TEST(SenderModel, WhoGivesAWallTimeRefusesForItsLength) {
  EXPECT_EQ(Blame(RefusedWith(kLongest + 1)), "");
  EXPECT_EQ(Blame(RefusedWith(kLongest + kWallTime)), "");
  const std::string short_enough = Blame(RefusedWith(kLongest));
  EXPECT_TRUE(short_enough.starts_with("CMB-SND-004")) << short_enough;
}

TEST(SenderModel, AnotherIdOfASendIsTheHarnesss) {
  Transcript transcript = Recorded("sender-plain");
  FirstAct(transcript).reply.mutable_sent_message()->set_message_id("f73fec01-2");
  EXPECT_TRUE(AlterEvent(transcript, [](Event& event) {
    event.mutable_transition()->set_message_id("f73fec01-2");
    return true;
  }));
  const std::string blame = Blame(transcript);
  EXPECT_TRUE(blame.starts_with("CMB-CTL-010")) << blame;
}

class SenderAltered : public testing::TestWithParam<Alteration> {};

TEST_P(SenderAltered, IsBlamedOnTheSentenceThatAsksForIt) {
  Transcript transcript = Recorded(GetParam().recording);
  GetParam().alter(transcript);
  const std::string blame = Blame(transcript);
  EXPECT_EQ(blame.substr(0, blame.find(':')), GetParam().requirement) << blame;
}

INSTANTIATE_TEST_SUITE_P(Sender, SenderAltered, testing::ValuesIn(Alterations()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace cmb::conformance::oracle::tables
