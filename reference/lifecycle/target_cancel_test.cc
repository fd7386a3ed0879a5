// What a TRACKED target makes of a CANCEL.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

constexpr const char* kCancelled =
    "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=1 started=false memory=0 to sender\n";

TEST(TargetCancelTest, WorkThatHasNotStartedIsDropped) {
  TargetStory target(Tracked());
  target.Takes("m1", 2, 300 * kSecond, "job");
  target.Takes("m2", 1, 300 * kSecond, "job");
  target.Waits(7 * kSecond);
  EXPECT_EQ(
      target.HearsCancel("m2"),
      "drop m1\n"
      "event [m1] RECEIVED -> CANCELLED (CANCEL) CANCELLED\n"
      "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=2 started=false memory=7000 to sender\n"
      "ack EXECUTION_ACK/FAILURE CANCELLED m2 attempt=1 started=false memory=7000 to sender\n");
  EXPECT_EQ(target.Starts(), "");
  EXPECT_EQ(target.Waits(300 * kSecond), "");
}

TEST(TargetCancelTest, ACopyRepeatsTheMemoryOfTheFirstAnswer) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.HearsCancel();
  target.Waits(7 * kSecond);
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=2 started=false memory=0 to sender\n");
}

// CMB-TGT-016.
TEST(TargetCancelTest, WithSeveralRoutersOnlyAStoreProves) {
  for (TargetConfig config : {Tracked(), Durable()}) {
    config.several_routers = true;
    TargetStory target(config);
    target.Waits(7 * kSecond);
    target.Takes("m1");
    const std::string memory = config.profile == Profile::kDurable ? "7000" : "0";
    EXPECT_EQ(target.HearsCancel(),
              "drop m1\n"
              "event [m1] RECEIVED -> CANCELLED (CANCEL) CANCELLED\n"
              "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=1 started=false memory=" +
                  memory + " to sender\n");
  }
}

TEST(TargetCancelTest, ARunningHandlerIsAskedAndMayStop) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.HearsCancel(), "cancel m1\n");
  EXPECT_EQ(target.Stops(),
            "event [m1] EXECUTING -> CANCELLED (CANCEL) CANCELLED\n"
            "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=1 started=true memory=0 to sender\n");
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess)), "");
}

TEST(TargetCancelTest, AHandlerThatDoesNotStopEndsAsEver) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Starts();
  target.HearsCancel();
  EXPECT_EQ(target.HearsCancel("m1", 2),
            "event [m1] anomaly DUPLICATE_ACK CANCEL attempt=2 from sender\n");
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess)),
            "event [m1] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=1 to sender\n");
}

TEST(TargetCancelTest, NobodyStopsUnasked) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.Starts();
  EXPECT_EQ(target.Stops(), "");
  EXPECT_EQ(target.State(), "EXECUTING");
}

TEST(TargetCancelTest, EndedWorkAnswersEachCancelWithItsEnd) {
  TargetStory target(Tracked());
  target.Takes("m1", 3);
  target.EndsWith(Ends(Status::kSuccess));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(target.HearsCancel("m1", 1), "ack EXECUTION_ACK/SUCCESS m1 attempt=3 to sender\n");
  }
}

TEST(TargetCancelTest, ARetryableRefusalIsClosed) {
  TargetStory target(Tracked());
  target.Takes("m1");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true));
  EXPECT_EQ(target.HearsCancel(),
            std::string("event [m1] REJECTED -> CANCELLED (CANCEL) CANCELLED\n") + kCancelled);
  EXPECT_EQ(target.Takes("m1", 2),
            "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n"
            "ack EXECUTION_ACK/FAILURE CANCELLED m1 attempt=2 started=false memory=0 to sender\n");
}

TEST(TargetCancelTest, ACancelThatOvertakesItsMessageMeetsIt) {
  TargetStory target(Tracked());
  EXPECT_EQ(target.HearsCancel(), "");
  EXPECT_EQ(target.HearsCancel("m1", 2),
            "event [m1] anomaly DUPLICATE_ACK CANCEL attempt=2 from sender\n");
  const auto tombstone = target.core().Find({ModuleId("sender"), MessageId("m1")});
  EXPECT_EQ(tombstone->state, State::kCancelled);
  EXPECT_EQ(tombstone->code, ErrorCode::kCancelled);
  EXPECT_EQ(tombstone->attempt, 0u);
  EXPECT_EQ(target.Takes("m1", 1, Duration{0}, "job"),
            std::string("ack RECEIPT/SUCCESS m1 attempt=1 to sender\n") + kCancelled);
  EXPECT_EQ(target.HearsCancel(), kCancelled);
  // Nothing was done for its key (CMB-DUP-010).
  EXPECT_EQ(target.Takes("m2", 1, 300 * kSecond, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\noffer m2 attempt=1 key=job\n");
}

TEST(TargetCancelTest, ATombstoneLivesForTwoLatencies) {
  TargetConfig config = Tracked();
  config.max_latency = 10 * kSecond;
  TargetStory target(config);
  target.HearsCancel();
  target.HearsCancel("m2");
  target.Waits(20 * kSecond);
  EXPECT_NE(target.Takes("m1").find("CANCELLED"), std::string::npos);
  target.Waits(Duration{1});
  EXPECT_EQ(target.State("m2"), "NONE");
  EXPECT_EQ(target.State("m1"), "CANCELLED");  // A record like any other by now.
}

TEST(TargetCancelTest, AFullTableKeepsNoTombstone) {
  TargetConfig config = Tracked();
  config.records = 1;
  TargetStory target(config);
  EXPECT_EQ(target.HearsCancel("m1"), "");
  EXPECT_EQ(target.HearsCancel("m2"),
            "event [m2] anomaly UNKNOWN_MESSAGE CANCEL attempt=1 from sender\n");
  EXPECT_EQ(target.Takes("m3"), "ack RECEIPT/REJECTED BUFFER_FULL m3 attempt=1 to sender\n");
}

TEST(TargetCancelTest, ATombstoneWhoseMessageBringsKnownWorkActsOnThat) {
  TargetStory target(Tracked());
  target.HearsCancel("m2");
  target.Takes("m1", 1, 300 * kSecond, "job");
  EXPECT_EQ(target.Takes("m2", 1, 300 * kSecond, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n"
            "drop m1\n"
            "event [m1] RECEIVED -> CANCELLED (CANCEL) CANCELLED\n" +
                std::string(kCancelled) +
                "ack EXECUTION_ACK/FAILURE CANCELLED m2 attempt=1 started=false memory=0 to "
                "sender\n");
}

TEST(TargetCancelTest, ATombstoneWhoseWorkWasAskedToStopIsADuplicateOfItsSource) {
  TargetStory target(Tracked());
  target.Takes("m1", 1, 300 * kSecond, "job");
  target.Starts("m1");
  target.HearsCancel("m1");
  target.HearsCancel("m2", 3);
  const std::string text = target.Takes("m2", 1, 300 * kSecond, "job");
  EXPECT_NE(text.find("event [m2] anomaly DUPLICATE_ACK CANCEL attempt=3 from sender"),
            std::string::npos)
      << text;
}

TEST(TargetCancelTest, OfAnotherSourceItIsAnotherMessage) {
  TargetStory target(Tracked());
  target.HearsCancel("m1");
  EXPECT_EQ(target.Takes("m1", 1, 300 * kSecond, "", "other"),
            "ack RECEIPT/SUCCESS m1 attempt=1 to other\n"
            "offer m1 attempt=1 key=m1\n");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
