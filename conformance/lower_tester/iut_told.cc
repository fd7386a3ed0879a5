// What a router IUT without data sockets is told of its modules: who comes and goes, and whose
// queue in ZeroMQ is full.
#include <fmt/format.h>

#include <utility>

#include "conformance/lower_tester/iut_session.h"

namespace cmb::conformance {

Result<Exchange> IutSession::Announce(const std::string& module, bool connected) {
  control::v1::Request request;
  request.mutable_connection()->set_module(module);
  request.mutable_connection()->set_connected(connected);
  return Announce(std::move(request));
}

// The exchange reads like one that proved it over sockets.
Result<Exchange> IutSession::Announce(control::v1::Request request) {
  auto exchange = Transact(std::move(request));
  if (exchange) {
    exchange->request.mutable_advance()->set_to_ms(ToMs(now_));
    exchange->request.mutable_advance()->set_after_received(ledger_.injected());
    exchange->request.mutable_advance()->set_fire(control::v1::FIRE_NONE);
  }
  return exchange;
}

Result<Exchange> IutSession::Fill(const std::string& module, bool full) {
  if (!sockets_->Fill(module, full)) {
    return MakeTrouble(TroubleKind::kMisuse,
                       fmt::format("{} has no queue: it is not there", module), *child_);
  }
  control::v1::Request request;
  request.mutable_queue()->set_module(module);
  request.mutable_queue()->set_full(full);
  return Announce(std::move(request));
}

// A harness may be older than the request, and one of JSON then cannot even tell its seq. Asked by
// what changes nothing.
std::optional<Trouble> IutSession::CannotFill() {
  if (settings_.fills.empty()) {
    return std::nullopt;
  }
  auto asked = Fill(settings_.fills.front(), false);
  if (asked) {
    return std::nullopt;
  }
  Trouble trouble = std::move(asked).trouble();
  if (trouble.code == control::v1::ERROR_KIND_BAD_REQUEST ||
      trouble.code == control::v1::ERROR_KIND_UNSUPPORTED) {
    trouble.kind = TroubleKind::kUnsupported;
    trouble.requirement.clear();
    trouble.sentence = "the case fills a queue of ZeroMQ, of which the harness cannot be told: " +
                       trouble.sentence;
  }
  return trouble;
}

}  // namespace cmb::conformance
