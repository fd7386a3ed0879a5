// The programs of reference/examples as child processes around cmb-router.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reference/program/program_process_test_driver.h"

namespace cmb::reference {
namespace {

// cmb-router on ports that the system chose, and how others get there.
class Router {
 public:
  Router()
      : process_("cmb-router", {"--channel", "main=0", "--ack-ingress", "0", "--ack-egress", "0"}) {
    EXPECT_TRUE(process_.AwaitOutput("ACK egress listens on tcp://127.0.0.1:"));
    EXPECT_TRUE(process_.AwaitOutput("\n"));
  }

  std::vector<std::string> Variables() const {
    return {"CMB_CHANNELS=main=" + After("channel main listens on "),
            "CMB_ACK_INGRESS=" + After("ACK ingress listens on "),
            "CMB_ACK_EGRESS=" + After("ACK egress listens on ")};
  }

 private:
  std::string After(const std::string& words) const {
    const std::string& log = process_.output();
    const auto start = log.find(words);
    EXPECT_NE(start, std::string::npos) << words << " in\n" << log;
    const auto from = start + words.size();
    return log.substr(
        from, log.find_first_not_of("0123456789./:abcdefghijklmnopqrstuvwxyz", from) - from);
  }

  ProgramProcess process_;
};

TEST(Examples, ExecutiveSeesBothAcksTheProgressAndTheTransactionDone) {
  const Router router;
  ProgramProcess behavior("example-behavior", {}, router.Variables());
  ASSERT_TRUE(behavior.AwaitOutput("behavior is ready")) << behavior.output();
  ProgramProcess executive("example-executive", {}, router.Variables());
  EXPECT_EQ(executive.ExitCode(), 0);
  const std::string& said = executive.output();
  // A stage may be overtaken by a later one, which says it too.
  EXPECT_NE(said.find("] IDLE -> SEND_PENDING (SEND)"), std::string::npos) << said;
  EXPECT_NE(said.find("progress"), std::string::npos) << said;
  EXPECT_NE(said.find("-> COMPLETED_SUCCESS (EXECUTION_ACK)"), std::string::npos) << said;
  EXPECT_NE(said.find(" is DONE\n"), std::string::npos) << said;
  EXPECT_TRUE(behavior.AwaitOutput("-> SUCCEEDED (HANDLER_SUCCEEDED)")) << behavior.output();
}

TEST(Examples, WithoutABehaviorTheTransactionHasFailed) {
  const Router router;
  ProgramProcess executive("example-executive", {}, router.Variables());
  EXPECT_EQ(executive.ExitCode(), 1);
  EXPECT_NE(executive.output().find("-> COMPLETED_FAILURE (ROUTER_ACK)"), std::string::npos);
  EXPECT_NE(executive.output().find(" is FAILED_NACK\n"), std::string::npos);
}

}  // namespace
}  // namespace cmb::reference
