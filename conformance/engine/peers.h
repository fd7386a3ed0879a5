// The well-behaved peers of one case: for a sender IUT a router with its
// targets, for a router IUT the targets. (For a target IUT, and as senders,
// they only do what steps say.) They react to what arrives, obey the IUT's
// messages and never retry. Called by the link. One thread. Scenario language,
// section 6.
#pragma once

#include "conformance/engine/frame_factory.h"
#include "conformance/engine/item.h"
#include "conformance/engine/link.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/timeline.h"
#include "conformance/engine/well_behaved_target.h"

namespace cmb::conformance::engine {

class Peers {
 public:
  // All outlive the peers.
  Peers(const scenario::Case& scenario, const MessageBook& book, const FrameFactory& factory,
        Timeline& timeline, Link& link);

  // A frame of the IUT has arrived.
  void React(const Item& item);

  // `given` has brought this message to its target: its work runs from now.
  void Adopt(const std::string& alias);

 private:
  void ReactAsRouter(const ack::v1::CognitiveMessage& header);
  void ReactAsTarget(const ack::v1::CognitiveMessage& header);
  // What the target says, on its way to the IUT.
  void Pass(const std::string& target, const std::string& source, const ack::v1::Ack& ack);
  scenario::Work WorkOf(const ack::v1::CognitiveMessage& header) const;
  void SayAsRouter(const std::string& source, ack::v1::AckType type, const std::string& message_id,
                   std::uint32_t attempt);

  const scenario::Case& scenario_;
  const MessageBook& book_;
  const FrameFactory& factory_;
  Link& link_;
  WellBehavedTarget target_;
};

}  // namespace cmb::conformance::engine
