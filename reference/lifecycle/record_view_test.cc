// What each core tells of a record when it is asked, field by field.
#include <gtest/gtest.h>

#include "reference/lifecycle/testing/router_story.h"
#include "reference/lifecycle/testing/sender_story.h"
#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

TEST(TargetRecordTest, TellsOfTheCopiesAndOfTheEnd) {
  TargetStory target(Tracked());
  target.Waits(Duration{1000});
  target.Takes("m1", 3, Duration{300000}, "job");
  EXPECT_EQ(target.core().Records().front().changed, AtMs(1000));
  HandlerEnd end = Ends(Status::kFailure, ErrorCode::kOverloaded);
  end.note = "no room";
  target.EndsWith(end);
  const RecordView record = target.core().Find({ModuleId("sender"), MessageId("m1")}).value();
  EXPECT_EQ(record.attempt, 3u);
  EXPECT_EQ(record.retry_count, 2u);
  EXPECT_EQ(record.last_ack_type, AckType::kExecutionAck);
  EXPECT_EQ(record.last_status, Status::kFailure);
  EXPECT_EQ(record.code, ErrorCode::kOverloaded);
  EXPECT_EQ(record.note, "no room");
  EXPECT_EQ(record.idempotency_key, IdempotencyKey("job"));
}

// A CANCEL is no copy, and its record is of no work yet.
TEST(TargetRecordTest, OfACancelAloneTellsOfNoCopy) {
  TargetStory target(Tracked());
  target.Waits(Duration{1000});
  target.HearsCancel("m1", 3);
  const RecordView record = target.core().Find({ModuleId("sender"), MessageId("m1")}).value();
  EXPECT_EQ(record.attempt, 0u);
  EXPECT_EQ(record.retry_count, 0u);
  EXPECT_TRUE(record.idempotency_key.empty());
  EXPECT_EQ(record.created, AtMs(1000));
  EXPECT_EQ(record.changed, AtMs(1000));
}

TEST(RouterRecordTest, TellsHowOftenItWasSentAgain) {
  RouterStory router;
  router.Hears(Cancel());  // A mark, of which the record is none.
  router.Waits(Duration{1000});
  router.Takes(Copy("m1", 3));
  EXPECT_EQ(router.Record()->created, AtMs(1000));
  EXPECT_EQ(router.Record()->attempt, 3u);
  EXPECT_EQ(router.Record()->retry_count, 2u);
}

TEST(RouterRecordTest, TellsWhatTheTargetSaidOfTheEnd) {
  RouterStory router;
  router.Takes(Copy());
  AckIn end = AckFrom("target", "sender", AckType::kExecutionAck, Status::kFailure);
  end.correlation_id = MessageId("m1");
  end.code = ErrorCode::kOverloaded;
  end.note = "no room";
  router.Hears(end);
  EXPECT_EQ(router.Record()->code, ErrorCode::kOverloaded);
  EXPECT_EQ(router.Record()->note, "no room");
}

TEST(RouterRecordTest, TellsWhyAForwardWasRefused) {
  RouterStory router;
  router.absent = {ModuleId("target")};
  router.failure = ForwardResult::kBufferFull;
  EXPECT_NE(router.Takes(Copy()).find("BUFFER_FULL"), std::string::npos);
  EXPECT_EQ(router.Record()->code, ErrorCode::kBufferFull);
}

TEST(RouterRecordTest, NobodyIsNoTarget) {
  RouterStory router;
  MessageIn copy = Copy();
  copy.targets = {ModuleId("")};
  EXPECT_NE(router.Takes(copy).find("VALIDATION_ERROR"), std::string::npos);
}

TEST(SenderRecordTest, TellsWhatTheTargetSaidOfTheEnd) {
  SenderStory sender;
  sender.Sends("m1");
  AckIn end = Failure(ErrorCode::kOverloaded);
  end.note = "no room";
  sender.Hears(end);
  EXPECT_EQ(sender.Record().code, ErrorCode::kOverloaded);
  EXPECT_EQ(sender.Record().note, "no room");
}

// The views of a record that required_ack completed go on with what is heard.
TEST(SenderRecordTest, KnowsTheHighestStageAfterItsEnd) {
  DeliveryPolicy policy;
  policy.required_ack = AckType::kRouterAck;
  SenderStory sender;
  sender.Sends("m1", policy);
  sender.Hears(RouterAck());
  ASSERT_EQ(sender.State(), "COMPLETED_SUCCESS");
  EXPECT_EQ(sender.Record().highest_stage, State::kRouted);
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Record().highest_stage, State::kRouted);
  sender.Hears(DeliveryAck());
  EXPECT_EQ(sender.Record().highest_stage, State::kDelivered);
  sender.Hears(InProgress());
  EXPECT_EQ(sender.Record().highest_stage, State::kExecuting);
}

// Bad news is no stage.
TEST(SenderRecordTest, ALateRefusalIsNoStageAndALateRouterAckIs) {
  SenderStory sender;
  sender.Sends("m1");
  sender.Cancels();
  sender.Hears(RouterRejection(ErrorCode::kNoRoute));
  EXPECT_EQ(sender.Record().highest_stage, State::kSendPending);
  sender.Hears(RouterAck());
  EXPECT_EQ(sender.Record().highest_stage, State::kRouted);
}

}  // namespace
}  // namespace cmb::lifecycle::testing
