// What Prometheus scrapes from a program that gives its endpoints metrics.
#include <gtest/gtest.h>

#include "reference/endpoint/module_test_driver.h"
#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/extras/metrics/metrics_server.h"
#include "reference/extras/metrics/sinks_test_scrape.h"

namespace cmb::reference {
namespace {

// A module's options, and the page on which its metrics are.
struct Measured {
  EndpointOptions Options(EndpointOptions options) {
    options.metrics = &metrics;
    return options;
  }
  void Shows(const std::string& line) const { EXPECT_EQ(Missing(server.url(), line), ""); }

  MetricsEventSink metrics;
  MetricsServer server{"127.0.0.1:0", metrics.collectable()};
};

EndpointOptions At(const RouterProgram& router) {
  return {.channels = router.channels(),
          .ack_ingress = router.ack_ingress(),
          .ack_egress = router.ack_egress()};
}

TEST(ModuleMetrics, TellWhatBecameOfAMessageAtBothEnds) {
  RunningRouter router;
  Measured of_sender;
  Measured of_target;
  Module target("target", of_target.Options(At(router.program())));
  Module sender("sender", of_sender.Options(At(router.program())));
  ASSERT_TRUE(target->WaitUntilReady(kPatience));
  sender->Send("main", "target", {.payload = "grip"});
  const auto work = target->Take(kPatience);
  ASSERT_TRUE(work);
  of_target.Shows("pending_acks{role=\"target\",state=\"received\"} 1");
  target->Start(*work);
  of_target.Shows("pending_acks{role=\"target\",state=\"executing\"} 1");
  of_sender.Shows("pending_acks{role=\"sender\",state=\"executing\"} 1");
  target->Succeed(*work);
  of_target.Shows("pending_acks{role=\"target\",state=\"executing\"} 0");
  of_target.Shows("ack_stage_duration_count{role=\"target\",stage=\"executing\"} 1");
  for (const std::string ack :
       {"receipt\",error_code=\"unspecified\",role=\"target\",status=\"success",
        "execution_ack\",error_code=\"unspecified\",role=\"target\",status=\"in_progress",
        "execution_ack\",error_code=\"unspecified\",role=\"target\",status=\"success"}) {
    of_target.Shows("acks_sent_total{ack_type=\"" + ack + "\"} 1");
  }
  of_target.Shows("cmb_records{role=\"target\"} 1");
  of_sender.Shows("end_to_end_latency_count{outcome=\"completed_success\"} 1");
  of_sender.Shows("ack_success_rate 1");
  of_sender.Shows("ack_retry_rate 0");
  of_sender.Shows("ack_timeout_rate 0");
  of_sender.Shows("pending_acks{role=\"sender\",state=\"executing\"} 0");
}

// Where nobody listens.
EndpointOptions Nowhere() {
  const std::string address = "ipc://" + testing::TempDir() + "cmb-nobody-listens-here";
  return {.channels = {{"main", address}}, .ack_ingress = address, .ack_egress = address};
}

TEST(ModuleMetrics, TellWhatWaitsForAConnection) {
  Measured of_sender;
  Module sender("sender", of_sender.Options(Nowhere()));
  sender->Send("main", "target", {.payload = "grip"});
  of_sender.Shows("ack_buffer_depth{role=\"sender\",target=\"\"} 1");
  of_sender.Shows("ack_buffer_depth{role=\"target\",target=\"\"} 0");
  of_sender.Shows("cmb_records_limit{role=\"sender\"} 1048576");
}

TEST(ModuleMetrics, CanBeAskedWhenTheEndpointIsGone) {
  Measured of_sender;
  {
    Module sender("sender", of_sender.Options(Nowhere()));
    sender->Send("main", "target", {.payload = "grip"});
  }
  of_sender.Shows("cmb_records{role=\"sender\"} 1");
}

}  // namespace
}  // namespace cmb::reference
