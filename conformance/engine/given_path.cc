#include "conformance/engine/given_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Given;
using State = ack::v1::State;

scenario::Work WorkFor(State state) {
  scenario::Work work;
  if (state == ack::v1::STATE_EXECUTING || state == ack::v1::STATE_CANCELLED) {
    work.starts = scenario::Milliseconds(0);
    work.ends = scenario::Work::End::kNever;
  } else if (state == ack::v1::STATE_FAILED) {
    work.ends = scenario::Work::End::kFailure;
    work.code = ack::v1::ERROR_CODE_INTERNAL_ERROR;
  } else if (state == ack::v1::STATE_REJECTED) {
    work.ends = scenario::Work::End::kRejected;
    work.code = ack::v1::ERROR_CODE_PERMISSION_DENIED;
  }
  return work;
}

bool TargetHasIt(ack::v1::Role role, State state) {
  return state == ack::v1::STATE_DELIVERED ||
         (role == ack::v1::ROLE_SENDER && state == ack::v1::STATE_EXECUTING);
}

// How far a sender's path goes: the number of stages after the send.
int StagesOf(State state) {
  if (state == ack::v1::STATE_SEND_PENDING) {
    return 0;
  }
  return state == ack::v1::STATE_ROUTED ? 1 : 2;
}

}  // namespace

void PrepareGiven(scenario::Case& scenario) {
  for (const Given& given : scenario.given) {
    const auto found = scenario.messages.find(given.alias);
    if (!given.state || found == scenario.messages.end()) {
      continue;
    }
    scenario::Message& message = found->second;
    if (scenario.role == ack::v1::ROLE_SENDER && *given.state == ack::v1::STATE_TIMEOUT_ABORT) {
      message.policy.max_retries = 0;
    }
    if (scenario.role == ack::v1::ROLE_ROUTER && *given.state == ack::v1::STATE_REJECTED &&
        message.to == "target") {
      message.to = kNobody;
    }
    if (scenario.role == ack::v1::ROLE_TARGET && message.work == scenario::Work{}) {
      message.work = WorkFor(*given.state);
    }
  }
}

GivenPath::GivenPath(const scenario::Case& scenario, FrameFactory& factory, Actor& actor,
                     Facts& facts, const MessageBook& book, const Window& window,
                     Timeline& timeline, Peers& peers)
    : scenario_(scenario),
      factory_(factory),
      actor_(actor),
      facts_(facts),
      book_(book),
      window_(window),
      timeline_(timeline),
      peers_(peers) {}

MaybeHalt GivenPath::Ack(const std::string& alias, ack::v1::AckType type, ack::v1::Status status,
                         ack::v1::ErrorCode code) {
  scenario::AckAct act;
  act.term.kind = scenario::Term::Kind::kAck;
  act.term.ack_type = type;
  act.term.status = status;
  if (code != ack::v1::ERROR_CODE_UNSPECIFIED) {
    act.term.code = code;
  }
  return actor_.PutAck(act, alias);
}

MaybeHalt GivenPath::WalkSender(const std::string& alias, State state) {
  auto halt = actor_.SendMessage(alias);
  const int stages = StagesOf(state);
  if (!halt && stages >= 1) {
    halt = Ack(alias, ack::v1::ACK_TYPE_ROUTER_ACK, ack::v1::STATUS_SUCCESS);
  }
  if (!halt && stages >= 2) {
    halt = Ack(alias, ack::v1::ACK_TYPE_DELIVERY_ACK, ack::v1::STATUS_SUCCESS);
  }
  if (halt) {
    return halt;
  }
  constexpr auto kExecution = ack::v1::ACK_TYPE_EXECUTION_ACK;
  if (state == ack::v1::STATE_EXECUTING) {
    return Ack(alias, kExecution, ack::v1::STATUS_IN_PROGRESS);
  }
  if (state == ack::v1::STATE_COMPLETED_SUCCESS) {
    return Ack(alias, kExecution, ack::v1::STATUS_SUCCESS);
  }
  if (state == ack::v1::STATE_COMPLETED_FAILURE) {
    return Ack(alias, kExecution, ack::v1::STATUS_FAILURE, ack::v1::ERROR_CODE_INTERNAL_ERROR);
  }
  return std::nullopt;
}

MaybeHalt GivenPath::WalkRouter(const std::string& alias, State state) {
  auto halt = actor_.SendMessage(alias);
  if (!halt && state == ack::v1::STATE_CANCELLED) {
    return Ack(alias, ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED);
  }
  const bool settled = state == ack::v1::STATE_SETTLED;
  if (!halt && (settled || state == ack::v1::STATE_DELIVERED)) {
    halt = Ack(alias, ack::v1::ACK_TYPE_RECEIPT, ack::v1::STATUS_SUCCESS);
  }
  if (!halt && settled) {
    halt = Ack(alias, ack::v1::ACK_TYPE_EXECUTION_ACK, ack::v1::STATUS_SUCCESS);
  }
  return halt;
}

MaybeHalt GivenPath::WalkTarget(const std::string& alias, State state) {
  auto halt = actor_.SendMessage(alias);
  if (!halt && state == ack::v1::STATE_CANCELLED) {
    halt = Ack(alias, ack::v1::ACK_TYPE_CANCEL, ack::v1::STATUS_UNSPECIFIED);
  }
  return halt;
}

MaybeHalt GivenPath::WalkPart(const Given& given) {
  if (!given.state) {  // UNSENT: it has its id, and nothing was sent.
    factory_.Declare(scenario_.messages.at(given.alias));
    return std::nullopt;
  }
  switch (scenario_.role) {
    case ack::v1::ROLE_SENDER:
      return WalkSender(given.alias, *given.state);
    case ack::v1::ROLE_ROUTER:
      return WalkRouter(given.alias, *given.state);
    case ack::v1::ROLE_TARGET:
      return WalkTarget(given.alias, *given.state);
    case ack::v1::ROLE_UNSPECIFIED:
    default:  // An open enum.
      break;
  }
  return Halt{Verdict::kHarnessError, "a case without a role", ""};
}

bool GivenPath::NeedsTime(const Given& given) const {
  return given.state &&
         ((scenario_.role == ack::v1::ROLE_SENDER &&
           *given.state == ack::v1::STATE_TIMEOUT_ABORT) ||
          (scenario_.role == ack::v1::ROLE_ROUTER && *given.state == ack::v1::STATE_DEAD_LETTERED));
}

bool GivenPath::Entered(const std::string& alias, State state) const {
  const Known* known = book_.Find(alias);
  const auto& items = window_.items();
  return known != nullptr && std::any_of(items.begin(), items.end(), [&](const Item& item) {
           return item.kind == ItemKind::kTransition && item.message_id == known->message_id &&
                  item.event->transition().new_state() == state;
         });
}

MaybeHalt GivenPath::AwaitState(const Given& given) {
  const scenario::Policy& policy = scenario_.messages.at(given.alias).policy;
  const bool abort = *given.state == ack::v1::STATE_TIMEOUT_ABORT;
  const auto within = static_cast<std::uint64_t>((abort ? policy.execution : policy.ttl).count());
  const auto entered = [&] { return Entered(given.alias, *given.state); };
  return entered() ? std::nullopt : timeline_.MoveTo(timeline_.now_ms() + within, entered);
}

MaybeHalt GivenPath::Confirm(const Given& given) {
  if (!given.state) {
    return std::nullopt;
  }
  const Known* known = book_.Find(given.alias);
  std::optional<ack::v1::TransactionRecord> record;
  if (auto halt = facts_.Record(*known, record)) {
    return halt;
  }
  if (record && record->state() == *given.state) {
    return std::nullopt;
  }
  return Halt{Verdict::kInconclusive,
              fmt::format("precondition: {} should be {} and is {} ({})", given.alias,
                          wire::Word(*given.state),
                          record ? wire::Word(record->state()) : std::string("without a record"),
                          ToString(given.where)),
              ""};
}

MaybeHalt GivenPath::WalkAll(bool timed) {
  for (const Given& given : scenario_.given) {
    if (NeedsTime(given) == timed) {
      if (auto halt = WalkPart(given)) {
        return halt;
      }
    }
  }
  return std::nullopt;
}

MaybeHalt GivenPath::Walk() {
  auto halt = WalkAll(true);
  for (const Given& given : scenario_.given) {
    if (!halt && NeedsTime(given)) {
      halt = AwaitState(given);
    }
  }
  halt = halt ? halt : WalkAll(false);
  for (const Given& given : scenario_.given) {
    halt = halt ? halt : Confirm(given);
  }
  for (const Given& given : scenario_.given) {
    if (!halt && scenario_.well_behaved && given.state &&
        TargetHasIt(scenario_.role, *given.state)) {
      peers_.Adopt(given.alias);
    }
  }
  return halt;
}

}  // namespace cmb::conformance::engine
