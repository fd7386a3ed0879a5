// What stands in a header besides names and one ACK: policy, ack_batch and QUERY.
#include <algorithm>
#include <string_view>
#include <utility>

#include "conformance/engine/frame_factory.h"

namespace cmb::conformance::engine {
namespace {

constexpr std::uint32_t kSchemaVersion = 1;

std::uint64_t Count(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

bool IsAboutOne(ack::v1::QueryKind kind) {
  return kind == ack::v1::QUERY_KIND_TRANSACTION || kind == ack::v1::QUERY_KIND_REDRIVE ||
         kind == ack::v1::QUERY_KIND_PURGE;
}

ack::v1::DeliveryPolicy WholePolicy(const scenario::Policy& policy) {
  ack::v1::DeliveryPolicy made;
  made.set_router_ack_ms(Count(policy.router_ack));
  made.set_delivery_ack_ms(Count(policy.delivery_ack));
  made.set_execution_ms(Count(policy.execution));
  made.set_max_retries(policy.max_retries);
  made.set_backoff_first_ms(Count(policy.backoff_first));
  made.set_backoff_factor(policy.backoff_factor);
  made.set_backoff_max_ms(Count(policy.backoff_max));
  made.set_required_ack(policy.required_ack);
  made.set_cancel_on_timeout(policy.cancel_on_timeout);
  for (const auto code : policy.retryable) {
    made.add_retryable(code);
  }
  for (const std::string& channel : policy.channels) {
    made.add_channels(channel);
  }
  return made;
}

struct PolicyField {
  std::string_view key;  // Of the language.
  int number;
};

constexpr PolicyField kPolicyFields[] = {
    {"router_ack", ack::v1::DeliveryPolicy::kRouterAckMsFieldNumber},
    {"delivery_ack", ack::v1::DeliveryPolicy::kDeliveryAckMsFieldNumber},
    {"execution", ack::v1::DeliveryPolicy::kExecutionMsFieldNumber},
    {"max_retries", ack::v1::DeliveryPolicy::kMaxRetriesFieldNumber},
    {"backoff", ack::v1::DeliveryPolicy::kBackoffFirstMsFieldNumber},
    {"backoff", ack::v1::DeliveryPolicy::kBackoffFactorFieldNumber},
    {"backoff", ack::v1::DeliveryPolicy::kBackoffMaxMsFieldNumber},
    {"required_ack", ack::v1::DeliveryPolicy::kRequiredAckFieldNumber},
    {"retryable", ack::v1::DeliveryPolicy::kRetryableFieldNumber},
    {"channels", ack::v1::DeliveryPolicy::kChannelsFieldNumber},
    {"cancel_on_timeout", ack::v1::DeliveryPolicy::kCancelOnTimeoutFieldNumber},
};

}  // namespace

std::optional<ack::v1::DeliveryPolicy> FrameFactory::Policy(const scenario::Message& message) {
  ack::v1::DeliveryPolicy policy = WholePolicy(message.policy);
  if (!message.policy_said) {
    return policy;
  }
  const auto& said = *message.policy_said;
  for (const PolicyField& field : kPolicyFields) {
    if (std::find(said.begin(), said.end(), field.key) == said.end()) {
      const auto* descriptor = policy.GetDescriptor()->FindFieldByNumber(field.number);
      policy.GetReflection()->ClearField(&policy, descriptor);
    }
  }
  return said.empty() ? std::nullopt : std::optional(std::move(policy));
}

Draft FrameFactory::Batch(const scenario::Batch& act, const std::vector<Member>& members) {
  Draft batch = Ack(*members.front().act, *members.front().known);
  *batch.header.mutable_ack_batch()->add_acks() = batch.header.ack();
  batch.header.clear_ack();
  bool as_bytes = false;  // From the first raw one on, so that the order stays.
  for (auto member = members.begin() + 1; member != members.end(); ++member) {
    as_bytes = as_bytes || member->act == nullptr;
    ack::v1::AckBatch& acks = *batch.header.mutable_ack_batch();
    if (!as_bytes) {
      *acks.add_acks() = Ack(*member->act, *member->known).header.ack();
      continue;
    }
    acks.GetReflection()->MutableUnknownFields(&acks)->AddLengthDelimited(
        ack::v1::AckBatch::kAcksFieldNumber,
        member->act == nullptr
            ? member->bytes
            : Ack(*member->act, *member->known).header.ack().SerializeAsString());
  }
  if (!act.by.empty()) {
    batch.author = RoutingId(act.by);
    batch.header.set_source(batch.author);
    SayFeatures(batch.author, batch.header);
  }
  batch.socket = SocketFor(act.on, batch.socket);
  batch.harm = act.corrupt;
  Apply(act.set, batch.header);
  return batch;
}

Draft FrameFactory::Query(const scenario::Ask& act, const Known* known) {
  Draft draft;
  draft.author = RoutingId(act.by);
  draft.socket = SocketFor(act.on, 0);
  draft.harm = act.corrupt;
  draft.header.set_schema_version(kSchemaVersion);
  draft.header.set_msg_type(ack::v1::MSG_TYPE_QUERY);
  draft.header.set_message_id(id_prefix_ + "query-" + std::to_string(++queries_));
  draft.header.set_source(draft.author);
  draft.header.add_targets(kRouterId);
  SayFeatures(draft.author, draft.header);
  ack::v1::Query& query = *draft.header.mutable_query();
  query.set_kind(act.kind);
  if (known != nullptr && IsAboutOne(act.kind)) {
    // Absent means the asker: that default is used wherever it says the same.
    query.set_source(known->source == draft.author ? "" : known->source);
    query.set_message_id(known->message_id);
  }
  Apply(act.set, draft.header);
  if (!act.as.empty() && act.kind != ack::v1::QUERY_KIND_REDRIVE) {
    book_.Name(book_.Entry(act.as), draft.header.message_id(), draft.author);
  }
  return draft;
}

}  // namespace cmb::conformance::engine
