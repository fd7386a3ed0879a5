// The sender's image as bytes and back.
#include "reference/shell/image_codec.h"
#include "reference/shell/image_parts.h"

namespace cmb::reference {
namespace {

using lifecycle::MsOf;

void FillMessage(const lifecycle::Outgoing& message, store::SenderImage& to) {
  to.set_id(message.id.str());
  to.set_target(message.target.str());
  to.set_message_channel(message.channel.str());
  to.set_key(message.key.str());
  to.set_ttl(message.ttl.count());
  FillPolicy(message.policy, *to.mutable_policy());
  if (message.reconcile_window) {
    to.set_reconcile_window(message.reconcile_window->count());
  }
  for (const auto& channel : message.channels) {
    to.add_channels(channel.str());
  }
}

void ReadMessage(const store::SenderImage& from, lifecycle::Outgoing& message) {
  Set(message.id, from.id());
  Set(message.target, from.target());
  Set(message.channel, from.message_channel());
  Set(message.key, from.key());
  Set(message.ttl, from.ttl());
  message.policy = PolicyOf(from.policy());
  if (from.has_reconcile_window()) {
    Set(message.reconcile_window.emplace(), from.reconcile_window());
  }
  for (const auto& channel : from.channels()) {
    Set(message.channels.emplace_back(), channel);
  }
}

void FillSeen(const lifecycle::SenderRecord& record, store::SenderImage& to) {
  for (const auto& [type, status, attempt] : record.judged) {
    auto& judged = *to.add_judged();
    judged.set_type(Number(type));
    judged.set_status(Number(status));
    judged.set_attempt(attempt);
  }
  for (const auto attempt : record.rejected) {
    to.add_rejected(attempt);
  }
  const auto& [attempt, number] = record.highest_place;
  to.set_highest_place_attempt(attempt);
  to.set_highest_place_number(number);
  to.set_saw_router_ack(record.saw_router_ack);
  to.set_saw_delivery_ack(record.saw_delivery_ack);
  to.set_highest_stage(Number(record.highest_stage));
  to.set_executed_seen(record.executed_seen);
  to.set_key_lent(record.key_lent);
  to.set_disproved(record.disproved);
  to.set_agreed(record.agreed);
  to.set_by_required_ack(record.by_required_ack);
  to.set_refused(record.refused);
  to.set_last_ack_type(Number(record.last_ack_type));
  to.set_last_status(Number(record.last_status));
  FillHistory(record.history, *to.mutable_history());
  if (record.last_retry) {
    to.set_last_retry(MsOf(*record.last_retry));
  }
}

void ReadSeen(const store::SenderImage& from, lifecycle::SenderRecord& record) {
  for (const auto& judged : from.judged()) {
    lifecycle::AckIdentity identity;
    auto& [type, status, attempt] = identity;
    Set(type, judged.type());
    Set(status, judged.status());
    attempt = judged.attempt();
    record.judged.insert(identity);
  }
  record.rejected.insert(from.rejected().begin(), from.rejected().end());
  record.highest_place = {from.highest_place_attempt(), from.highest_place_number()};
  record.saw_router_ack = from.saw_router_ack();
  record.saw_delivery_ack = from.saw_delivery_ack();
  Set(record.highest_stage, from.highest_stage());
  record.executed_seen = from.executed_seen();
  record.key_lent = from.key_lent();
  record.disproved = from.disproved();
  record.agreed = from.agreed();
  record.by_required_ack = from.by_required_ack();
  record.refused = from.refused();
  Set(record.last_ack_type, from.last_ack_type());
  Set(record.last_status, from.last_status());
  record.history = HistoryOf(from.history());
  if (from.has_last_retry()) {
    record.last_retry = lifecycle::AtMs(from.last_retry());
  }
}

}  // namespace

std::string EncodeImage(const lifecycle::SenderImage& image) {
  const auto& record = image.record;
  store::SenderImage to;
  FillMessage(record.message, to);
  to.set_state(Number(record.state));
  to.set_reason(Number(record.reason));
  to.set_certainty(Number(record.certainty));
  to.set_code(Number(record.code));
  to.set_note(record.note);
  to.set_alert(Number(record.alert));
  to.set_channel(record.channel.str());
  to.set_attempt(record.attempt);
  FillRouters(record.routers, *to.mutable_routers());
  to.set_waiting(record.waiting);
  to.set_cancels(record.cancels);
  to.set_expires(MsOf(record.expires));
  to.set_created(MsOf(record.created));
  to.set_changed(MsOf(record.changed));
  to.set_ended(MsOf(record.ended));
  FillSeen(record, to);
  FillTimers(image.timers, *to.mutable_timers());
  return to.SerializeAsString();
}

lifecycle::SenderImage DecodeSenderImage(const TxEntry& entry) {
  store::SenderImage from;
  ParseImage(entry, from);
  lifecycle::SenderImage image;
  auto& record = image.record;
  ReadMessage(from, record.message);
  record.message.parcel = ParcelBeside(entry);
  Set(record.state, from.state());
  Set(record.reason, from.reason());
  Set(record.certainty, from.certainty());
  Set(record.code, from.code());
  record.note = from.note();
  Set(record.alert, from.alert());
  Set(record.channel, from.channel());
  record.attempt = from.attempt();
  record.routers = RoutersOf(from.routers());
  record.waiting = from.waiting();
  record.cancels = from.cancels();
  Set(record.expires, from.expires());
  Set(record.created, from.created());
  Set(record.changed, from.changed());
  Set(record.ended, from.ended());
  ReadSeen(from, record);
  image.timers = TimersOf(from.timers());
  return image;
}

}  // namespace cmb::reference
