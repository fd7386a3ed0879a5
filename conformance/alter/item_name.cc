#include "conformance/alter/item_name.h"

#include "proto/wire/words.h"

namespace cmb::conformance::alter {
namespace {

std::string NameOf(const DataFrame& frame) {
  if (frame.direction == Direction::kToIut) {
    return "";
  }
  if (!frame.header) {
    return "frame that does not decode";
  }
  const ack::v1::CognitiveMessage& header = *frame.header;
  if (header.has_ack_batch()) {
    return "frame batch of ACKs";
  }
  if (!header.has_ack()) {
    return "frame " + wire::Word(header.msg_type());
  }
  const std::string type = "frame " + wire::Word(header.ack().ack_type());
  return header.ack().status() == ack::v1::STATUS_UNSPECIFIED
             ? type
             : type + "/" + wire::Word(header.ack().status());
}

std::string NameOf(const ack::v1::Event& event) {
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      return "event transition " + wire::Word(event.transition().old_state()) + " -> " +
             wire::Word(event.transition().new_state());
    case ack::v1::Event::kRetry:
      return "event retry " + wire::Word(event.retry().reason());
    case ack::v1::Event::kProgress:
      return "event progress";
    case ack::v1::Event::kAnomaly:
      return "event anomaly " + wire::Word(event.anomaly().kind());
    case ack::v1::Event::kAlert:
      return "event alert " + wire::Word(event.alert().state());
    case ack::v1::Event::kExecution:
      return "event execution";
    case ack::v1::Event::KIND_NOT_SET:
      return "event of no known kind";
  }
  return "";
}

// What housekeeping an implementation has is its own; so what comes next of it has a name.
std::string NameOf(const ControlAct& act) {
  const auto* type = act.request.GetDescriptor();
  const auto* field = type->FindFieldByNumber(static_cast<int>(act.request.request_case()));
  const bool housekeeping =
      act.reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_HOUSEKEEPING;
  return field == nullptr
             ? ""
             : "reply to " + field->name() + (housekeeping ? ", then housekeeping" : "");
}

}  // namespace

std::string ItemName(const Entry& entry) {
  if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
    return NameOf(*frame);
  }
  if (const auto* event = std::get_if<IutEvent>(&entry.what)) {
    return NameOf(event->event);
  }
  const auto* act = std::get_if<ControlAct>(&entry.what);
  return act == nullptr ? "" : NameOf(*act);
}

}  // namespace cmb::conformance::alter
