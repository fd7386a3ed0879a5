// What a harness may break on the control channel, and which sentence of chapter 10 says so. Used
// by the control client. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>
#include <zmq.hpp>

#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance {

inline constexpr std::uint32_t kSchemaVersion = 1;  // Of cmb.ack.v1, that is tested.

inline constexpr char kHelloFirst[] = "CMB-CTL-001";
inline constexpr char kOnePart[] = "CMB-CTL-002";
inline constexpr char kOneLine[] = "CMB-CTL-043";
inline constexpr char kOneReply[] = "CMB-CTL-003";

// The one frame of `frames` as a message of the harness, or what is wrong with it.
std::variant<control::v1::FromHarness, std::string> Parse(
    const std::vector<zmq::message_t>& frames);

// The sentence that says what a harness does on this request, and that it answers with an error of
// this kind only where it must: the runner steps over no deadline that it was told.
std::string RequirementOf(const control::v1::Request& request, control::v1::ErrorKind kind);

// Why `pics` cannot be what a harness means to say. Absent: it is complete.
std::optional<std::string> FaultOf(const control::v1::Pics& pics);

// Why this is not the reply to `request`, which is called `name`. Absent: it is.
std::optional<std::string> Stray(const control::v1::Reply& reply,
                                 const control::v1::Request& request, const std::string& name);

}  // namespace cmb::conformance
