#include "conformance/lower_tester/reply_check.h"

#include <fmt/format.h>

namespace cmb::conformance {
namespace {

constexpr char kActs[] = "CMB-CTL-015";

}  // namespace

bool IsAct(const control::v1::Request& request) {
  return request.has_send() || request.has_cancel() || request.has_script_execution() ||
         request.has_get_transaction() || request.has_timers() || request.has_wall_jump();
}

std::optional<Fault> FaultOfReply(const control::v1::Request& request,
                                  const control::v1::Reply& reply, std::uint64_t now_ms,
                                  bool fresh) {
  const std::uint64_t expected = request.has_advance() ? request.advance().to_ms() : now_ms;
  // The reply to Reset still speaks of the case before.
  if (!request.has_reset() && reply.now_ms() != expected) {
    return Fault{fmt::format("now_ms is {} instead of {}", reply.now_ms(), expected),
                 fresh                   ? "CMB-CTL-027"
                 : request.has_advance() ? "CMB-CTL-012"
                                         : "CMB-CTL-011"};
  }
  if (request.has_send() && !reply.has_error() && reply.sent_message().message_id().empty()) {
    return Fault{"there is no message_id", kActs};
  }
  if (request.has_get_transaction() && !reply.has_transaction()) {
    return Fault{"there is no transaction", kActs};
  }
  if (request.has_timers() && !reply.has_timers()) {
    return Fault{"there are no timers", kActs};
  }
  return std::nullopt;
}

}  // namespace cmb::conformance
