#include "conformance/engine/given_stages.h"

#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using Act = GivenStage::Act;
using ack::v1::AckType;
using ack::v1::ErrorCode;
using ack::v1::Reason;
using ack::v1::State;
using ack::v1::Status;

scenario::Term AckTerm(AckType type, Status status, ErrorCode code = {}) {
  scenario::Term term;
  term.kind = scenario::Term::Kind::kAck;
  term.ack_type = type;
  term.status = status;
  if (code != ack::v1::ERROR_CODE_UNSPECIFIED) {
    term.code = code;
  }
  return term;
}

// Stages one after the other, each from where the one before led.
class Path {
 public:
  void Send(State to, Reason reason = {}) { Add({Act::kSend, {}, at_, to, reason}); }
  void Wait(State to, Reason reason) { Add({Act::kWait, {}, at_, to, reason}); }
  void Ack(AckType type, Status status, State to, Reason reason, ErrorCode code = {}) {
    Add({Act::kAck, AckTerm(type, status, code), at_, to, reason});
  }
  std::vector<GivenStage> Take() { return std::move(stages_); }

 private:
  void Add(GivenStage stage) {
    at_ = stage.to;
    stages_.push_back(std::move(stage));
  }

  State at_ = ack::v1::STATE_UNSPECIFIED;
  std::vector<GivenStage> stages_;
};

void AddExecution(State state, Path& path) {
  constexpr auto kExecution = ack::v1::ACK_TYPE_EXECUTION_ACK;
  constexpr auto kReason = ack::v1::REASON_EXECUTION_ACK;
  if (state == ack::v1::STATE_EXECUTING) {
    path.Ack(kExecution, ack::v1::STATUS_IN_PROGRESS, state, kReason);
  } else if (state == ack::v1::STATE_COMPLETED_SUCCESS) {
    path.Ack(kExecution, ack::v1::STATUS_SUCCESS, state, kReason);
  } else if (state == ack::v1::STATE_COMPLETED_FAILURE) {
    path.Ack(kExecution, ack::v1::STATUS_FAILURE, state, kReason,
             ack::v1::ERROR_CODE_INTERNAL_ERROR);
  } else if (state == ack::v1::STATE_TIMEOUT_ABORT) {
    path.Wait(state, ack::v1::REASON_EXECUTION_TIMEOUT);
  }
}

std::vector<GivenStage> OfSender(State state, const scenario::Policy& policy) {
  Path path;
  const auto reached = [&policy](AckType stage, State state_of_it) {
    return policy.required_ack <= stage ? ack::v1::STATE_COMPLETED_SUCCESS : state_of_it;
  };
  path.Send(ack::v1::STATE_SEND_PENDING, ack::v1::REASON_SEND);
  if (state != ack::v1::STATE_SEND_PENDING) {
    path.Ack(ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATUS_SUCCESS,
             reached(ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATE_ROUTED),
             ack::v1::REASON_ROUTER_ACK);
  }
  if (state != ack::v1::STATE_SEND_PENDING && state != ack::v1::STATE_ROUTED) {
    path.Ack(ack::v1::ACK_TYPE_DELIVERY_ACK, ack::v1::STATUS_SUCCESS,
             reached(ack::v1::ACK_TYPE_DELIVERY_ACK, ack::v1::STATE_DELIVERED),
             ack::v1::REASON_DELIVERY_ACK);
    AddExecution(state, path);
  }
  return path.Take();
}

std::vector<GivenStage> OfRouter(State state, const scenario::Policy& policy) {
  Path path;
  if (state == ack::v1::STATE_REJECTED) {
    path.Send(state);
    return path.Take();
  }
  path.Send(ack::v1::STATE_FORWARDING);
  if (state == ack::v1::STATE_CANCELLED) {
    path.Ack(ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED, state, ack::v1::REASON_CANCEL);
  } else if (state == ack::v1::STATE_DEAD_LETTERED) {
    const bool life_first = policy.ttl * 10 <= policy.delivery_ack * 9;
    path.Wait(state,
              life_first ? ack::v1::REASON_TTL_EXPIRED : ack::v1::REASON_DELIVERY_PHASE_ENDED);
  } else if (state == ack::v1::STATE_DELIVERED || state == ack::v1::STATE_SETTLED) {
    path.Ack(ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS, ack::v1::STATE_DELIVERED,
             ack::v1::REASON_RECEIPT);
  }
  if (state == ack::v1::STATE_SETTLED) {
    path.Ack(ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_SUCCESS, state,
             ack::v1::REASON_EXECUTION_ACK);
  }
  return path.Take();
}

std::vector<GivenStage> OfTarget(State state) {
  Path path;
  path.Send(ack::v1::STATE_RECEIVED);
  if (state == ack::v1::STATE_REJECTED) {
    path.Wait(state, ack::v1::REASON_HANDLER_REFUSED);
    return path.Take();
  }
  if (state != ack::v1::STATE_RECEIVED) {
    path.Wait(ack::v1::STATE_EXECUTING, ack::v1::REASON_HANDLER_STARTED);
  }
  if (state == ack::v1::STATE_SUCCEEDED) {
    path.Wait(state, ack::v1::REASON_HANDLER_SUCCEEDED);
  } else if (state == ack::v1::STATE_FAILED) {
    path.Wait(state, ack::v1::REASON_HANDLER_FAILED);
  } else if (state == ack::v1::STATE_CANCELLED) {
    path.Ack(ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED, state, ack::v1::REASON_CANCEL);
  }
  return path.Take();
}

}  // namespace

std::string GivenStage::Text() const {
  switch (act) {
    case Act::kSend:
      return "the message was sent";
    case Act::kAck:
      return wire::Word(ack.ack_type) +
             (ack.status == ack::v1::STATUS_UNSPECIFIED ? std::string()
                                                        : "/" + wire::Word(*ack.status)) +
             " was handed over";
    case Act::kWait:
      return "its time had come";
  }
  return "";
}

std::vector<GivenStage> StagesTo(ack::v1::Role role, State state, const scenario::Policy& policy) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return OfSender(state, policy);
    case ack::v1::ROLE_ROUTER:
      return OfRouter(state, policy);
    case ack::v1::ROLE_TARGET:
      return OfTarget(state);
    case ack::v1::ROLE_UNSPECIFIED:
    default:  // An open enum.
      return {};
  }
}

}  // namespace cmb::conformance::engine
