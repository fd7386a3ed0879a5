#include "conformance/scenario/model.h"

#include "cmb/ack/v1/vocabulary.pb.h"
#include "conformance/scenario/builder.h"

namespace cmb::conformance::scenario {
namespace {

// Whom a router sends a frame of that kind.
std::string ReceiverFromRouter(const Term& term, const Message& message) {
  const bool to_target = term.kind == Term::Kind::kMessage ||
                         (term.kind == Term::Kind::kAck && term.ack_type == words::ACK_TYPE_CANCEL);
  return to_target ? message.to : message.from;
}

}  // namespace

// Out of line because a Step is complete only after its parts; clang 14 wants its own there too.
bool Advance::operator==(const Advance&) const = default;
bool Batch::operator==(const Batch&) const = default;
bool Together::operator==(const Together&) const = default;
bool Branch::operator==(const Branch&) const = default;
bool OneOf::operator==(const OneOf&) const = default;
bool Step::operator==(const Step&) const = default;

std::string RightfulAuthor(words::Role role, const Term& term, const Message& message) {
  switch (term.ack_type) {
    case words::ACK_TYPE_ROUTER_ACK:
    case words::ACK_TYPE_DELIVERY_ACK:
      return "router";
    case words::ACK_TYPE_TIMEOUT:
      return role == words::ROLE_ROUTER ? message.from : "router";
    case words::ACK_TYPE_CANCEL:
      return message.from;
    case words::ACK_TYPE_EXECUTION_ACK:
    case words::ACK_TYPE_PROGRESS_ACK:
    case words::ACK_TYPE_RECEIPT:
      return message.to;
    case words::ACK_TYPE_UNSPECIFIED:
    case words::AckType_INT_MIN_SENTINEL_DO_NOT_USE_:
    case words::AckType_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "router";
}

bool IsFrame(const Term& term) {
  return term.kind == Term::Kind::kMessage || term.kind == Term::Kind::kAck ||
         term.kind == Term::Kind::kPing || term.kind == Term::Kind::kPong ||
         term.kind == Term::Kind::kReply || term.kind == Term::Kind::kAny;
}

bool LeavesBy(words::Role role, Term::Kind kind, const std::string& socket) {
  const std::string acks = role == words::ROLE_ROUTER ? "ack_egress" : "ack_ingress";
  const bool is_channel = socket != "ack_ingress" && socket != "ack_egress";
  const bool anywhere = kind == Term::Kind::kPing || kind == Term::Kind::kPong;
  return is_channel ? kind != Term::Kind::kAck
                    : socket == acks && (anywhere || kind == Term::Kind::kAck);
}

std::string PathOf(words::Role role, const Expectation& member, const Message& message) {
  if (member.term.kind == Term::Kind::kTransition) {
    return "transitions";
  }
  const bool is_message = member.term.kind == Term::Kind::kMessage;
  const bool at_router = role == words::ROLE_ROUTER;
  std::string socket = is_message ? "main" : at_router ? "ack_egress" : "ack_ingress";
  socket = member.on.empty() ? socket : member.on;
  std::string receiver = at_router ? ReceiverFromRouter(member.term, message) : "router";
  receiver = member.to.empty() ? receiver : member.to;
  return socket + " to " + receiver;
}

}  // namespace cmb::conformance::scenario
