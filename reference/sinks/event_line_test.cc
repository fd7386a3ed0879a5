// The line form of events (CMB-OBS-018, CMB-OBS-019).
#include "reference/sinks/event_line.h"

#include <gtest/gtest.h>

#include "reference/sinks/sinks_test_events.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;

TEST(EventLine, TransitionIsIdStatesAndReason) {
  EXPECT_EQ(EventLine(Routed(1)), "[abc-123] SEND_PENDING -> ROUTED (ROUTER_ACK)");
}

TEST(EventLine, AnomalyWithoutIdStillNamesItsPeer) {
  Event event;
  event.mutable_anomaly()->set_kind(ack::v1::ANOMALY_KIND_MALFORMED);
  event.mutable_anomaly()->set_peer("sender");
  event.mutable_anomaly()->set_note("3 frames");
  EXPECT_EQ(EventLine(event), "[-] anomaly MALFORMED from sender: 3 frames");
}

std::string LineOfId(const std::string& message_id) {
  Event event = Routed(1);
  event.mutable_transition()->set_message_id(message_id);
  return EventLine(event);
}

TEST(EventLine, AnIdMakesNoLinesAndNoEscapeSequences) {
  EXPECT_EQ(LineOfId("a\nb"), "[a\\x0ab] SEND_PENDING -> ROUTED (ROUTER_ACK)");
  EXPECT_EQ(LineOfId("\x1b[31m\x7f"), "[\\x1b[31m\\x7f] SEND_PENDING -> ROUTED (ROUTER_ACK)");
  EXPECT_EQ(LineOfId("a\\x0a"), "[a\\\\x0a] SEND_PENDING -> ROUTED (ROUTER_ACK)");
}

TEST(EventLine, Utf8StaysAndOtherBytesAreEscaped) {
  EXPECT_EQ(LineOfId("\u00e9\u20ac"), "[\u00e9\u20ac] SEND_PENDING -> ROUTED (ROUTER_ACK)");
  EXPECT_EQ(LineOfId("\xff\xc3"), "[\\xff\\xc3] SEND_PENDING -> ROUTED (ROUTER_ACK)");
}

}  // namespace
}  // namespace cmb::reference
