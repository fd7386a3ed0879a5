// One thing that was observed of the IUT: a frame it sent, one ACK of a batch,
// or an event it reported. Windows are made of items, observations select and
// judge them. Values; any thread. Scenario language, sections 2 and 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "conformance/engine/field_path.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::engine {

// What an observation selects by. EXECUTION_ACK is two kinds: an IUT may say
// IN_PROGRESS unasked, and that must not hide its terminal. So are alerts: each
// state is a kind.
enum class ItemKind {
  kMessage,
  kRouterAck,
  kDeliveryAck,
  kExecutionAck,  // Terminal.
  kInProgress,    // EXECUTION_ACK/IN_PROGRESS.
  kProgressAck,
  kTimeout,
  kCancel,
  kReceipt,
  kPing,
  kPong,
  kQuery,
  kReply,
  kOtherFrame,   // A frame of a kind that this suite does not know.
  kUndecodable,  // A frame that the codec refuses.
  kTransition,
  kRetry,
  kProgressEvent,
  kAnomaly,
  kAlertRaised,
  kAlertUpdated,
  kAlertResolved,
  kExecution,
};

// Bytes and meaning of one frame. `header` has exactly one `ack` where the
// frame was a batch: each of its ACKs is matched as if alone.
struct FrameView {
  std::vector<std::string> bytes;
  ack::v1::CognitiveMessage header;
  std::string payload;
};

struct Item {
  ItemKind kind = ItemKind::kOtherFrame;
  std::uint64_t at_ms = 0;
  std::size_t entry = 0;  // Index into Transcript::entries.
  bool consumed = false;
  // What it speaks of. Empty: it names none, or does not say.
  std::string source;
  std::string message_id;
  // Frames only.
  std::shared_ptr<const FrameView> frame;
  std::string socket;  // Channel name, ack_ingress, ack_egress.
  std::string peer;    // Routing id of the connection at the suite's end.
  bool batched = false;
  std::string fault;  // kUndecodable: why.
  // Events only.
  std::shared_ptr<const ack::v1::Event> event;

  bool IsFrame() const { return event == nullptr; }
};

// The kind of a header that decodes.
ItemKind KindOf(const ack::v1::CognitiveMessage& header);
ItemKind KindOf(const ack::v1::Ack& ack);

// The items of one frame that the IUT sent: one, or one for each ACK of a
// batch. `bytes` are the whole frames (a transcript elides long payloads).
std::vector<Item> ItemsOfFrame(const DataFrame& frame, const std::vector<std::string>& bytes,
                               std::uint64_t at_ms);
Item ItemOfEvent(const ack::v1::Event& event, std::uint64_t at_ms);

// The attempt that the frame carries or answers. Absent: it has none.
std::optional<std::uint32_t> AttemptOf(const ack::v1::CognitiveMessage& header);

// What `path` of that value says. Of an ACK `ack.` may be left out, of a REPLY
// `reply.`, where the header has no such field.
FieldValue ReadSubject(const Item& item, const std::string& path);

// The Protobuf value that `fields` of an observation speak of: the header of a
// frame, or the inner value of an event.
const google::protobuf::Message* SubjectOf(const Item& item);

}  // namespace cmb::conformance::engine
