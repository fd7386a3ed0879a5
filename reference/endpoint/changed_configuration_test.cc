// A module starts again with less than its store speaks of: channels, features, profile.
#include <gtest/gtest.h>

#include <algorithm>

#include "reference/endpoint/module_test_driver.h"
#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

// Where nobody is.
constexpr const char* kNobody = "tcp://127.0.0.1:1";

EndpointOptions On(const std::string& channel, TxStore& store) {
  return {.channels = {{channel, kNobody}},
          .ack_ingress = kNobody,
          .ack_egress = kNobody,
          .store = &store};
}

TEST(ChangedConfiguration, AMessageWhoseChannelIsGoneEndsAndItsReasonIsTold) {
  const FreshDirectory directory;
  const std::string path = directory.File("store.db");
  std::string id;
  {
    SqliteTxStore store(path, Durability::kProcess);
    Module before("sender", On("main", store));
    ack::v1::DeliveryPolicy policy;
    policy.set_router_ack_ms(200);
    policy.set_max_retries(1);
    policy.set_backoff_first_ms(1);
    policy.add_channels("main");
    id = before->Send("main", "target", {.stream_id = "stream", .sequence = 1}, policy);
  }
  SqliteTxStore store(path, Durability::kProcess);
  auto options = On("other", store);
  options.profile = ack::v1::PROFILE_BASIC;
  options.features = {.conditional_ack = false,
                      .ordered = false,
                      .fallback = false,
                      .circuit_breaker = false,
                      .batch_ack = false};
  Module after("sender", options);
  const auto lines = after.LinesUntil("SEND_PENDING -> TIMEOUT_ABORT (ROUTER_ACK_TIMEOUT)");
  const std::string told =
      "[" + id + "] anomaly UNDELIVERABLE from sender: its channel main is configured no more";
  EXPECT_NE(std::find(lines.begin(), lines.end(), told), lines.end());
}

}  // namespace
}  // namespace cmb::reference
