// Whether a reply fits its request, counts apart (these are the ledger's). Pure functions; any
// thread. Spec: chapter control channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmb/control/v1/control.pb.h"
#include "conformance/control/result.h"

namespace cmb::conformance {

// Acts of the application and questions about it: what an engine may ask for between two Advances.
bool IsAct(const control::v1::Request& request);

// What is wrong with `reply`; absent: it fits. `now_ms`: where the clock stood before `request`.
std::optional<Fault> FaultOfReply(const control::v1::Request& request,
                                  const control::v1::Reply& reply, std::uint64_t now_ms,
                                  bool fresh);

}  // namespace cmb::conformance
