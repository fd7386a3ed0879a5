// What the images of all cores have in common, to and from the private schema.
// Private to image_codec*.cc. Free of state.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "reference/lifecycle/ack_history.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"
#include "reference/shell/frame_parcel.h"
#include "reference/store/images.pb.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

// Fills `to` from an entry's image. Throws std::runtime_error.
void ParseImage(const TxEntry& entry, google::protobuf::MessageLite& to);

// A null parcel is an unset message, and back.
void FillFrames(const lifecycle::ParcelRef& parcel, store::Frames& to);
lifecycle::ParcelRef ParcelOf(const store::Frames& frames);
// The frames beside the image; null: there are none.
lifecycle::ParcelRef ParcelBeside(const TxEntry& entry);

void FillPolicy(const lifecycle::DeliveryPolicy& policy, store::Policy& to);
lifecycle::DeliveryPolicy PolicyOf(const store::Policy& from);

using StoredTimers = google::protobuf::RepeatedPtrField<store::ArmedTimer>;
void FillTimers(const std::vector<lifecycle::ArmedTimer>& timers, StoredTimers& to);
std::vector<lifecycle::ArmedTimer> TimersOf(const StoredTimers& from);

using StoredHistory = google::protobuf::RepeatedPtrField<store::SeenAck>;
void FillHistory(const lifecycle::AckHistory& history, StoredHistory& to);
lifecycle::AckHistory HistoryOf(const StoredHistory& from);

using StoredNames = google::protobuf::RepeatedPtrField<std::string>;
void FillRouters(const std::set<lifecycle::RouterName>& routers, StoredNames& to);
std::set<lifecycle::RouterName> RoutersOf(const StoredNames& from);

// A name or an enum as the schema has it, and back.
template <class Enum>
int Number(Enum value) {
  return static_cast<int>(value);
}
template <class Enum>
void Set(Enum& to, int number) {
  to = static_cast<Enum>(number);
}
template <class Tag>
void Set(lifecycle::Name<Tag>& to, const std::string& text) {
  to = lifecycle::Name<Tag>(text);
}
inline void Set(lifecycle::Instant& to, std::int64_t ms) { to = lifecycle::AtMs(ms); }
inline void Set(lifecycle::Duration& to, std::int64_t ms) { to = lifecycle::Duration(ms); }

}  // namespace cmb::reference
