// A transition or a retry: what both have in common, the reason that must have been there. Called
// by the rules about causes and timers. Pure.
#pragma once

#include <string>

#include "conformance/oracle/facts.h"

namespace cmb::conformance::oracle {

struct Change : Mark {
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;
  std::string text;  // For sentences.
};

Change ChangeOf(const TransitionSeen& seen);
Change ChangeOf(const RetrySeen& seen);

// A router's retry tells of a RECEIPT that did not come: no change that has a cause.
template <typename Function>
void ForEachChange(const Facts& facts, const Story& story, Function function) {
  for (const TransitionSeen& seen : story.transitions) {
    function(ChangeOf(seen));
  }
  for (const RetrySeen& seen : story.retries) {
    if (facts.role() == ack::v1::ROLE_SENDER) {
      function(ChangeOf(seen));
    }
  }
}

}  // namespace cmb::conformance::oracle
