#include "reference/shell/from_wire.h"

#include <algorithm>

#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

constexpr std::size_t kLongestId = 255;

lifecycle::Duration Phase(std::uint64_t ms, lifecycle::Duration if_absent) {
  return ms == 0 ? if_absent : lifecycle::SaturatedMs(ms);
}

bool IsMessageId(const std::string& id) {
  return !id.empty() && id.size() <= kLongestId && !lifecycle::IsReserved(id);
}

bool IsModuleId(const std::string& id) { return IsMessageId(id) && id.front() != '\0'; }

// Of the ids that a router judges; that they are UTF-8 the codec has seen.
bool IdsAreValid(const ack::v1::CognitiveMessage& header) {
  const auto& targets = header.targets();
  return IsModuleId(header.source()) && IsMessageId(header.message_id()) &&
         std::all_of(targets.begin(), targets.end(), IsModuleId);
}

}  // namespace

bool IsOfThisVersion(const ack::v1::CognitiveMessage& header) {
  return header.schema_version() == kSchemaVersion && header.critical().empty();
}

lifecycle::DeliveryPolicy PolicyFromWire(const ack::v1::DeliveryPolicy& policy) {
  lifecycle::DeliveryPolicy out;
  out.router_ack = Phase(policy.router_ack_ms(), out.router_ack);
  out.delivery_ack = Phase(policy.delivery_ack_ms(), out.delivery_ack);
  out.execution = Phase(policy.execution_ms(), out.execution);
  out.cancel_on_timeout = policy.cancel_on_timeout();
  if (policy.has_max_retries()) {
    out.max_retries = policy.max_retries();
  }
  if (policy.has_backoff_first_ms()) {
    out.backoff_first = lifecycle::SaturatedMs(policy.backoff_first_ms());
  }
  if (policy.has_backoff_factor()) {
    out.backoff_factor = policy.backoff_factor();
  }
  if (policy.has_backoff_max_ms()) {
    out.backoff_max = lifecycle::SaturatedMs(policy.backoff_max_ms());
  }
  if (policy.required_ack() != ack::v1::ACK_TYPE_UNSPECIFIED) {
    out.required_ack = static_cast<lifecycle::AckType>(policy.required_ack());
  }
  if (policy.retryable_size() > 0) {
    out.retryable.clear();
    for (const int code : policy.retryable()) {
      if (ack::v1::ErrorCode_IsValid(code) && code != ack::v1::ERROR_CODE_UNSPECIFIED) {
        out.retryable.push_back(static_cast<lifecycle::ErrorCode>(code));
      }  // Else it is not retryable, whatever the list says (CMB-VER-005).
    }
  }
  return out;
}

void TakeOff(lifecycle::Duration stall, lifecycle::MessageIn& message) {
  message.ttl = std::max(message.ttl - stall, lifecycle::Duration{0});
}

lifecycle::MessageIn MessageFromWire(std::shared_ptr<const FrameParcel> parcel,
                                     std::string_view channel) {
  const auto& header = parcel->header;
  lifecycle::MessageIn in;
  in.source = lifecycle::ModuleId(header.source());
  in.id = lifecycle::MessageId(header.message_id());
  for (const auto& target : header.targets()) {
    in.targets.emplace_back(target);
  }
  in.channel = lifecycle::ChannelName(header.channel());
  in.came_on = lifecycle::ChannelName(std::string(channel));
  in.schema_version = header.schema_version();
  in.knows_critical = header.critical().empty();
  in.msg_type = static_cast<lifecycle::MsgType>(header.msg_type());
  in.stream = lifecycle::StreamId(header.stream_id());
  in.sequence = header.sequence();
  in.key = lifecycle::IdempotencyKey(header.idempotency_key());
  in.attempt = header.attempt();
  in.ttl = lifecycle::SaturatedMs(header.ttl_ms());
  in.policy = PolicyFromWire(header.policy());
  in.payload_bytes = parcel->payload_bytes();
  in.metadata_pairs = static_cast<std::size_t>(header.metadata_size());
  in.ids_valid = IdsAreValid(header);
  in.parcel = std::move(parcel);
  return in;
}

lifecycle::AckIn AckFromWire(const ack::v1::Ack& ack, std::shared_ptr<const FrameParcel> parcel) {
  const auto& header = parcel->header;
  lifecycle::AckIn in;
  in.source = lifecycle::ModuleId(header.source());
  if (header.targets_size() > 0) {
    in.target = lifecycle::ModuleId(header.targets(0));
  }
  in.correlation_id = lifecycle::MessageId(ack.correlation_id());
  in.type = static_cast<lifecycle::AckType>(ack.ack_type());
  in.status = static_cast<lifecycle::Status>(ack.status());
  in.attempt = ack.attempt();
  in.code = static_cast<lifecycle::ErrorCode>(ack.error_code());
  in.retryable = ack.retryable();
  in.progress_number = ack.progress_number();
  if (ack.has_percent()) {
    in.percent = ack.percent();
  }
  if (ack.has_hold_ms()) {
    in.hold = lifecycle::SaturatedMs(ack.hold_ms());
  }
  if (ack.has_started()) {
    in.started = ack.started();
  }
  if (ack.has_memory_ms()) {
    in.memory_ms = ack.memory_ms();
  }
  in.never_forwarded = ack.never_forwarded();
  in.note = ack.note();
  in.parcel = std::move(parcel);
  return in;
}

}  // namespace cmb::reference
