// Which changes of state the tables have, and for which reasons. Pure; any thread.
#pragma once

#include <set>

#include "cmb/ack/v1/record.pb.h"
#include "cmb/ack/v1/vocabulary.pb.h"

namespace cmb::conformance::oracle::tables {

// Empty: the machine of the role has no such change.
std::set<ack::v1::Reason> ReasonsOf(ack::v1::Role role, ack::v1::State from, ack::v1::State to);

}  // namespace cmb::conformance::oracle::tables
