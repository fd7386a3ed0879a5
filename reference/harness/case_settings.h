// The settings of a case and what is claimed, as the configurations of the
// cores. What is absent keeps the core's own default (CMB-CTL-010). What is
// claimed is done, and no more: CMB-VER-002, CMB-VER-012.
//
// Called by IutRole. Free of state. Spec: chapter "The control channel",
// settings.
#pragma once

#include <string>

#include "cmb/control/v1/control.pb.h"
#include "reference/endpoint/endpoint_shell.h"
#include "reference/harness/claims.h"
#include "reference/lifecycle/backoff.h"
#include "reference/router/router_shell.h"

namespace cmb::reference {

EndpointSettings EndpointSettingsOf(const control::v1::Settings& settings, const Claims& claims,
                                    const std::string& module_id, Plays plays);
RouterSettings RouterSettingsOf(const control::v1::Settings& settings, const Claims& claims);
lifecycle::JitterSource JitterOf(const control::v1::Settings& settings);

}  // namespace cmb::reference
