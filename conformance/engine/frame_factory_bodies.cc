// Frames whose body is more than one ACK: ack_batch and QUERY.
#include <utility>

#include "conformance/engine/frame_factory.h"

namespace cmb::conformance::engine {
namespace {

constexpr std::uint32_t kSchemaVersion = 1;

bool IsAboutOne(ack::v1::QueryKind kind) {
  return kind == ack::v1::QUERY_KIND_TRANSACTION || kind == ack::v1::QUERY_KIND_REDRIVE ||
         kind == ack::v1::QUERY_KIND_PURGE;
}

}  // namespace

Draft FrameFactory::Batch(const scenario::Batch& act, const std::vector<Member>& members) {
  Draft batch;
  for (const Member& member : members) {
    Draft alone = Ack(*member.act, *member.known);
    ack::v1::Ack inner = std::move(*alone.header.mutable_ack());
    if (batch.header.ack_batch().acks().empty()) {
      batch = std::move(alone);
      batch.header.clear_ack();
    }
    *batch.header.mutable_ack_batch()->add_acks() = std::move(inner);
  }
  if (!act.by.empty()) {
    batch.author = RoutingId(act.by);
    batch.header.set_source(batch.author);
    batch.header.set_accepts_ack_batch(TakesBatches(batch.author));
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
  draft.header.set_accepts_ack_batch(TakesBatches(draft.author));
  ack::v1::Query& query = *draft.header.mutable_query();
  query.set_kind(act.kind);
  if (known != nullptr && IsAboutOne(act.kind)) {
    // Absent means the asker: that default is used wherever it says the same.
    query.set_source(known->source == draft.author ? "" : known->source);
    query.set_message_id(known->message_id);
  }
  if (!act.as.empty() && act.kind != ack::v1::QUERY_KIND_REDRIVE) {
    book_.Name(book_.Entry(act.as), draft.header.message_id(), draft.author);
  }
  Apply(act.set, draft.header);
  return draft;
}

}  // namespace cmb::conformance::engine
