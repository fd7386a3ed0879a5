// Builds the frames of the suite's own peers: correct headers first, then the
// changes and harms that a scenario asks for. Called by the actor, `given` and
// the well-behaved peers. Keeps the numbers that rise (progress). One thread.
// Scenario language, sections 2 and 5; spec, chapter wire binding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/engine/message_book.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

// A frame before it is encoded: who says it, by whose connection, on which
// socket, and how it is then broken.
struct Draft {
  ack::v1::CognitiveMessage header;
  std::string payload;
  std::string author;  // Routing id of the connection that it takes.
  SocketNumber socket = 0;
  scenario::Harm harm;
};

// What is left of a message that was corrupted on its way.
Frames Harmed(Frames frames, const scenario::Harm& harm);

class FrameFactory {
 public:
  // All outlive the factory. `id_prefix` begins the ids that it makes.
  FrameFactory(const scenario::Case& scenario, MessageBook& book, std::string id_prefix);

  // Gives the message its id, key and payload, if it has none yet.
  Known& Declare(const scenario::Message& message);

  // The first copy of a message, its `set` and `corrupt` applied. Notes in the
  // book what was sent.
  Draft Message(const scenario::Message& message, std::uint64_t now_ms);

  // The same ids again: attempt + 1, the ttl less what has passed. Of a message
  // that was never sent it is what its earlier copies, all lost, would have led to.
  Draft Resend(const scenario::Resend& act, Known& known, std::uint64_t now_ms);

  // One ACK about `known`, its changes and harm applied.
  Draft Ack(const scenario::AckAct& act, Known& known);

  // A correct ACK that a well-behaved peer says: `ack` about the message of
  // `source`, by the module `author`.
  Draft Say(const std::string& author, const std::string& source, const std::string& target,
            ack::v1::Ack ack) const;

  // frame_factory_bodies.cc. One ack_batch of these; the author of the first says it unless `by` is
  // written. REQUIRES: members is not empty.
  struct Member {
    const scenario::AckAct* act;  // Null, not of the first: `bytes` are the ACK.
    Known* known;
    std::string bytes;
  };
  Draft Batch(const scenario::Batch& act, const std::vector<Member>& members);
  // A QUERY about `known`, or about none.
  Draft Query(const scenario::Ask& act, const Known* known);

  Draft Ping(const scenario::Ping& act);

  // The draft as it goes on the wire.
  WireMessage Encode(const Draft& draft) const;

  // The policy as it travels, and as a sender IUT is told it. Absent: the message has none.
  static std::optional<ack::v1::DeliveryPolicy> Policy(const scenario::Message& message);
  // The bytes of a payload; `alias` fills the default.
  std::string Payload(const scenario::Payload& payload, const std::string& alias) const;

  // First sentence that said why a change could not be made. Empty: none.
  const std::string& trouble() const { return trouble_; }

  const SocketLayout& layout() const { return layout_; }

 private:
  std::string Key(const std::string& name) const;
  void Apply(const std::vector<scenario::SetField>& changes, ack::v1::CognitiveMessage& header);
  SocketNumber SocketFor(const std::string& on, SocketNumber rightful) const;
  SocketNumber AckSocket() const;
  // What the author says of itself, in every header.
  void SayFeatures(const std::string& author, ack::v1::CognitiveMessage& header) const;
  std::uint32_t LatestSeen(const Known& known, const std::string& author) const;

  const scenario::Case& scenario_;
  MessageBook& book_;
  std::string id_prefix_;
  SocketLayout layout_;
  std::uint64_t pings_ = 0;
  std::uint64_t queries_ = 0;
  std::string trouble_;
};

}  // namespace cmb::conformance::engine
