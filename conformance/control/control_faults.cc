#include "conformance/control/control_faults.h"

#include <fmt/format.h>

#include <algorithm>

namespace cmb::conformance {
namespace {

using control::v1::FromHarness;
using control::v1::Pics;
using control::v1::Reply;
using control::v1::Request;

// The sentence that says what a harness does on this request.
std::string RequirementOf(const Request& request) {
  switch (request.request_case()) {
    case Request::kConfigure:
      return "CMB-CTL-010";
    case Request::kBegin:
      return "CMB-CTL-008";
    case Request::kReset:
      return "CMB-CTL-009";
    case Request::kAdvance:
      return "CMB-CTL-012";
    case Request::kSend:
    case Request::kCancel:
    case Request::kGetTransaction:
    case Request::kTimers:
      return "CMB-CTL-015";
    case Request::kScriptExecution:
      return "CMB-CTL-017";
    case Request::kWallJump:
      return "CMB-CTL-020";
    case Request::kConnection:
      return "CMB-CTL-041";
    case Request::kQueue:
      return "CMB-CTL-046";
    case Request::kShutdown:
      return "CMB-CTL-023";
    case Request::REQUEST_NOT_SET:
      return kOneReply;
  }
  return kOneReply;
}

}  // namespace

std::variant<FromHarness, std::string> Parse(const std::vector<zmq::message_t>& frames) {
  if (frames.size() != 1) {
    return fmt::format("{} frames on the control channel instead of 1", frames.size());
  }
  FromHarness message;
  if (!message.ParseFromArray(frames[0].data(), static_cast<int>(frames[0].size()))) {
    return fmt::format("{} bytes on the control channel that are no FromHarness", frames[0].size());
  }
  if (message.message_case() == FromHarness::MESSAGE_NOT_SET) {
    return std::string("a message on the control channel that is neither Hello nor Reply");
  }
  return message;
}

std::string RequirementOf(const Request& request, control::v1::ErrorKind kind) {
  return kind == control::v1::ERROR_KIND_OVERSTEP ? "CMB-CTL-014" : RequirementOf(request);
}

std::optional<std::string> FaultOf(const Pics& pics) {
  if (pics.name().empty() || pics.version().empty()) {
    return "names no implementation or no version";
  }
  if (pics.schema_versions().empty() || pics.roles().empty()) {
    return "claims no role or no schema version";
  }
  const auto& versions = pics.schema_versions();
  if (std::find(versions.begin(), versions.end(), kSchemaVersion) == versions.end()) {
    return fmt::format(
        "claims schema_versions [{}]; expected {} among them, the one that is tested",
        fmt::join(versions, ", "), kSchemaVersion);
  }
  return std::nullopt;
}

std::optional<std::string> Stray(const Reply& reply, const Request& request,
                                 const std::string& name) {
  // Who reads JSON and does not know the request can decode none of it.
  if (request.has_queue() && reply.has_error() && reply.seq() == 0 && reply.epoch() == 0) {
    return std::nullopt;
  }
  if (reply.seq() != 0 && reply.seq() < request.seq()) {
    return fmt::format("a second Reply to request {} came instead of the one to {}, which is {}",
                       reply.seq(), name, request.seq());
  }
  if (reply.seq() != request.seq()) {
    return fmt::format("the Reply is to request {}, but {} is {}", reply.seq(), name,
                       request.seq());
  }
  if (reply.epoch() != request.epoch()) {
    return fmt::format("the Reply to {} is of epoch {} instead of {}", name, reply.epoch(),
                       request.epoch());
  }
  return std::nullopt;
}

}  // namespace cmb::conformance
