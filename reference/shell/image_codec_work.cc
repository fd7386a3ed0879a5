// The target's image, a work, as bytes and back.
#include <utility>

#include "reference/shell/ack_fields.h"
#include "reference/shell/image_codec.h"
#include "reference/shell/image_parts.h"

namespace cmb::reference {
namespace {

using lifecycle::MsOf;

lifecycle::AckOut AckOf(const store::OwnAck& from) {
  lifecycle::AckOut ack;
  Set(ack.type, from.ack_type());
  Set(ack.status, from.status());
  Set(ack.correlation_id, from.correlation_id());
  ack.attempt = from.attempt();
  Set(ack.code, from.error_code());
  ack.note = from.note();
  ack.retryable = from.retryable();
  ack.progress_number = from.progress_number();
  if (from.has_percent()) {
    ack.percent = from.percent();
  }
  if (from.has_done_count()) {
    ack.done_count = from.done_count();
  }
  if (from.has_total_count()) {
    ack.total_count = from.total_count();
  }
  if (from.has_eta_ms()) {
    ack.eta = lifecycle::Duration(from.eta_ms());
  }
  if (from.has_hold_ms()) {
    ack.hold = lifecycle::Duration(from.hold_ms());
  }
  if (from.has_started()) {
    ack.started = from.started();
  }
  if (from.has_memory_ms()) {
    ack.memory_ms = from.memory_ms();
  }
  ack.never_forwarded = from.never_forwarded();
  ack.supported_versions.assign(from.supported_versions().begin(), from.supported_versions().end());
  return ack;
}

void FillStage(const lifecycle::Work& work, store::WorkImage& to) {
  to.set_state(Number(work.state));
  to.set_reason(Number(work.reason));
  to.set_code(Number(work.code));
  to.set_note(work.note);
  to.set_created(MsOf(work.created));
  to.set_changed(MsOf(work.changed));
  to.set_expires(MsOf(work.expires));
  to.set_remember_until(MsOf(work.remember_until));
  to.set_tombstone(work.tombstone);
  to.set_cancelled_attempt(work.cancelled_attempt);
  to.set_offered(work.offered.str());
  to.set_offered_attempt(work.offered_attempt);
  to.set_arrived(MsOf(work.arrived));
  to.set_waiting(work.waiting);
  to.set_resumable(work.resumable);
  to.set_cancel_asked(work.cancel_asked);
  to.set_held_until(MsOf(work.held_until));
  to.set_progress_number(work.progress_number);
}

void ReadStage(const store::WorkImage& from, lifecycle::Work& work) {
  Set(work.state, from.state());
  Set(work.reason, from.reason());
  Set(work.code, from.code());
  work.note = from.note();
  Set(work.created, from.created());
  Set(work.changed, from.changed());
  Set(work.expires, from.expires());
  Set(work.remember_until, from.remember_until());
  work.tombstone = from.tombstone();
  work.cancelled_attempt = from.cancelled_attempt();
  Set(work.offered, from.offered());
  work.offered_attempt = from.offered_attempt();
  Set(work.arrived, from.arrived());
  work.waiting = from.waiting();
  work.resumable = from.resumable();
  work.cancel_asked = from.cancel_asked();
  Set(work.held_until, from.held_until());
  work.progress_number = from.progress_number();
}

// A store that knew of one router only says nothing of them.
lifecycle::Attachment AttachmentOf(const store::Attachment& from, bool all_untold) {
  lifecycle::Attachment attachment{.highest_attempt = from.highest_attempt(),
                                   .expires = lifecycle::AtMs(from.expires()),
                                   .executions = from.executions(),
                                   .stream = lifecycle::StreamId(from.stream()),
                                   .sequence = from.sequence(),
                                   .came = from.came()};
  attachment.routers = RoutersOf(from.routers());
  if (attachment.routers.empty() && from.highest_attempt() > 0) {
    attachment.routers.insert(lifecycle::RouterName());
  }
  attachment.untold = all_untold ? attachment.routers : RoutersOf(from.untold());
  return attachment;
}

}  // namespace

std::string EncodeImage(const lifecycle::WorkImage& work) {
  store::WorkImage to;
  to.set_source(work.key.source.str());
  to.set_key(work.key.key.str());
  to.set_name_source(work.name.source.str());
  to.set_name_id(work.name.id.str());
  to.set_target(work.target.str());
  to.set_channel(work.channel.str());
  to.set_stream(work.stream.str());
  to.set_turn(work.turn);
  FillStage(work, to);
  if (work.stage) {
    FillAckFields(*work.stage, *to.mutable_stage());
  }
  if (work.answer) {
    FillAckFields(*work.answer, *to.mutable_answer());
  }
  if (work.answer_parcel) {
    FillFrames(work.answer_parcel, *to.mutable_answer_frames());
  }
  for (const auto& id : work.order) {
    const auto& attachment = work.messages.at(id);
    auto& message = *to.add_messages();
    message.set_id(id.str());
    message.set_highest_attempt(attachment.highest_attempt);
    message.set_expires(MsOf(attachment.expires));
    message.set_stream(attachment.stream.str());
    message.set_sequence(attachment.sequence);
    message.set_came(attachment.came);
    message.set_executions(attachment.executions);
    FillRouters(attachment.routers, *message.mutable_routers());
    FillRouters(attachment.untold, *message.mutable_untold());
  }
  return to.SerializeAsString();
}

lifecycle::WorkImage DecodeWorkImage(const TxEntry& entry) {
  store::WorkImage from;
  ParseImage(entry, from);
  lifecycle::WorkImage work;
  Set(work.key.source, from.source());
  Set(work.key.key, from.key());
  Set(work.name.source, from.name_source());
  Set(work.name.id, from.name_id());
  Set(work.target, from.target());
  Set(work.channel, from.channel());
  Set(work.stream, from.stream());
  work.turn = from.turn();
  work.parcel = ParcelBeside(entry);
  ReadStage(from, work);
  if (from.has_stage()) {
    work.stage = AckOf(from.stage());
  }
  if (from.has_answer()) {
    work.answer = AckOf(from.answer());
  }
  if (from.has_answer_frames()) {
    work.answer_parcel = ParcelOf(from.answer_frames());
  }
  for (const auto& message : from.messages()) {
    const lifecycle::MessageId id(message.id());
    work.messages[id] = AttachmentOf(message, from.all_untold());
    work.order.push_back(id);
  }
  return work;
}

}  // namespace cmb::reference
