// The reasons that the tables of spec/machines give for each change of state. Called by the rules
// about transition events. Pure; any thread. Spec: 4.5, 5.8, 6.3.
#pragma once

#include <vector>

#include "cmb/ack/v1/vocabulary.pb.h"

namespace cmb::conformance::oracle {

struct ReasonRow {
  ack::v1::Role role;
  ack::v1::State old_state, new_state;
  std::vector<ack::v1::Reason> reasons;
};

// One row for each pair of states that a machine of this profile joins. Beyond the tables stands
// only what a later profile adds to a pair.
const std::vector<ReasonRow>& ReasonRows();

// Null: the tables do not join the two.
const ReasonRow* ReasonsOf(ack::v1::Role role, ack::v1::State old_state, ack::v1::State new_state);

}  // namespace cmb::conformance::oracle
