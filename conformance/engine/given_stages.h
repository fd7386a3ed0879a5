// The shortest correct path to each state where a case may begin, as stages: what is done, and
// which move of the record must follow. Pure data. Scenario language, section 3.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

struct GivenStage {
  enum class Act { kSend, kAck, kWait };
  Act act = Act::kWait;
  scenario::Term ack;  // Of kAck.
  // UNSPECIFIED: there is no record yet.
  ack::v1::State from = ack::v1::STATE_UNSPECIFIED;
  ack::v1::State to = ack::v1::STATE_UNSPECIFIED;
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;

  std::string Text() const;  // "DELIVERY_ACK/SUCCESS".
};

// To `state` in an IUT of this role. A sender's required_ack may end the path early.
std::vector<GivenStage> StagesTo(ack::v1::Role role, ack::v1::State state,
                                 const scenario::Policy& policy);

}  // namespace cmb::conformance::engine
