// A transition or a retry: what both have in common, the reason that must have been there. Called
// by the rules about causes and timers. Pure.
#pragma once

#include <string>

#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle {

struct Change : Mark {
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;
  std::string text;  // For sentences.
};

Change ChangeOf(const TransitionSeen& seen);
Change ChangeOf(const RetrySeen& seen);

// A router's retry tells of a RECEIPT that did not come: no change that has a cause.
template <typename Function>
void ForEachChange(const History& history, const MessageHistory& message, Function function) {
  for (const TransitionSeen& seen : message.transitions) {
    function(ChangeOf(seen));
  }
  for (const RetrySeen& seen : message.retries) {
    if (history.role() == ack::v1::ROLE_SENDER) {
      function(ChangeOf(seen));
    }
  }
}

}  // namespace cmb::conformance::oracle
