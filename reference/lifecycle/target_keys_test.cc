// Which message brings new work, and how long work lives that several brought.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

// CMB-DUP-010: nothing was done for the key, so who brings it next is not answered by the past.
TEST(TargetKeysTest, WorkThatEndedBeforeItsStartLeavesItsKeyFree) {
  TargetStory target(Tracked());
  target.Takes("m1", 1, Duration{1000}, "job");
  target.Waits(Duration{1800000});
  EXPECT_EQ(target.State("m1"), "REJECTED");
  EXPECT_EQ(target.Takes("m2", 1, Duration{300000}, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\noffer m2 attempt=1 key=job\n");
  target.HearsCancel("m2");
  target.Takes("m3", 1, Duration{300000}, "job");
  target.EndsWith(Ends(Status::kSuccess), "m3");
  // Each record stays for its own message_ids.
  EXPECT_NE(target.Takes("m1", 2).find("REJECTED TTL_EXPIRED m1 attempt=2"), std::string::npos);
  EXPECT_NE(target.Takes("m2", 2).find("FAILURE CANCELLED m2 attempt=2"), std::string::npos);
  EXPECT_NE(target.Takes("m4", 1, Duration{300000}, "job").find("SUCCESS m4"), std::string::npos);
  EXPECT_EQ(target.Executions("m3"), 1u);
}

TEST(TargetKeysTest, ARefusalForGoodKeepsItsKey) {
  TargetStory target;
  target.Takes("m1", 1, Duration{300000}, "job");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kPermissionDenied));
  EXPECT_NE(target.Takes("m2", 1, Duration{300000}, "job").find("PERMISSION_DENIED m2"),
            std::string::npos);
}

// CMB-DUP-010: the work is begun again by another message, so the first joins it.
TEST(TargetKeysTest, WhoComesBackToARefusalJoinsTheWorkThatTookItsKey) {
  TargetStory target;
  target.Takes("m1", 1, Duration{300000}, "job");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true));
  target.Takes("m2", 1, Duration{300000}, "job");
  target.Starts("m2");
  EXPECT_EQ(target.Takes("m1", 2), "ack RECEIPT/SUCCESS m1 attempt=2 to sender\n");
  EXPECT_EQ(target.core().size(), 1u);
  EXPECT_EQ(target.EndsWith(Ends(Status::kSuccess), "m2"),
            "event [m2] EXECUTING -> SUCCEEDED (HANDLER_SUCCEEDED)\n"
            "ack EXECUTION_ACK/SUCCESS m2 attempt=1 to sender\n"
            "ack EXECUTION_ACK/SUCCESS m1 attempt=2 to sender\n");
}

TEST(TargetKeysTest, WorkThatIsReopenedBearsItsKeyAgain) {
  TargetStory target;
  target.Takes("m1", 1, Duration{300000}, "job");
  target.EndsWith(Ends(Status::kRejected, ErrorCode::kOverloaded, true));
  target.Takes("m1", 2, Duration{300000}, "job");
  EXPECT_EQ(target.Takes("m2", 1, Duration{300000}, "job"),
            "ack RECEIPT/SUCCESS m2 attempt=1 to sender\n");
  EXPECT_EQ(target.core().size(), 1u);
}

// CMB-TGT-013.
TEST(TargetKeysTest, SharedWorkLivesAsLongAsTheLongestOfItsMessages) {
  TargetStory target;
  target.Takes("m1", 1, Duration{10000}, "job");
  target.Waits(Duration{9900});
  target.Takes("m2", 1, Duration{300000}, "job");
  EXPECT_EQ(target.Waits(Duration{299999}), "");
  EXPECT_NE(target.Waits(Duration{1}).find("REJECTED TTL_EXPIRED m2"), std::string::npos);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
