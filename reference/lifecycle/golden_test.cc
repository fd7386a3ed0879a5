// Whole lives as text, one file each in testdata/, to be read and diffed. With
// CMB_REWRITE_GOLDEN=1 in the environment the files are written anew: do that
// only if you understand what changed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "reference/lifecycle/testing/router_story.h"
#include "reference/lifecycle/testing/sender_story.h"
#include "reference/lifecycle/testing/target_story.h"

namespace cmb::lifecycle::testing {
namespace {

// Acts and what came of them, in order.
class Trace {
 public:
  void Add(const std::string& act, const std::string& done) {
    text_ << "> " << act << "\n" << (done.empty() ? "(nothing)\n" : done);
  }

  void ExpectGolden(const std::string& name) const {
    const std::string path =
        std::string(CMB_SOURCE_DIR) + "/reference/lifecycle/testdata/" + name + ".txt";
    if (std::getenv("CMB_REWRITE_GOLDEN") != nullptr) {
      std::ofstream(path) << text_.str();
    }
    std::ostringstream golden;
    golden << std::ifstream(path).rdbuf();
    EXPECT_EQ(text_.str(), golden.str()) << path;
  }

 private:
  std::ostringstream text_;
};

TEST(GoldenTest, SenderWhoseThirdAttemptSucceedsLate) {
  SenderStory sender;
  Trace trace;
  trace.Add("sends m1, max_retries 2", sender.Sends("m1", PolicyWithRetries(2)));
  trace.Add("waits 2 s: nobody answers", sender.Waits(2 * kSecond));
  trace.Add("ROUTER_ACK of attempt 1", sender.Hears(RouterAck(1)));
  trace.Add("ROUTER_ACK of attempt 2", sender.Hears(RouterAck(2)));
  trace.Add("DELIVERY_ACK", sender.Hears(DeliveryAck(2)));
  trace.Add("waits 60 s: the target is silent", sender.Waits(60 * kSecond));
  trace.Add("waits 2 s: the backoff", sender.Waits(2 * kSecond));
  trace.Add("TIMEOUT of attempt 2", sender.Hears(RouterTimeout(2)));
  trace.Add("IN_PROGRESS", sender.Hears(InProgress(3)));
  trace.Add("PROGRESS_ACK 2", sender.Hears(Progress(2, 3)));
  trace.Add("waits 60 s: the target is silent again", sender.Waits(60 * kSecond));
  trace.Add("EXECUTION_ACK/SUCCESS", sender.Hears(Success(3)));
  trace.Add("EXECUTION_ACK/FAILURE", sender.Hears(Failure()));
  trace.Add("waits 360 s and 1 ms", sender.Waits(360 * kSecond + Duration{1}));
  trace.Add("EXECUTION_ACK/SUCCESS", sender.Hears(Success(3)));
  trace.ExpectGolden("sender_third_attempt_succeeds_late");
}

TEST(GoldenTest, RouterWhoseTargetIsAway) {
  RouterStory router;
  Trace trace;
  trace.Add("takes m1, life 30 s", router.Takes(Copy("m1", 1, 30 * kSecond)));
  router.absent = {ModuleId("target")};
  trace.Add("waits 9 s: the target is away", router.Waits(9 * kSecond));
  trace.Add("takes m1 once more", router.Takes(Copy("m1", 1, 21 * kSecond)));
  trace.Add("waits 1 s", router.Waits(kSecond));
  trace.Add("takes attempt 2", router.Takes(Copy("m1", 2, 20 * kSecond)));
  router.absent.clear();
  trace.Add("waits 1 s: the target is back", router.Waits(kSecond));
  trace.Add("RECEIPT/REJECTED of attempt 2", router.Hears(FullTable(2)));
  trace.Add("waits 2 s", router.Waits(2 * kSecond));
  trace.Add("RECEIPT of attempt 2", router.Hears(Receipt(2)));
  trace.Add("EXECUTION_ACK/SUCCESS", router.Hears(Executed(Status::kSuccess, 2)));
  trace.Add("takes attempt 3", router.Takes(Copy("m1", 3, 17 * kSecond)));
  trace.Add("CANCEL of attempt 3", router.Hears(Cancel(3)));
  trace.ExpectGolden("router_target_is_away");
}

TEST(GoldenTest, SenderThatTriesAnotherChannelAndThenLeavesTheTargetAlone) {
  SenderConfig config;
  config.fallback = true;
  config.circuit_breaker = true;
  SenderStory sender(config);
  sender.channels = {ChannelName("main"), ChannelName("spare")};
  Trace trace;
  trace.Add("sends m1, max_retries 1", sender.Sends("m1", PolicyWithRetries(1)));
  trace.Add("waits 2 s: nobody answers", sender.Waits(2 * kSecond));
  trace.Add("IN_PROGRESS, held for 5 s", sender.Hears(Held(5 * kSecond, 2)));
  trace.Add("IN_PROGRESS", sender.Hears(InProgress(2)));
  trace.Add("EXECUTION_ACK/FAILURE AGENT_SHUTDOWN",
            sender.Hears(Failure(ErrorCode::kAgentShutdown, 2)));
  trace.Add("sends m2: the circuit is open", sender.Sends("m2"));
  trace.Add("restarts: circuits begin closed", sender.Restarts());
  trace.Add("sends m3", sender.Sends("m3"));
  trace.Add("restarts after 3 s", sender.Restarts(3 * kSecond));
  trace.Add("what is due is due at once", sender.Waits(Duration{0}));
  trace.ExpectGolden("sender_other_channel_then_open_circuit");
}

TEST(GoldenTest, RouterThatRedrivesWhatItGaveUp) {
  RouterStory router;
  Trace trace;
  trace.Add("takes m1, life 30 s", router.Takes(Copy("m1", 1, 30 * kSecond)));
  trace.Add("waits 9 s: the target is silent", router.Waits(9 * kSecond));
  trace.Add("restarts half an hour later", router.Restarts(1800 * kSecond));
  trace.Add("nothing is due", router.Waits(Duration{0}));
  trace.Add("mallory asks to redrive m1 as m2", router.Redrives("m1", "m2", "mallory"));
  router.absent = {ModuleId("target")};
  trace.Add("sender asks, the target is away", router.Redrives("m1", "m2"));
  router.absent.clear();
  trace.Add("sender asks, the target is back", router.Redrives("m1", "m3"));
  AckIn done = Executed();
  done.correlation_id = MessageId("m3");
  trace.Add("EXECUTION_ACK/SUCCESS of m3", router.Hears(done));
  trace.Add("sender asks once more", router.Redrives("m1", "m4"));
  trace.Add("CANCEL of m1", router.Hears(Cancel(1)));
  trace.ExpectGolden("router_redrives_a_dead_letter");
}

TEST(GoldenTest, TargetThatHearsOneJobFromThreeMessages) {
  TargetStory target;
  Trace trace;
  const Duration life = 300 * kSecond;
  trace.Add("takes m1, key job", target.Takes("m1", 1, life, "job"));
  trace.Add("its handler starts", target.Starts());
  trace.Add("takes m1, attempt 2", target.Takes("m1", 2, life, "job"));
  trace.Add("takes m2, key job", target.Takes("m2", 1, life, "job"));
  trace.Add("CANCEL of m1", target.Hears(AckType::kCancel, Status::kUnspecified));
  trace.Add("its handler succeeds", target.EndsWith(Ends(Status::kSuccess)));
  trace.Add("takes m3, key job", target.Takes("m3", 1, life, "job"));
  trace.Add("takes m4, no life left", target.Takes("m4", 1, Duration{0}));
  trace.Add("waits 3600 s and 1 ms", target.Waits(3600 * kSecond + Duration{1}));
  trace.Add("takes m5, key job", target.Takes("m5", 1, life, "job"));
  trace.ExpectGolden("target_one_job_from_three_messages");
}

TEST(GoldenTest, TargetThatRestartsBetweenTwoWorksOfAStream) {
  TargetStory target(Durable());
  Trace trace;
  trace.Add("CANCEL of m9, which has not come", target.HearsCancel("m9"));
  trace.Add("takes m1 of stream s", target.TakesInStream("m1", "s"));
  trace.Add("takes m2 of stream s", target.TakesInStream("m2", "s"));
  trace.Add("m1 is held for 20 s", target.Holds(20 * kSecond));
  trace.Add("waits 5 s", target.Waits(5 * kSecond));
  trace.Add("restarts", target.Restarts());
  trace.Add("takes m1, attempt 2", target.TakesInStream("m1", "s", 2));
  trace.Add("its handler starts", target.Starts());
  trace.Add("is at 40 %", target.GetsTo(40));
  trace.Add("takes m1, attempt 3", target.TakesInStream("m1", "s", 3));
  trace.Add("CANCEL of m1", target.HearsCancel("m1", 3));
  trace.Add("its handler stops", target.Stops());
  trace.Add("the handler of m2 starts", target.Starts("m2"));
  trace.Add("restarts", target.Restarts());
  trace.Add("CANCEL of m2", target.HearsCancel("m2"));
  trace.Add("takes m9", target.Takes("m9"));
  trace.ExpectGolden("target_restarts_between_two_works");
}

}  // namespace
}  // namespace cmb::lifecycle::testing
