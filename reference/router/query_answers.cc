#include "reference/router/query_answers.h"

#include <algorithm>
#include <utility>

#include "proto/wire/frame_codec.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {
namespace {

using ack::v1::Query;
using ack::v1::QueryReply;
using lifecycle::ErrorCode;
using lifecycle::Profile;

QueryReply Success() {
  QueryReply reply;
  reply.set_status(ack::v1::STATUS_SUCCESS);
  return reply;
}

// The profile that a kind belongs to; absent: the kind is not known.
std::optional<Profile> ProfileOf(ack::v1::QueryKind kind) {
  switch (kind) {
    case ack::v1::QUERY_KIND_TRANSACTION:
    case ack::v1::QUERY_KIND_IN_FLIGHT:
    case ack::v1::QUERY_KIND_HEALTH:
      return Profile::kTracked;
    case ack::v1::QUERY_KIND_DEAD_LETTERS:
    case ack::v1::QUERY_KIND_REDRIVE:
    case ack::v1::QUERY_KIND_PURGE:
      return Profile::kDurable;
    default:  // An open enum: later versions may ask more.
      return std::nullopt;
  }
}

bool NeedsMessage(ack::v1::QueryKind kind) {
  return kind == ack::v1::QUERY_KIND_TRANSACTION || kind == ack::v1::QUERY_KIND_REDRIVE;
}

lifecycle::Page PageOf(const Query& query) {
  lifecycle::Page page;
  page.limit = query.limit() == 0 ? kDefaultListLimit : query.limit();
  if (!query.after_source().empty() || !query.after_message_id().empty()) {
    page.after = lifecycle::MessageKey{lifecycle::ModuleId(query.after_source()),
                                       lifecycle::MessageId(query.after_message_id())};
  }
  return page;
}

// Moves `entry` behind those of `list` if the REPLY stays small enough. The
// first entry always fits: ids and notes are bounded.
template <class List, class Entry>
bool AddIfRoom(List& list, Entry entry, std::size_t& bytes) {
  const std::size_t more = entry.ByteSizeLong() + 8;  // With its tag and length.
  if (!list.empty() && bytes + more > kReplyBytes) {
    return false;
  }
  bytes += more;
  *list.Add() = std::move(entry);
  return true;
}

ack::v1::DeadLetter ToWire(const lifecycle::DeadLetterView& from, lifecycle::Instant now) {
  ack::v1::DeadLetter to;
  to.set_message_id(from.key.id.str());
  to.set_source(from.key.source.str());
  to.set_target(from.target.str());
  to.set_channel(from.channel.str());
  to.set_idempotency_key(from.idempotency_key.str());
  to.set_reason(static_cast<ack::v1::Reason>(from.reason));
  to.set_error_code(static_cast<ack::v1::ErrorCode>(from.code));
  to.set_attempt(from.attempt);
  to.set_age_ms(static_cast<std::uint64_t>((now - from.given_up).count()));
  to.set_payload_bytes(from.payload_bytes);
  to.set_ttl_ms(static_cast<std::uint64_t>(from.ttl.count()));
  to.set_redrive_of(from.redrive_of.str());
  if (from.forwarded) {
    to.set_forwarded_at_ms(
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, lifecycle::MsOf(*from.forwarded))));
  }
  return to;
}

}  // namespace

QueryReply RefusedReply(ErrorCode code, std::string note) {
  QueryReply reply;
  reply.set_status(ack::v1::STATUS_REJECTED);
  reply.set_error_code(static_cast<ack::v1::ErrorCode>(code));
  reply.set_note(std::move(note));
  return reply;
}

std::optional<QueryReply> RefusalOf(const Query& query, Profile profile) {
  const auto needed = ProfileOf(query.kind());
  if (!needed) {
    return RefusedReply(ErrorCode::kValidationError, "this kind of query is not known");
  }
  if (*needed == Profile::kDurable && profile != Profile::kDurable) {
    return RefusedReply(ErrorCode::kUnsupportedMessageType, "this router keeps no dead letters");
  }
  if (NeedsMessage(query.kind()) && query.message_id().empty()) {
    return RefusedReply(ErrorCode::kValidationError, "the query names no message");
  }
  if (query.limit() > kLargestListLimit) {
    return RefusedReply(ErrorCode::kValidationError, "the limit is at most 1000");
  }
  return std::nullopt;
}

lifecycle::MessageKey KeyOf(const Query& query, const std::string& asker) {
  return {lifecycle::ModuleId(query.source().empty() ? asker : query.source()),
          lifecycle::MessageId(query.message_id())};
}

QueryReply TransactionReply(const lifecycle::Router& core, const Query& query,
                            const std::string& asker) {
  QueryReply reply = Success();
  if (const auto record = core.Find(KeyOf(query, asker))) {
    *reply.mutable_transaction() = RecordToWire(*record);
  }
  return reply;
}

QueryReply InFlightReply(const lifecycle::Router& core, const Query& query) {
  QueryReply reply = Success();
  const auto list = core.InFlight(PageOf(query));
  reply.set_more(list.more);
  std::size_t bytes = 0;
  for (const auto& record : list.entries) {
    auto entry = RecordToWire(record);
    entry.clear_ack_history();  // CMB-INS-011: of one record alone.
    if (!AddIfRoom(*reply.mutable_in_flight(), std::move(entry), bytes)) {
      reply.set_more(true);
      break;
    }
  }
  return reply;
}

QueryReply DeadLettersReply(const lifecycle::Router& core, const Query& query,
                            lifecycle::Instant now) {
  QueryReply reply = Success();
  const auto list = core.DeadLetters(PageOf(query));
  reply.set_more(list.more);
  std::size_t bytes = 0;
  for (const auto& letter : list.entries) {
    if (!AddIfRoom(*reply.mutable_dead_letters(), ToWire(letter, now), bytes)) {
      reply.set_more(true);
      break;
    }
  }
  return reply;
}

QueryReply HealthReply(const lifecycle::Router& core, const ShellHealth& shell,
                       lifecycle::Instant now) {
  QueryReply reply = Success();
  auto& health = *reply.mutable_health();
  const auto& counts = core.Counts();
  health.set_uptime_ms(static_cast<std::uint64_t>((now - shell.started).count()));
  health.set_records(counts.records);
  health.set_in_flight(counts.in_flight());
  health.set_dead_letters(counts.dead_letters);
  health.set_expired_dead_letters(counts.expired_letters);
  std::size_t bytes = 0;
  for (const auto& [target, messages] : counts.queues) {
    ack::v1::QueueDepth depth;
    depth.set_target(target.str());
    depth.set_messages(static_cast<std::uint32_t>(messages));
    if (!AddIfRoom(*health.mutable_queues(), std::move(depth), bytes)) {
      reply.set_note("there are more queues than one reply can hold");
      break;
    }
  }
  for (const auto& [kind, count] : shell.anomalies) {
    auto& counted = *health.add_anomalies();
    counted.set_kind(static_cast<ack::v1::AnomalyKind>(kind));
    counted.set_count(count);
  }
  const auto undeliverable = shell.anomalies.find(lifecycle::AnomalyKind::kUndeliverable);
  health.set_undeliverable(undeliverable == shell.anomalies.end() ? 0 : undeliverable->second);
  health.set_refused_connections(shell.refused_connections);
  health.set_profile(static_cast<ack::v1::Profile>(shell.profile));
  return reply;
}

std::shared_ptr<FrameParcel> RedriveParcel(const lifecycle::DeadLetterView& letter,
                                           const lifecycle::MessageId& new_id) {
  const FrameParcel& old = *FramesOf(letter.parcel);
  auto parcel = std::make_shared<FrameParcel>();
  parcel->header = old.header;
  parcel->header.set_message_id(new_id.str());
  parcel->header.set_attempt(1);
  parcel->header.set_ttl_ms(static_cast<std::uint64_t>(letter.ttl.count()));
  parcel->header.set_idempotency_key(letter.idempotency_key.str());
  parcel->header.set_redrive_of(letter.key.id.str());
  const std::string bytes = wire::EncodeHeader(parcel->header);
  parcel->SetHeaderFrame(zmq::message_t(bytes.data(), bytes.size()));
  parcel->SetPayload(old.SharePayload());
  return parcel;
}

}  // namespace cmb::reference
