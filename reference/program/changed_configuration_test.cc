// cmb-router starts again with less than its store speaks of: a channel, a profile.
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/program/program_process_test_driver.h"
#include "reference/shell/frame_parcel.h"
#include "reference/shell/image_codec.h"
#include "reference/shell/test_headers.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

using lifecycle::State;

// A message that came on the channel `extra`, as an earlier process left it.
void Keep(SqliteTxStore& store, const std::string& id, State state) {
  auto parcel = PayloadParcel("payload");
  parcel->header = MessageHeader(id);
  lifecycle::RouterImage image;
  auto& record = image.record;
  record.key = {lifecycle::ModuleId("sender"), lifecycle::MessageId(id)};
  record.target = lifecycle::ModuleId("target");
  record.channel = lifecycle::ChannelName("extra");
  record.state = state;
  record.attempt = 1;
  record.forwarding = state == State::kForwarding;
  record.dead_letter = state == State::kDeadLettered;
  record.parcel = parcel;
  TxEntry entry;
  entry.record.set_role(ack::v1::ROLE_ROUTER);
  entry.record.set_source("sender");
  entry.record.set_message_id(id);
  entry.image = EncodeImage(image);
  entry.frames = EncodeFrames(parcel);
  store.Put(std::move(entry));
}

class ChangedRouter : public testing::TestWithParam<const char*> {};

TEST_P(ChangedRouter, EndsWhatWasForAChannelThatIsGoneAndSaysSo) {
  const FreshDirectory directory;
  const std::string path = directory.File("store.db");
  {
    SqliteTxStore store(path, Durability::kProcess);
    Keep(store, "m1", State::kForwarding);
    Keep(store, "m2", State::kDelivered);
    Keep(store, "m3", State::kDeadLettered);
    store.Commit();
  }
  for (int start = 0; start < 2; ++start) {
    ProgramProcess router(
        "cmb-router", {"--channel", "main=0", "--ack-ingress", "0", "--ack-egress", "0", "--store",
                       path, "--profile", GetParam()});
    ASSERT_TRUE(router.AwaitOutput("ACK egress listens on")) << router.output();
    const std::string why =
        "[m1] is a dead letter: CHANNEL_MISMATCH, its channel extra is configured no more (from "
        "sender to target on extra)\n";
    EXPECT_EQ(router.output().find(why) != std::string::npos, start == 0) << router.output();
    router.Signal(SIGTERM);
    EXPECT_EQ(router.ExitCode(), 0) << router.output();
  }
}

INSTANTIATE_TEST_SUITE_P(, ChangedRouter, testing::Values("DURABLE", "TRACKED", "BASIC"));

}  // namespace
}  // namespace cmb::reference
