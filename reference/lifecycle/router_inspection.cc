// What a router tells of its records, and their images for a durable store.
// Spec: chapters inspection, dead letters, persistence.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

namespace {

using Records = std::map<MessageKey, RouterRecord>;

// The records that `index` names behind `page.after`, as entries: what is not listed, and what
// comes before the page, costs nothing.
template <typename Entry, typename View>
Listed<Entry> ListOf(const std::set<MessageKey>& index, const Records& records, const Page& page,
                     View view) {
  Listed<Entry> list;
  auto at = page.after ? index.upper_bound(*page.after) : index.begin();
  for (; at != index.end() && list.entries.size() < page.limit; ++at) {
    ++list.looked_at;
    list.entries.push_back(view(records.at(*at)));
  }
  list.more = at != index.end();
  return list;
}

bool IsInFlight(const RouterRecord& record) {
  return record.state == State::kForwarding || record.state == State::kDelivered;
}

DeadLetterView LetterView(const RouterRecord& record) {
  DeadLetterView view;
  view.key = record.key;
  view.target = record.target;
  view.channel = record.channel;
  view.idempotency_key = record.idempotency_key;
  view.reason = record.reason;
  view.code = record.code;
  view.attempt = record.attempt;
  view.given_up = record.changed;
  view.payload_bytes = record.payload_bytes;
  view.ttl = record.ttl;
  view.redrive_of = record.redrive_of;
  view.forwarded = record.forwarded;
  view.parcel = record.parcel;
  return view;
}

}  // namespace

Listed<DeadLetterView> Router::DeadLetters(const Page& page) const {
  return ListOf<DeadLetterView>(letters_, records_, page, LetterView);
}

bool Router::IsLetter(const MessageKey& key) const { return letters_.contains(key); }

std::optional<DeadLetterView> Router::DeadLetter(const MessageKey& key) const {
  return IsLetter(key) ? std::optional(LetterView(records_.at(key))) : std::nullopt;
}

Listed<RecordView> Router::InFlight(const Page& page) const {
  return ListOf<RecordView>(in_flight_, records_, page, RouterView);
}

void Router::CountIn(const RouterRecord& record) {
  rooms_.Take(record);
  counts_.records += record.state != State::kUnspecified ? 1 : 0;
  counts_.forwarding += record.state == State::kForwarding ? 1 : 0;
  counts_.delivered += record.state == State::kDelivered ? 1 : 0;
  counts_.dead_letters += record.dead_letter ? 1 : 0;
  if (record.state == State::kForwarding) {
    ++counts_.queues[record.target];
  }
  if (IsInFlight(record)) {
    in_flight_.insert(record.key);
  }
  if (record.dead_letter) {
    letters_.insert(record.key);
  }
}

void Router::CountOut(const RouterRecord& record) {
  rooms_.Give(record);
  in_flight_.erase(record.key);
  letters_.erase(record.key);
  counts_.records -= record.state != State::kUnspecified ? 1 : 0;
  counts_.forwarding -= record.state == State::kForwarding ? 1 : 0;
  counts_.delivered -= record.state == State::kDelivered ? 1 : 0;
  counts_.dead_letters -= record.dead_letter ? 1 : 0;
  if (record.state == State::kForwarding) {
    const auto queue = counts_.queues.find(record.target);
    Check(queue != counts_.queues.end(), "every message in FORWARDING is counted");
    if (--queue->second == 0) {
      counts_.queues.erase(queue);
    }
  }
}

std::optional<RouterImage> Router::Image(const MessageKey& key) const {
  const auto found = records_.find(key);
  if (found != records_.end()) {
    Check(found->second.trying == 0, "images are made between calls");
    return RouterImage{found->second, timers_.Of(key)};
  }
  const std::optional<RouterMark> mark = marks_.Find(key);
  return mark ? std::optional(RouterImage{Expanded(key, *mark), {}}) : std::nullopt;
}

// CMB-DUR-001, CMB-DUR-002, CMB-DUR-003.
Effects Router::Restore(std::vector<RouterImage> images, Instant now) {
  Check(size() == 0, "a core is restored before it does anything");
  // Marks expire in the order in which they stand in their table.
  std::stable_sort(images.begin(), images.end(), [](const auto& a, const auto& b) {
    return a.record.remember_until < b.record.remember_until;
  });
  for (RouterImage& image : images) {
    const MessageKey key = image.record.key;
    CountIn(image.record);
    if (IsMark(image.record)) {
      RouterMark mark = Collapsed(image.record);
      mark.raised = std::min(mark.raised, now);
      marks_.Put(key, mark);
      continue;
    }
    timers_.Restore(key, image.timers, now);
    by_id_[key.id].push_back(key);
    records_.emplace(key, std::move(image.record));
  }
  return {};
}

}  // namespace cmb::lifecycle
