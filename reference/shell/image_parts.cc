#include "reference/shell/image_parts.h"

#include <memory>
#include <stdexcept>

#include "reference/shell/image_codec.h"

namespace cmb::reference {

void ParseImage(const TxEntry& entry, google::protobuf::MessageLite& to) {
  if (!to.ParseFromString(entry.image)) {
    throw std::runtime_error("its image cannot be read");
  }
}

void FillFrames(const lifecycle::ParcelRef& parcel, store::Frames& to) {
  const FrameParcel& frames = *FramesOf(parcel);
  if (frames.HeaderBytes().empty()) {
    to.set_header(frames.header.SerializeAsString());
  } else {
    to.set_header_frame(std::string(frames.HeaderBytes()));
  }
  to.set_payload(std::string(frames.Payload()));
  to.set_present(true);
}

lifecycle::ParcelRef ParcelOf(const store::Frames& frames) {
  auto parcel = std::make_shared<FrameParcel>();
  const std::string& frame = frames.header_frame();
  if (!parcel->header.ParseFromString(frame.empty() ? frames.header() : frame)) {
    return nullptr;
  }
  if (!frame.empty()) {
    parcel->SetHeaderFrame(zmq::message_t(frame.data(), frame.size()));
  }
  parcel->SetPayload(zmq::message_t(frames.payload().data(), frames.payload().size()));
  return parcel;
}

std::string EncodeFrames(const lifecycle::ParcelRef& parcel) {
  if (!parcel) {
    return {};
  }
  store::Frames frames;
  FillFrames(parcel, frames);
  return frames.SerializeAsString();
}

lifecycle::ParcelRef ParcelBeside(const TxEntry& entry) {
  if (!entry.frames || entry.frames->empty()) {
    return nullptr;
  }
  store::Frames frames;
  const bool is_read = frames.ParseFromString(*entry.frames) && frames.present();
  auto parcel = is_read ? ParcelOf(frames) : nullptr;
  if (!parcel) {
    throw std::runtime_error("its frames cannot be read");
  }
  return parcel;
}

void FillPolicy(const lifecycle::DeliveryPolicy& policy, store::Policy& to) {
  to.set_router_ack(policy.router_ack.count());
  to.set_delivery_ack(policy.delivery_ack.count());
  to.set_execution(policy.execution.count());
  to.set_max_retries(policy.max_retries);
  to.set_backoff_first(policy.backoff_first.count());
  to.set_backoff_factor(policy.backoff_factor);
  to.set_backoff_max(policy.backoff_max.count());
  to.set_required_ack(Number(policy.required_ack));
  to.set_cancel_on_timeout(policy.cancel_on_timeout);
  for (const auto code : policy.retryable) {
    to.add_retryable(Number(code));
  }
}

lifecycle::DeliveryPolicy PolicyOf(const store::Policy& from) {
  lifecycle::DeliveryPolicy to;
  Set(to.router_ack, from.router_ack());
  Set(to.delivery_ack, from.delivery_ack());
  Set(to.execution, from.execution());
  to.max_retries = from.max_retries();
  Set(to.backoff_first, from.backoff_first());
  to.backoff_factor = from.backoff_factor();
  Set(to.backoff_max, from.backoff_max());
  Set(to.required_ack, from.required_ack());
  to.cancel_on_timeout = from.cancel_on_timeout();
  to.retryable.clear();
  for (const auto code : from.retryable()) {
    Set(to.retryable.emplace_back(), code);
  }
  return to;
}

void FillTimers(const std::vector<lifecycle::ArmedTimer>& timers, StoredTimers& to) {
  for (const auto& timer : timers) {
    auto& entry = *to.Add();
    entry.set_kind(Number(timer.kind));
    entry.set_deadline(lifecycle::MsOf(timer.deadline));
    entry.set_order(timer.order);
  }
}

std::vector<lifecycle::ArmedTimer> TimersOf(const StoredTimers& from) {
  std::vector<lifecycle::ArmedTimer> timers;
  for (const auto& entry : from) {
    auto& timer = timers.emplace_back();
    Set(timer.kind, entry.kind());
    Set(timer.deadline, entry.deadline());
    timer.order = entry.order();
  }
  return timers;
}

void FillHistory(const lifecycle::AckHistory& history, StoredHistory& to) {
  for (const auto& [type, status, attempt, at] : history) {
    auto& seen = *to.Add();
    seen.set_type(Number(type));
    seen.set_status(Number(status));
    seen.set_attempt(attempt);
    seen.set_at(lifecycle::MsOf(at));
  }
}

lifecycle::AckHistory HistoryOf(const StoredHistory& from) {
  lifecycle::AckHistory history;
  for (const auto& entry : from) {
    auto& [type, status, attempt, at] = history.emplace_back();
    Set(type, entry.type());
    Set(status, entry.status());
    attempt = entry.attempt();
    Set(at, entry.at());
  }
  return history;
}

void FillRouters(const std::set<lifecycle::RouterName>& routers, StoredNames& to) {
  for (const auto& router : routers) {
    *to.Add() = router.str();
  }
}

std::set<lifecycle::RouterName> RoutersOf(const StoredNames& from) {
  std::set<lifecycle::RouterName> routers;
  for (const auto& name : from) {
    routers.insert(lifecycle::RouterName(name));
  }
  return routers;
}

}  // namespace cmb::reference
