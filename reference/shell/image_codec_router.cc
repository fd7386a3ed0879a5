// The router's image as bytes and back.
#include <utility>

#include "reference/shell/image_codec.h"
#include "reference/shell/image_parts.h"

namespace cmb::reference {
namespace {

using lifecycle::MsOf;

void FillStage(const lifecycle::RouterRecord& record, store::RouterImage& to) {
  to.set_state(Number(record.state));
  to.set_reason(Number(record.reason));
  to.set_code(Number(record.code));
  to.set_note(record.note);
  to.set_attempt(record.attempt);
  to.set_closed(record.closed);
  to.set_refused_through(record.refused_through);
  to.set_dead_letter(record.dead_letter);
  to.set_forwarding(record.forwarding);
  to.set_delivery_count(record.delivery_count);
  to.set_redelivery(record.redelivery);
  to.set_wait(record.wait.count());
  to.set_expires(MsOf(record.expires));
  if (record.forwarded) {
    to.set_forwarded(MsOf(*record.forwarded));
  }
  to.set_remember_until(MsOf(record.remember_until));
  to.set_created(MsOf(record.created));
  to.set_changed(MsOf(record.changed));
}

void ReadStage(const store::RouterImage& from, lifecycle::RouterRecord& record) {
  Set(record.state, from.state());
  Set(record.reason, from.reason());
  Set(record.code, from.code());
  record.note = from.note();
  record.attempt = from.attempt();
  record.closed = from.closed();
  record.refused_through = from.refused_through();
  record.dead_letter = from.dead_letter();
  record.forwarding = from.forwarding();
  record.delivery_count = from.delivery_count();
  record.redelivery = from.redelivery();
  Set(record.wait, from.wait());
  Set(record.expires, from.expires());
  if (from.has_forwarded()) {
    record.forwarded = lifecycle::AtMs(from.forwarded());
  }
  Set(record.remember_until, from.remember_until());
  Set(record.created, from.created());
  Set(record.changed, from.changed());
}

void FillAcks(const lifecycle::RouterRecord& record, store::RouterImage& to) {
  for (const auto& [type, status, attempt] : record.judged) {
    auto& judged = *to.add_judged();
    judged.set_type(Number(type));
    judged.set_status(Number(status));
    judged.set_attempt(attempt);
  }
  if (record.terminal.parcel) {
    auto& terminal = *to.mutable_terminal();
    terminal.set_type(Number(record.terminal.type));
    terminal.set_status(Number(record.terminal.status));
    terminal.set_attempt(record.terminal.attempt);
    FillFrames(record.terminal.parcel, *to.mutable_terminal_frames());
  }
  to.set_last_ack_type(Number(record.last_ack_type));
  to.set_last_status(Number(record.last_status));
  FillHistory(record.history, *to.mutable_history());
  if (record.last_retry) {
    to.set_last_retry(MsOf(*record.last_retry));
  }
}

void ReadAcks(const store::RouterImage& from, lifecycle::RouterRecord& record) {
  for (const auto& judged : from.judged()) {
    record.judged.emplace(static_cast<lifecycle::AckType>(judged.type()),
                          static_cast<lifecycle::Status>(judged.status()), judged.attempt());
  }
  if (from.has_terminal()) {
    Set(record.terminal.type, from.terminal().type());
    Set(record.terminal.status, from.terminal().status());
    record.terminal.attempt = from.terminal().attempt();
    record.terminal.parcel = ParcelOf(from.terminal_frames());
  }
  Set(record.last_ack_type, from.last_ack_type());
  Set(record.last_status, from.last_status());
  record.history = HistoryOf(from.history());
  if (from.has_last_retry()) {
    record.last_retry = lifecycle::AtMs(from.last_retry());
  }
}

}  // namespace

std::string EncodeImage(const lifecycle::RouterImage& image) {
  const auto& record = image.record;
  store::RouterImage to;
  to.set_source(record.key.source.str());
  to.set_id(record.key.id.str());
  to.set_target(record.target.str());
  to.set_channel(record.channel.str());
  to.set_idempotency_key(record.idempotency_key.str());
  FillPolicy(record.policy, *to.mutable_policy());
  to.set_ttl(record.ttl.count());
  to.set_payload_bytes(record.payload_bytes);
  to.set_redrive_of(record.redrive_of.str());
  FillStage(record, to);
  FillAcks(record, to);
  FillTimers(image.timers, *to.mutable_timers());
  return to.SerializeAsString();
}

lifecycle::RouterImage DecodeRouterImage(const TxEntry& entry) {
  store::RouterImage from;
  ParseImage(entry, from);
  lifecycle::RouterImage image;
  auto& record = image.record;
  Set(record.key.source, from.source());
  Set(record.key.id, from.id());
  Set(record.target, from.target());
  Set(record.channel, from.channel());
  Set(record.idempotency_key, from.idempotency_key());
  record.policy = PolicyOf(from.policy());
  Set(record.ttl, from.ttl());
  record.payload_bytes = from.payload_bytes();
  Set(record.redrive_of, from.redrive_of());
  record.parcel = ParcelBeside(entry);
  ReadStage(from, record);
  ReadAcks(from, record);
  image.timers = TimersOf(from.timers());
  return image;
}

}  // namespace cmb::reference
