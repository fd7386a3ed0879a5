// The settings of a case and what is claimed, as the configurations of the
// cores. What is absent keeps the core's own default (CMB-CTL-010). What is
// claimed is done, and no more: CMB-VER-002, CMB-VER-012.
//
// Called by IutRole. Free of state. Spec: chapter "The control channel",
// settings.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "cmb/control/v1/control.pb.h"
#include "reference/endpoint/endpoint_shell.h"
#include "reference/harness/claims.h"
#include "reference/lifecycle/backoff.h"
#include "reference/router/router_shell.h"

namespace cmb::reference {

// A duration that the runner gives, which gives none above 2^53 - 1: sums stay within 63 bits. Only
// lives and holds are cut to a hundred years (7.3).
constexpr lifecycle::Duration GivenMs(std::uint64_t ms) {
  return lifecycle::Duration{
      static_cast<lifecycle::Duration::rep>(std::min<std::uint64_t>(ms, (1ULL << 53) - 1))};
}

EndpointSettings EndpointSettingsOf(const control::v1::Settings& settings, const Claims& claims,
                                    const std::string& module_id, Plays plays);
RouterSettings RouterSettingsOf(const control::v1::Settings& settings, const Claims& claims);
lifecycle::JitterSource JitterOf(const control::v1::Settings& settings);

}  // namespace cmb::reference
