#include "conformance/engine/item.h"

#include <utility>

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

Item FrameItem(const DataFrame& frame, std::uint64_t at_ms) {
  Item item;
  item.at_ms = at_ms;
  item.socket = frame.socket;
  item.peer = frame.peer;
  return item;
}

// The source of the message that an ACK is about: CANCEL and a sender's TIMEOUT
// come from it, all others are addressed to it (spec 2.2).
std::string SourceOf(const CognitiveMessage& header) {
  const auto type = header.ack().ack_type();
  const bool from_source = type == ack::v1::ACK_TYPE_CANCEL ||
                           (type == ack::v1::ACK_TYPE_TIMEOUT && header.targets_size() > 0 &&
                            header.targets(0).rfind('@', 0) == 0);
  if (from_source) {
    return header.source();
  }
  return header.targets().empty() ? "" : header.targets(0);
}

void NameSubject(Item& item, const CognitiveMessage& header) {
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_MESSAGE:
      item.source = header.source();
      item.message_id = header.message_id();
      return;
    case ack::v1::MSG_TYPE_ACK:
      item.message_id = header.ack().correlation_id();
      item.source = SourceOf(header);
      return;
    case ack::v1::MSG_TYPE_PONG:
    case ack::v1::MSG_TYPE_REPLY:
      item.message_id = header.correlation_id();
      return;
    case ack::v1::MSG_TYPE_PING:
    case ack::v1::MSG_TYPE_QUERY:
    case ack::v1::MSG_TYPE_UNSPECIFIED:
    default:  // An open enum.
      item.message_id = header.message_id();
      return;
  }
}

Item WithHeader(Item item, const std::vector<std::string>& bytes, CognitiveMessage header) {
  item.kind = KindOf(header);
  NameSubject(item, header);
  auto view = std::make_shared<FrameView>();
  view->bytes = bytes;
  view->header = std::move(header);
  view->payload = bytes.size() > 1 ? bytes[1] : std::string();
  item.frame = std::move(view);
  return item;
}

ItemKind KindOfAlert(ack::v1::AlertState state) {
  switch (state) {
    case ack::v1::ALERT_STATE_RESOLVED:
      return ItemKind::kAlertResolved;
    case ack::v1::ALERT_STATE_UPDATED:
      return ItemKind::kAlertUpdated;
    case ack::v1::ALERT_STATE_RAISED:
    case ack::v1::ALERT_STATE_UNSPECIFIED:
    default:  // An open enum.
      return ItemKind::kAlertRaised;
  }
  return ItemKind::kAlertRaised;
}

template <class Inner>
void NameSubject(Item& item, const Inner& inner) {
  item.message_id = inner.message_id();
  item.source = inner.source();
}

}  // namespace

ItemKind KindOf(const ack::v1::Ack& ack) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_ROUTER_ACK:
      return ItemKind::kRouterAck;
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
      return ItemKind::kDeliveryAck;
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
      return ack.status() == ack::v1::STATUS_IN_PROGRESS ? ItemKind::kInProgress
                                                         : ItemKind::kExecutionAck;
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
      return ItemKind::kProgressAck;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return ItemKind::kTimeout;
    case ack::v1::ACK_TYPE_CANCEL:
      return ItemKind::kCancel;
    case ack::v1::ACK_TYPE_RECEIPT:
      return ItemKind::kReceipt;
    case ack::v1::ACK_TYPE_UNSPECIFIED:
    default:  // An open enum.
      return ItemKind::kOtherFrame;
  }
  return ItemKind::kOtherFrame;
}

ItemKind KindOf(const CognitiveMessage& header) {
  switch (header.msg_type()) {
    case ack::v1::MSG_TYPE_MESSAGE:
      return ItemKind::kMessage;
    case ack::v1::MSG_TYPE_ACK:
      return header.has_ack() ? KindOf(header.ack()) : ItemKind::kOtherFrame;
    case ack::v1::MSG_TYPE_PING:
      return ItemKind::kPing;
    case ack::v1::MSG_TYPE_PONG:
      return ItemKind::kPong;
    case ack::v1::MSG_TYPE_QUERY:
      return ItemKind::kQuery;
    case ack::v1::MSG_TYPE_REPLY:
      return ItemKind::kReply;
    case ack::v1::MSG_TYPE_UNSPECIFIED:
    default:  // An open enum.
      return ItemKind::kOtherFrame;
  }
  return ItemKind::kOtherFrame;
}

std::vector<Item> ItemsOfFrame(const DataFrame& frame, const std::vector<std::string>& bytes,
                               std::uint64_t at_ms) {
  std::vector<Item> items;
  if (!frame.header) {
    Item item = FrameItem(frame, at_ms);
    item.kind = ItemKind::kUndecodable;
    item.fault = frame.fault;
    items.push_back(std::move(item));
    return items;
  }
  for (const ack::v1::Ack& inner : frame.header->ack_batch().acks()) {
    CognitiveMessage alone = *frame.header;
    alone.clear_ack_batch();
    *alone.mutable_ack() = inner;
    Item item = WithHeader(FrameItem(frame, at_ms), bytes, std::move(alone));
    item.batched = true;
    items.push_back(std::move(item));
  }
  if (items.empty()) {
    items.push_back(WithHeader(FrameItem(frame, at_ms), bytes, *frame.header));
  }
  return items;
}

Item ItemOfEvent(const ack::v1::Event& event, std::uint64_t at_ms) {
  Item item;
  item.at_ms = at_ms;
  item.event = std::make_shared<const ack::v1::Event>(event);
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      item.kind = ItemKind::kTransition;
      NameSubject(item, event.transition());
      break;
    case ack::v1::Event::kRetry:
      item.kind = ItemKind::kRetry;
      NameSubject(item, event.retry());
      break;
    case ack::v1::Event::kProgress:
      item.kind = ItemKind::kProgressEvent;
      NameSubject(item, event.progress());
      break;
    case ack::v1::Event::kAnomaly:
      item.kind = ItemKind::kAnomaly;
      item.message_id = event.anomaly().message_id();
      break;
    case ack::v1::Event::kAlert:
      item.kind = KindOfAlert(event.alert().state());
      NameSubject(item, event.alert());
      break;
    case ack::v1::Event::kExecution:
      item.kind = ItemKind::kExecution;
      NameSubject(item, event.execution());
      break;
    case ack::v1::Event::KIND_NOT_SET:
      item.kind = ItemKind::kProgressEvent;
      break;
  }
  return item;
}

std::optional<std::uint32_t> AttemptOf(const CognitiveMessage& header) {
  if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    return header.attempt();
  }
  if (header.msg_type() == ack::v1::MSG_TYPE_ACK && header.has_ack()) {
    return header.ack().attempt();
  }
  return std::nullopt;
}

const google::protobuf::Message* SubjectOf(const Item& item) {
  if (item.frame) {
    return &item.frame->header;
  }
  if (!item.event) {
    return nullptr;
  }
  const ack::v1::Event& event = *item.event;
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      return &event.transition();
    case ack::v1::Event::kRetry:
      return &event.retry();
    case ack::v1::Event::kProgress:
      return &event.progress();
    case ack::v1::Event::kAnomaly:
      return &event.anomaly();
    case ack::v1::Event::kAlert:
      return &event.alert();
    case ack::v1::Event::kExecution:
      return &event.execution();
    case ack::v1::Event::KIND_NOT_SET:
      break;
  }
  return nullptr;
}

FieldValue ReadSubject(const Item& item, const std::string& path) {
  const auto* subject = SubjectOf(item);
  if (subject == nullptr) {
    return {};
  }
  FieldValue value = ReadField(*subject, path);
  if (!value.known && item.frame && item.frame->header.has_ack()) {
    value = ReadField(*subject, "ack." + path);
  }
  if (!value.known && item.kind == ItemKind::kReply) {
    value = ReadField(*subject, "reply." + path);
  }
  return value;
}

}  // namespace cmb::conformance::engine
