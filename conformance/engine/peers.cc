#include "conformance/engine/peers.h"

#include <utility>

namespace cmb::conformance::engine {

using ack::v1::CognitiveMessage;

Peers::Peers(const scenario::Case& scenario, const MessageBook& book, const FrameFactory& factory,
             Timeline& timeline, Link& link)
    : scenario_(scenario),
      book_(book),
      factory_(factory),
      link_(link),
      target_([this](const std::string& target, const std::string& source,
                     const ack::v1::Ack& ack) { Pass(target, source, ack); },
              [&timeline](std::uint64_t delay_ms, std::function<void()> act) {
                timeline.Schedule(delay_ms, std::move(act));
              },
              [&timeline] { return timeline.now_ms(); }) {}

scenario::Work Peers::WorkOf(const CognitiveMessage& header) const {
  const Known* owner = book_.Owner(header.message_id(), header.source());
  return owner != nullptr && owner->fields != nullptr ? owner->fields->work : scenario::Work{};
}

void Peers::SayAsRouter(const std::string& source, ack::v1::AckType type,
                        const std::string& message_id, std::uint32_t attempt) {
  ack::v1::Ack ack;
  ack.set_ack_type(type);
  ack.set_status(ack::v1::STATUS_SUCCESS);
  ack.set_correlation_id(message_id);
  ack.set_attempt(attempt);
  link_.Put(factory_.Say(kRouterId, source, "", std::move(ack)), Bending::kFaults);
}

void Peers::Pass(const std::string& target, const std::string& source, const ack::v1::Ack& ack) {
  const bool receipt = ack.ack_type() == ack::v1::ACK_TYPE_RECEIPT;
  if (receipt && scenario_.role == ack::v1::ROLE_SENDER) {
    // Hop-local: the sender hears DELIVERY_ACK of the router instead.
    SayAsRouter(source, ack::v1::ACK_TYPE_DELIVERY_ACK, ack.correlation_id(), ack.attempt());
    return;
  }
  link_.Put(factory_.Say(target, source, target, ack), Bending::kFaults);
}

void Peers::ReactAsRouter(const CognitiveMessage& header) {
  if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    SayAsRouter(header.source(), ack::v1::ACK_TYPE_ROUTER_ACK, header.message_id(),
                header.attempt());
  }
  // A sender's TIMEOUT ends redelivery, of which there is none: the work goes on.
  ReactAsTarget(header);
}

void Peers::ReactAsTarget(const CognitiveMessage& header) {
  if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    target_.Hear(header, WorkOf(header));
  } else if (header.has_ack() && header.ack().ack_type() == ack::v1::ACK_TYPE_CANCEL) {
    target_.HearCancel(header.source(), header.ack());
  }
}

void Peers::React(const Item& item) {
  switch (scenario_.role) {
    case ack::v1::ROLE_SENDER:
      ReactAsRouter(item.frame->header);
      return;
    case ack::v1::ROLE_ROUTER:
      ReactAsTarget(item.frame->header);
      return;
    case ack::v1::ROLE_TARGET:
    case ack::v1::ROLE_UNSPECIFIED:
    default:  // An open enum.
      return;
  }
}

void Peers::Adopt(const std::string& alias) {
  const Known* known = book_.Find(alias);
  if (known != nullptr && known->sent && known->fields != nullptr) {
    target_.Adopt(*known->sent, known->fields->work);
  }
}

}  // namespace cmb::conformance::engine
