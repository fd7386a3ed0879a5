// What a module does with the work that it is sent: held, refused, reported on,
// stopped, ended. On the real clock; nothing sleeps.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include "reference/endpoint/module_test_driver.h"
#include "reference/extras/store/sqlite_tx_store.h"

namespace cmb::reference {
namespace {

using namespace std::chrono_literals;

// A sender, a router and a target, of which each case tells a story.
struct WorkBench {
  explicit WorkBench(EndpointOptions of_target = {}) : target("target", Joined(of_target)) {
    EXPECT_TRUE(target->WaitUntilReady(kPatience));
  }
  EndpointOptions Joined(EndpointOptions options) const {
    options.channels = router.program().channels();
    options.ack_ingress = router.program().ack_ingress();
    options.ack_egress = router.program().ack_egress();
    return options;
  }
  Received Takes() {
    id = sender->Send("main", "target", {.payload = "hello"});
    return target->Take(kPatience).value();
  }
  Received Receives() {
    id = sender->Send("main", "target", {.payload = "hello"});
    return target->Recv(kPatience).value();
  }

  RunningRouter router;
  Module sender{"sender", router.program()};
  Module target;
  std::string id;
};

TEST(ModuleWork, ItsStartAndItsProgressAreToldToTheSender) {
  WorkBench bench;
  const auto work = bench.Receives();
  bench.sender.LinesUntil("-> EXECUTING (EXECUTION_ACK)");
  bench.target->Report(work, {.percent = 40, .done = 2, .total = 5, .eta = 3s});
  bench.sender.LinesUntil("progress 2, 40 %");
  bench.target->Succeed(work);
  bench.sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
}

TEST(ModuleWork, AStartMayBeLeftUnsaid) {
  WorkBench bench({.announces_starts = false});
  const auto work = bench.Receives();
  bench.target->Succeed(work);
  for (const auto& line : bench.sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)")) {
    EXPECT_EQ(line.find("EXECUTING"), std::string::npos) << line;
  }
}

TEST(ModuleWork, TakenWorkHasNotStartedUntilItIsSaid) {
  WorkBench bench;
  const auto work = bench.Takes();
  EXPECT_EQ(bench.target->GetTransaction("sender", bench.id)->state(), ack::v1::STATE_RECEIVED);
  bench.target->Hold(work, 20s);
  bench.sender.LinesUntil("-> EXECUTING (EXECUTION_ACK)");
  EXPECT_TRUE(bench.target->Start(work));
  EXPECT_EQ(bench.target->GetTransaction("sender", bench.id)->state(), ack::v1::STATE_EXECUTING);
  bench.target->Succeed(work);
  bench.sender.LinesUntil("-> COMPLETED_SUCCESS (EXECUTION_ACK)");
}

TEST(ModuleWork, TakenWorkCanBeRefused) {
  WorkBench bench;
  const auto work = bench.Takes();
  bench.target->Refuse(work, ack::v1::ERROR_CODE_PERMISSION_DENIED, "not you");
  bench.sender.LinesUntil("-> COMPLETED_FAILURE (EXECUTION_ACK)");
  const auto record = bench.sender->GetTransaction(bench.id);
  EXPECT_EQ(record->error_code(), ack::v1::ERROR_CODE_PERMISSION_DENIED);
  EXPECT_EQ(record->views().cmb_v0(), "FAILED_NACK");
}

TEST(ModuleWork, PartOfItDoneIsOneFailure) {
  WorkBench bench;
  const auto work = bench.Receives();
  bench.target->FailPartly(work, 3, 7, "four would not fit");
  bench.sender.LinesUntil("-> COMPLETED_FAILURE (EXECUTION_ACK)");
  EXPECT_EQ(bench.sender->GetTransaction(bench.id)->error_code(),
            ack::v1::ERROR_CODE_PARTIAL_DELIVERY);
}

TEST(ModuleWork, RunningWorkHearsOfItsCancelAndStops) {
  std::promise<std::string> cancelled;
  auto came = cancelled.get_future();
  WorkBench bench({.on_cancel = [&](const std::string& source, const std::string& id) {
    cancelled.set_value(source + "/" + id);
  }});
  const auto work = bench.Receives();
  EXPECT_FALSE(bench.target->IsCancelled(work));
  bench.sender->Cancel(bench.id);
  ASSERT_EQ(came.wait_for(kPatience), std::future_status::ready);
  EXPECT_TRUE(bench.target->IsCancelled(work));
  bench.target->Stopped(work);
  bench.target.LinesUntil("-> CANCELLED (CANCEL)");
  EXPECT_EQ(came.get(), "sender/" + bench.id);
}

TEST(ModuleWork, WorkThatGoesOnThroughACancelReconcilesTheSender) {
  WorkBench bench;
  const auto work = bench.Receives();
  bench.sender->Cancel(bench.id);
  bench.target->Succeed(work);
  bench.sender.LinesUntil("-> COMPLETED_SUCCESS (LATE_EXECUTION_ACK)");
}

TEST(ModuleWork, TakenWorkThatIsCancelledMayNotStart) {
  WorkBench bench;
  const auto work = bench.Takes();
  bench.sender->Cancel(bench.id);
  bench.target.LinesUntil("RECEIVED -> CANCELLED (CANCEL)");
  EXPECT_FALSE(bench.target->Start(work));
}

TEST(ModuleWork, OfOneStreamTheNextIsReceivedWhenTheOneBeforeHasEnded) {
  WorkBench bench;
  bench.sender->Send("main", "target", {.payload = "one", .stream_id = "s"});
  bench.sender->Send("main", "target", {.payload = "two", .stream_id = "s"});
  bench.sender->Send("main", "target", {.payload = "three"});
  const auto first = bench.target->Recv(kPatience).value();
  EXPECT_EQ(first.payload, "one");
  EXPECT_EQ(bench.target->Recv(kPatience)->payload, "three");
  bench.target->Succeed(first);
  EXPECT_EQ(bench.target->Recv(kPatience)->payload, "two");
}

// A folder of this test alone, removed at the end.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() / ("cmb-work-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// The target's process ends under work that had begun, and another begins with
// its store: the sender's line must end so.
void ExpectAfterARestart(bool resumable, const std::string& end) {
  const Folder folder;
  RunningRouter router;
  Module sender("sender", router.program());
  const auto begin = [&](SqliteTxStore& store) {
    EndpointOptions options{.channels = router.program().channels(),
                            .ack_ingress = router.program().ack_ingress(),
                            .ack_egress = router.program().ack_egress(),
                            .resumable = resumable,
                            .store = &store};
    return std::make_unique<Module>("target", options);
  };
  {
    SqliteTxStore store(folder.File("records.db"), Durability::kProcess);
    const auto target = begin(store);
    EXPECT_TRUE((*target)->WaitUntilReady(kPatience));
    sender->Send("main", "target", {.payload = "grip"});
    EXPECT_FALSE((*target)->Recv(kPatience).value().resumed);
    sender.LinesUntil("-> EXECUTING (EXECUTION_ACK)");
  }
  SqliteTxStore store(folder.File("records.db"), Durability::kProcess);
  const auto target = begin(store);
  if (resumable) {
    const auto work = (*target)->Recv(kPatience).value();
    EXPECT_TRUE(work.resumed);
    EXPECT_EQ(work.payload, "grip");
    (*target)->Succeed(work);
  }
  sender.LinesUntil(end);
}

TEST(ModuleWork, ResumableWorkComesAgainAfterARestart) {
  ExpectAfterARestart(true, "-> COMPLETED_SUCCESS (EXECUTION_ACK)");
}

TEST(ModuleWork, OtherWorkHasFailedByARestart) {
  ExpectAfterARestart(false, "-> COMPLETED_FAILURE (EXECUTION_ACK)");
}

TEST(ModuleWork, MoreThanAllOfItIsAnError) {
  WorkBench bench;
  const auto work = bench.Receives();
  EXPECT_THROW(bench.target->Report(work, {.percent = 101}), std::invalid_argument);
}

TEST(ModuleWork, DurableWithoutAStoreIsAnError) {
  EXPECT_THROW(ModuleEndpoint({.module_id = "m", .profile = ack::v1::PROFILE_DURABLE}),
               std::invalid_argument);
}

TEST(ModuleWork, TheDefaultPolicyIsThatOfTheOptions) {
  RunningRouter router;
  EndpointOptions options{.channels = router.program().channels(),
                          .ack_ingress = router.program().ack_ingress(),
                          .ack_egress = router.program().ack_egress()};
  options.policy.set_max_retries(0);
  options.policy.set_execution_ms(50);
  Module sender("sender", options);
  Module target("target", router.program());
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  sender->Send("main", "target", {});
  const auto work = target->Recv(kPatience);
  sender.LinesUntil("-> TIMEOUT_ABORT (EXECUTION_TIMEOUT)");
}

TEST(ModuleWork, ACodeThatIsNotAHandlersIsRefused) {
  RunningRouter router;
  Module target("target", router.program());
  for (const auto code :
       {ack::v1::ERROR_CODE_CANCELLED, ack::v1::ERROR_CODE_INTERRUPTED,
        ack::v1::ERROR_CODE_DUPLICATE_DETECTED, static_cast<ack::v1::ErrorCode>(777)}) {
    EXPECT_THROW(target->Fail({}, code), std::invalid_argument);
    EXPECT_THROW(target->Refuse({}, code), std::invalid_argument);
  }
  EXPECT_NO_THROW(target->Fail({}, ack::v1::ERROR_CODE_TOOL_TIMEOUT));
}

TEST(ModuleWork, AtProfileBasicACancelIsRefused) {
  RunningRouter router;
  Module sender("sender", {.channels = router.program().channels(),
                           .ack_ingress = router.program().ack_ingress(),
                           .ack_egress = router.program().ack_egress(),
                           .profile = ack::v1::PROFILE_BASIC});
  EXPECT_THROW(sender->Cancel("m1"), std::invalid_argument);
  EXPECT_FALSE(sender->GetTransaction("m1"));  // It runs on.
}

}  // namespace
}  // namespace cmb::reference
