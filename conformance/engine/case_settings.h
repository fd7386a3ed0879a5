// What a case asks of the bench: the words of `config` and `peers` as settings
// of the control channel. Called by RunCase. Pure. Scenario language, section 1.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/lower_tester/bench.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

CaseSettings SettingsOf(const scenario::Case& scenario, const std::string& id_prefix,
                        std::uint64_t seed);

// Module id of the IUT: "sender", "target", "@router".
std::string ModuleIdOf(ack::v1::Role role);

// The sockets of the implementation under test, an endpoint's of two routers included.
SocketLayout LayoutOf(const scenario::Case& scenario);

}  // namespace cmb::conformance::engine
