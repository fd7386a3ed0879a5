// What Prometheus scrapes from cmb-router while messages run through it, and what the
// setting `metrics` refuses.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/extras/metrics/sinks_test_scrape.h"
#include "reference/program/program_process_test_driver.h"
#include "reference/program/router_program.h"
#include "reference/shell/shell_test_frames.h"

namespace cmb::reference {
namespace {

using namespace ack::v1;  // Words of the schema alone.

constexpr std::size_t kMain = 0;
constexpr std::size_t kIngress = 1;
constexpr std::size_t kEgress = 2;

// A module that does what the test says and nothing by itself.
class PlainModule {
 public:
  PlainModule(const std::string& id, const std::vector<std::string>& addresses)
      : id_(id), transport_(context_, SocketMap({"main"}), {.routing_id = id}) {
    transport_.Connect(addresses);
    for (const auto socket : {kMain, kIngress}) {  // Now it can be reached on every socket.
      auto ping = MessageHeader("@ping");
      ping.set_msg_type(MSG_TYPE_PING);
      ping.set_source(id);
      ping.set_targets(0, "@router");
      Send(socket, ping);
      Await(socket == kMain ? kMain : kEgress, MSG_TYPE_PONG);
    }
  }

  void Send(std::size_t socket, const CognitiveMessage& header) {
    while (transport_.Send(socket, {}, wire::EncodeHeader(header), zmq::message_t(1)) !=
           SendResult::kSent) {
      ASSERT_LT(Now(), deadline_) << id_ << " has no connection";
      auto items = transport_.PollItems();
      Poll(items, 2);
    }
  }

  void Await(std::size_t socket, MsgType type) {
    CognitiveMessage header;
    do {
      auto items = transport_.PollItems();
      Poll(items, 20);
      if (const auto inbound = transport_.Receive(socket)) {
        static_cast<void>(wire::DecodeHeader(inbound->frames.at(0).to_string_view(), header));
      }
      ASSERT_LT(Now(), deadline_) << id_ << " waits in vain";
    } while (header.msg_type() != type);
  }

 private:
  static std::chrono::steady_clock::time_point Now() { return std::chrono::steady_clock::now(); }

  std::string id_;
  zmq::context_t context_;
  ZmqTransport transport_;
  const std::chrono::steady_clock::time_point deadline_ = Now() + std::chrono::seconds(20);
};

std::vector<std::string> AnyPortsAnd(std::vector<std::string> flags) {
  flags.insert(flags.begin(), {"--channel", "main=0", "--ack-ingress", "0", "--ack-egress", "0"});
  return flags;
}

class RouterWithMetrics : public testing::Test {
 protected:
  void Starts(const std::vector<std::string>& flags = {}) {
    auto all = AnyPortsAnd(flags);
    all.insert(all.end(), {"--metrics", "127.0.0.1:0"});
    process = std::make_unique<ProgramProcess>("cmb-router", all);
    ASSERT_TRUE(process->AwaitOutput("/metrics\n")) << process->output();
    const std::vector<std::string> addresses{After("channel main listens on "),
                                             After("ACK ingress listens on "),
                                             After("ACK egress listens on ")};
    url = After("metrics are at ");
    sender = std::make_unique<PlainModule>("sender", addresses);
    target = std::make_unique<PlainModule>("target", addresses);
  }

  std::string After(const std::string& words) const {
    const auto begin = process->output().find(words) + words.size();
    return process->output().substr(begin, process->output().find('\n', begin) - begin);
  }

  void Sends(const std::string& id) {
    sender->Send(kMain, MessageHeader(id));
    target->Await(kMain, MSG_TYPE_MESSAGE);
  }
  void Answers(AckType type, const std::string& id) {
    target->Send(kIngress, AckHeaderOf("target", "sender", type, STATUS_SUCCESS, id));
  }

  void Shows(const std::string& line) const { EXPECT_EQ(Missing(url, line), ""); }

  std::unique_ptr<ProgramProcess> process;
  std::string url;
  std::unique_ptr<PlainModule> sender;
  std::unique_ptr<PlainModule> target;
};

TEST_F(RouterWithMetrics, ShowsWhereEachMessageStands) {
  Starts({"--records", "77"});
  Sends("m1");
  Shows("pending_acks{role=\"router\",state=\"forwarding\"} 1");
  Shows("ack_buffer_depth{role=\"router\",target=\"target\"} 1");
  Answers(ACK_TYPE_RECEIPT, "m1");
  Shows("pending_acks{role=\"router\",state=\"delivered\"} 1");
  Shows("ack_buffer_depth{role=\"router\",target=\"target\"} 0");
  Answers(ACK_TYPE_EXECUTION_ACK, "m1");
  Shows("pending_acks{role=\"router\",state=\"delivered\"} 0");
  Shows("ack_stage_duration_count{role=\"router\",stage=\"delivered\"} 1");
  Shows("cmb_records{role=\"router\"} 1");
  Shows("cmb_records_limit{role=\"router\"} 77");
}

TEST_F(RouterWithMetrics, CountsTheAcksThatItHandsOver) {
  Starts();
  Sends("m1");
  Answers(ACK_TYPE_RECEIPT, "m1");
  Answers(ACK_TYPE_EXECUTION_ACK, "m1");
  for (const std::string type : {"router_ack", "delivery_ack", "execution_ack"}) {
    Shows("acks_sent_total{ack_type=\"" + type +
          "\",error_code=\"unspecified\",role=\"router\",status=\"success\"} 1");
  }
  Shows("ack_rate_per_second{role=\"router\"} 0.05");
}

TEST_F(RouterWithMetrics, CountsWhatGoesWrong) {
  Starts({"--max-deliveries", "2"});
  auto message = MessageHeader("m1");
  message.mutable_policy()->set_backoff_first_ms(10);
  message.mutable_policy()->set_delivery_ack_ms(500);
  sender->Send(kMain, message);
  Shows("cmb_redeliveries_total{target=\"target\"} 1");
  Shows("cmb_dead_letters 1");
  Shows("cmb_refused_connections_total 0");
  target->Send(kIngress, AckHeaderOf("target", "sender", ACK_TYPE_RECEIPT, STATUS_SUCCESS, "no"));
  Shows("cmb_anomalies_total{kind=\"unknown_message\",role=\"router\"} 1");
}

TEST_F(RouterWithMetrics, AnAddressThatIsTakenIsOneSentenceAndExitCode2) {
  Starts();
  const auto address = After("metrics are at http://").substr(0, url.find("/metrics") - 7);
  ProgramProcess router("cmb-router", AnyPortsAnd({"--metrics", address}));
  EXPECT_EQ(router.ExitCode(), 2);
  EXPECT_EQ(router.output(),
            "cmb-router: metrics: cannot listen on " + address +
                ": Address already in use; name an address of this machine with a free port, for "
                "example 127.0.0.1:9464, or with port 0 for any\n");
}

TEST(MetricsSetting, AHostThatIsNotThereIsExitCode2) {
  ProgramProcess router("cmb-router", AnyPortsAnd({"--metrics", "nobody.invalid:0"}));
  EXPECT_EQ(router.ExitCode(), 2);
  EXPECT_NE(router.output().find("nobody.invalid:0: there is no such host"), std::string::npos)
      << router.output();
}

TEST(MetricsSetting, WhatIsNoAddressIsWrongUse) {
  for (const std::string text : {"9464", "127.0.0.1:", "127.0.0.1:65536", ":9464", "[::1]:9464",
                                 "127.0.0.1:443s", "127.0.0.1:1,127.0.0.1:2", "http://a:1"}) {
    ProgramProcess router("cmb-router", AnyPortsAnd({"--metrics", text}));
    EXPECT_EQ(router.ExitCode(), 64) << text;
    EXPECT_NE(router.output().find("metrics: \"" + text + "\" is not HOST:PORT"), std::string::npos)
        << router.output();
  }
}

TEST(MetricsSetting, WarnsWhereOthersCanReadThem) {
  ProgramProcess router("cmb-router", AnyPortsAnd({"--metrics", "0.0.0.0:0"}));
  EXPECT_TRUE(router.AwaitOutput("metrics CAN BE READ FROM OTHER MACHINES")) << router.output();
}

TEST(MetricsSetting, WithoutItNoPortIsOpen) {
  RouterProgram router({.channels = {{"main", "tcp://127.0.0.1:*"}},
                        .ack_ingress = "tcp://127.0.0.1:*",
                        .ack_egress = "tcp://127.0.0.1:*",
                        .settings = {}});
  EXPECT_EQ(router.metrics_url(), "");
}

}  // namespace
}  // namespace cmb::reference
