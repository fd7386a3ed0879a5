// What every kind of event has in common, under one name each: for topics,
// columns and replay.
//
// Free of state; safe from any thread. Spec: chapter "Model and vocabulary",
// events.
#pragma once

#include <cstdint>
#include <string>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

struct EventFacts {
  // transition, retry, progress, anomaly, alert, execution; unknown: a kind
  // that this program does not know.
  std::string kind;
  ack::v1::Role role = ack::v1::ROLE_UNSPECIFIED;  // Alert: sender. Execution: target.
  std::string source;                              // Of the message. Anomaly: empty.
  std::string message_id;
  std::uint64_t monotonic_ms = 0;
};

EventFacts FactsOf(const ack::v1::Event& event);

// cmb.event.<role>.<kind>, in lower case (CMB-OBS-014).
std::string TopicOf(const ack::v1::Event& event);

}  // namespace cmb::reference
