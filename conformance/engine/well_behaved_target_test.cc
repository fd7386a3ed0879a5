// What the suite's own target says: it must be right, or it would blame others.
#include "conformance/engine/well_behaved_target.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Milliseconds;
using scenario::Work;

class WellBehaved : public ::testing::Test {
 protected:
  static ack::v1::CognitiveMessage Message(const std::string& id, std::uint32_t attempt,
                                           const std::string& key = "") {
    ack::v1::CognitiveMessage message;
    message.set_message_id(id);
    message.set_source("sender");
    message.add_targets("target");
    message.set_attempt(attempt);
    message.set_idempotency_key(key);
    return message;
  }

  void Cancel(const std::string& id, std::uint32_t attempt) {
    ack::v1::Ack cancel;
    cancel.set_correlation_id(id);
    cancel.set_attempt(attempt);
    target.HearCancel("sender", cancel);
  }

  // Everything said since the last call, "RECEIPT m1/1, EXECUTION_ACK/SUCCESS m1/1".
  std::string Said() {
    std::string all;
    for (const std::string& one : said) {
      all += (all.empty() ? "" : ", ") + one;
    }
    said.clear();
    return all;
  }

  void MoveTo(std::uint64_t to_ms) {
    while (!later.empty() && later.begin()->first <= to_ms) {
      now = later.begin()->first;
      later.extract(later.begin()).mapped()();
    }
    now = to_ms;
  }

  std::vector<std::string> said;
  std::multimap<std::uint64_t, std::function<void()>> later;
  std::uint64_t now = 0;
  WellBehavedTarget target{
      [this](const std::string&, const std::string&, const ack::v1::Ack& ack) {
        std::string text = wire::Word(ack.ack_type());
        if (ack.ack_type() != ack::v1::ACK_TYPE_RECEIPT) {
          text += "/" + wire::Word(ack.status());
        }
        text += ack.has_hold_ms() ? fmt::format(" held {}", ack.hold_ms()) : "";
        text +=
            ack.has_percent() ? fmt::format(" #{} {}%", ack.progress_number(), ack.percent()) : "";
        text += ack.has_started() ? (ack.started() ? " started" : " unstarted") : "";
        said.push_back(fmt::format("{} {}/{}", text, ack.correlation_id(), ack.attempt()));
      },
      [this](std::uint64_t delay_ms, std::function<void()> act) {
        later.emplace(now + delay_ms, std::move(act));
      },
      [this] { return now; }};
};

TEST_F(WellBehaved, SaysReceiptAndThenTheEnd) {
  target.Hear(Message("m1", 1), Work{});
  EXPECT_EQ(Said(), "RECEIPT m1/1, EXECUTION_ACK/SUCCESS m1/1");
}

TEST_F(WellBehaved, AnswersADuplicateWithTheHighestAckAndExecutesOnce) {
  target.Hear(Message("m1", 1), Work{});
  Said();
  target.Hear(Message("m1", 2), Work{});
  EXPECT_EQ(Said(), "RECEIPT m1/2, EXECUTION_ACK/SUCCESS m1/2");
}

TEST_F(WellBehaved, SaysOnlyReceiptWhileTheWorkHasSaidNothing) {
  Work work;
  work.after = Milliseconds(3'000);
  target.Hear(Message("m1", 1), work);
  EXPECT_EQ(Said(), "RECEIPT m1/1");
  target.Hear(Message("m1", 2), work);
  EXPECT_EQ(Said(), "RECEIPT m1/2");
  MoveTo(2'999);
  EXPECT_EQ(Said(), "");
  MoveTo(3'000);
  EXPECT_EQ(Said(), "EXECUTION_ACK/SUCCESS m1/2");  // The highest attempt received.
}

TEST_F(WellBehaved, SaysInProgressOnlyWhenTheWorkSaysSo) {
  Work work;
  work.starts = Milliseconds(0);
  work.ends = Work::End::kNever;
  target.Hear(Message("m1", 1), work);
  EXPECT_EQ(Said(), "RECEIPT m1/1, EXECUTION_ACK/IN_PROGRESS m1/1");
  MoveTo(1'000'000);
  EXPECT_EQ(Said(), "");
}

TEST_F(WellBehaved, AttachesANewIdUnderAKnownKey) {
  Work work;
  work.after = Milliseconds(1'000);
  target.Hear(Message("m1", 1, "job"), work);
  target.Hear(Message("m2", 1, "job"), work);
  EXPECT_EQ(Said(), "RECEIPT m1/1, RECEIPT m2/1");
  MoveTo(1'000);
  EXPECT_EQ(Said(), "EXECUTION_ACK/SUCCESS m1/1, EXECUTION_ACK/SUCCESS m2/1");
  EXPECT_TRUE(later.empty());
}

TEST_F(WellBehaved, StopsOnCancelAndAnswersItOnceMore) {
  Work work;
  work.after = Milliseconds(1'000);
  target.Hear(Message("m1", 1), work);
  Said();
  Cancel("m1", 1);
  EXPECT_EQ(Said(), "EXECUTION_ACK/FAILURE started m1/1");
  MoveTo(1'000);
  EXPECT_EQ(Said(), "");
  Cancel("m1", 1);
  EXPECT_EQ(Said(), "EXECUTION_ACK/FAILURE started m1/1");
}

TEST_F(WellBehaved, WorkThatWaitsIsDroppedEvenIfItWouldIgnoreACancel) {
  Work work;
  work.starts = Milliseconds(1'000);
  work.after = Milliseconds(2'000);
  work.stop_on_cancel = false;
  target.Hear(Message("m1", 1), work);
  Said();
  Cancel("m1", 1);
  EXPECT_EQ(Said(), "EXECUTION_ACK/FAILURE unstarted m1/1");
  MoveTo(2'000);
  EXPECT_EQ(Said(), "");
}

TEST_F(WellBehaved, SaysHoldStartAndProgressAtTheirTimes) {
  Work work;
  work.hold = Milliseconds(4'000);
  work.progress = {{Milliseconds(3'000), 10}, {Milliseconds(5'000), 50}};
  work.after = Milliseconds(6'000);
  target.Hear(Message("m1", 1), work);
  EXPECT_EQ(Said(), "RECEIPT m1/1, EXECUTION_ACK/IN_PROGRESS held 4000 m1/1");
  MoveTo(3'000);
  EXPECT_EQ(Said(), "");  // Before the start there is no progress.
  target.Hear(Message("m1", 2), work);
  EXPECT_EQ(Said(), "RECEIPT m1/2, EXECUTION_ACK/IN_PROGRESS held 1000 m1/2");
  MoveTo(4'000);
  EXPECT_EQ(Said(), "EXECUTION_ACK/IN_PROGRESS m1/2");
  MoveTo(5'000);
  EXPECT_EQ(Said(), "PROGRESS_ACK/IN_PROGRESS #3 50% m1/2");
  target.Hear(Message("m1", 3), work);
  EXPECT_EQ(Said(), "RECEIPT m1/3, PROGRESS_ACK/IN_PROGRESS #3 50% m1/3");
  MoveTo(6'000);
  EXPECT_EQ(Said(), "EXECUTION_ACK/SUCCESS m1/3");
}

TEST_F(WellBehaved, ARetryableRefusalIsJudgedAfreshByAHigherAttempt) {
  Work work;
  work.ends = Work::End::kRejected;
  work.code = ack::v1::ERROR_CODE_OVERLOADED;
  work.retryable = true;
  target.Hear(Message("m1", 1), work);
  EXPECT_EQ(Said(), "RECEIPT m1/1, EXECUTION_ACK/REJECTED m1/1");
  target.Hear(Message("m1", 1), work);
  EXPECT_EQ(Said(), "RECEIPT m1/1, EXECUTION_ACK/REJECTED m1/1");
  target.Hear(Message("m1", 2), work);
  EXPECT_EQ(Said(), "RECEIPT m1/2, EXECUTION_ACK/REJECTED m1/2");
  Cancel("m1", 2);
  EXPECT_EQ(Said(), "EXECUTION_ACK/FAILURE unstarted m1/2");
  target.Hear(Message("m1", 3), work);
  EXPECT_EQ(Said(), "RECEIPT m1/3, EXECUTION_ACK/FAILURE unstarted m1/3");
}

TEST_F(WellBehaved, ATombstoneWhoseMessageNamesKnownWorkCancelsIt) {
  Work work;
  work.after = Milliseconds(1'000);
  target.Hear(Message("m1", 1, "job"), work);
  Cancel("m2", 1);
  Said();
  target.Hear(Message("m2", 1, "job"), work);
  EXPECT_EQ(Said(),
            "RECEIPT m2/1, EXECUTION_ACK/FAILURE started m1/1, EXECUTION_ACK/FAILURE started m2/1");
}

TEST_F(WellBehaved, WorksOnWhenTheWorkIgnoresCancel) {
  Work work;
  work.after = Milliseconds(1'000);
  work.stop_on_cancel = false;
  target.Hear(Message("m1", 1), work);
  Said();
  Cancel("m1", 1);
  EXPECT_EQ(Said(), "");
  MoveTo(1'000);
  EXPECT_EQ(Said(), "EXECUTION_ACK/SUCCESS m1/1");
}

TEST_F(WellBehaved, ACancelThatOvertakesLeavesATombstone) {
  Cancel("m1", 1);
  EXPECT_EQ(Said(), "");
  target.Hear(Message("m1", 1), Work{});
  EXPECT_EQ(Said(), "RECEIPT m1/1, EXECUTION_ACK/FAILURE unstarted m1/1");
}

TEST_F(WellBehaved, AnAdoptedMessageRunsWithoutReceipt) {
  Work work;
  work.after = Milliseconds(500);
  target.Adopt(Message("m1", 1), work);
  EXPECT_EQ(Said(), "");
  MoveTo(500);
  EXPECT_EQ(Said(), "EXECUTION_ACK/SUCCESS m1/1");
}

}  // namespace
}  // namespace cmb::conformance::engine
