// What the steps share. One thread.
#pragma once

#include "conformance/smoke/probe.h"

namespace cmb::conformance::smoke {

// That waits for no frame. REQUIRES: probe.Begin() succeeded.
inline control::v1::Request AdvanceTo(Probe& probe, std::uint64_t to_ms,
                                      control::v1::Fire fire = control::v1::FIRE_NONE) {
  control::v1::Request request;
  request.mutable_advance()->set_after_received(probe.session().injected());
  request.mutable_advance()->set_to_ms(to_ms);
  request.mutable_advance()->set_fire(fire);
  return request;
}

// Begins, and what `then` finds; not tried where it cannot begin.
template <typename Then>
Finding Begun(Probe& probe, Then then) {
  if (!probe.Begin()) {
    return NotTried("it does not get through Begin");
  }
  return then();
}

// There, or missing as the trouble says, after which the process goes.
template <typename Value>
Finding Checked(Probe& probe, Result<Value>& result, std::string_view requirement) {
  if (result) {
    return {};
  }
  Finding finding = Missing(result.trouble(), requirement);
  probe.Drop();
  return finding;
}

}  // namespace cmb::conformance::smoke
