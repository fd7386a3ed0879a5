#include "reference/lifecycle/mark_table.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

namespace cmb::lifecycle {

MarkTable::~MarkTable() {
  for (Place at = oldest_; at != kNone; at = At(at).newer) {
    FreeId(At(at));
  }
}

// ---- ids

std::string_view MarkTable::IdOf(const Slot& slot) {
  if (slot.id_length != kLongId) {
    return {slot.id.data(), slot.id_length};
  }
  const std::string* text = nullptr;
  std::memcpy(&text, slot.id.data(), sizeof text);
  return *text;
}

void MarkTable::SetId(Slot& slot, std::string_view id) {
  if (id.size() <= kIdBytes) {
    slot.id_length = static_cast<std::uint8_t>(id.size());
    std::copy(id.begin(), id.end(), slot.id.begin());
    return;
  }
  const auto* text = std::make_unique<std::string>(id).release();
  slot.id_length = kLongId;
  std::memcpy(slot.id.data(), &text, sizeof text);
}

void MarkTable::FreeId(Slot& slot) {
  if (slot.id_length == kLongId) {
    std::string* text = nullptr;
    std::memcpy(&text, slot.id.data(), sizeof text);
    std::unique_ptr<std::string>{text}.reset();
  }
}

MessageKey MarkTable::KeyOf(const Slot& slot) const {
  return {ModuleId(names_.Of(slot.source)), MessageId(std::string(IdOf(slot)))};
}

// ---- buckets, by the id alone: HasRefused asks for no source

std::size_t MarkTable::HashOf(std::string_view id) const {
  std::uint64_t hash = seed_ ^ 0x9E3779B97F4A7C15ULL;
  for (const char byte : id) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0xFF51AFD7ED558CCDULL;
    hash ^= hash >> 32;
  }
  return hash & (buckets_.size() - 1);
}

MarkTable::Place& MarkTable::BucketOf(std::string_view id) { return buckets_[HashOf(id)]; }

MarkTable::Place MarkTable::BucketOf(std::string_view id) const { return buckets_[HashOf(id)]; }

MarkTable::Place MarkTable::SlotOf(const MessageKey& key) const {
  const NameTable::Number source = names_.Find(key.source.str());
  if (source == 0 && !key.source.empty()) {
    return kNone;
  }
  Place at = BucketOf(key.id.str());
  while (at != kNone && (At(at).source != source || IdOf(At(at)) != key.id.str())) {
    at = At(at).next;
  }
  return at;
}

bool MarkTable::HasRefused(const MessageId& id) const {
  Place at = BucketOf(id.str());
  while (at != kNone && (At(at).state != static_cast<std::uint8_t>(State::kRejected) ||
                         IdOf(At(at)) != id.str())) {
    at = At(at).next;
  }
  return at != kNone;
}

void MarkTable::Grow() {
  std::vector<Place>(buckets_.size() * 2, kNone).swap(buckets_);
  for (Place at = oldest_; at != kNone; at = At(at).newer) {
    Place& bucket = BucketOf(IdOf(At(at)));
    At(at).next = std::exchange(bucket, at);
  }
}

// ---- the order of `raised`

void MarkTable::LinkLast(Place place) {
  At(place).older = newest_;
  At(place).newer = kNone;
  (newest_ == kNone ? oldest_ : At(newest_).newer) = place;
  newest_ = place;
}

void MarkTable::Unlink(Place place) {
  const Slot& slot = At(place);
  (slot.older == kNone ? oldest_ : At(slot.older).newer) = slot.newer;
  (slot.newer == kNone ? newest_ : At(slot.newer).older) = slot.older;
}

// ---- slots

MarkTable::Place MarkTable::TakeFree() {
  if (free_ == kNone) {
    const std::size_t first = chunks_.size() * kChunk;
    chunks_.push_back(std::make_unique<Slot[]>(kChunk));
    for (std::size_t n = kChunk; n > 0; --n) {
      const auto place = static_cast<Place>(first + n - 1);
      At(place).next = std::exchange(free_, place);
    }
  }
  return std::exchange(free_, At(free_).next);
}

MarkTable::Place MarkTable::Make(const MessageKey& key) {
  if (size_ >= buckets_.size()) {
    Grow();
  }
  const Place place = TakeFree();
  Slot& slot = At(place);
  slot.source = names_.Take(key.source.str());
  SetId(slot, key.id.str());
  Place& bucket = BucketOf(key.id.str());
  slot.next = std::exchange(bucket, place);
  LinkLast(place);
  ++size_;
  return place;
}

void MarkTable::SetNames(Slot& slot, const RouterMark& mark) {
  const NameTable::Number target = names_.Take(mark.target.str());
  const NameTable::Number channel = names_.Take(mark.channel.str());
  names_.Give(std::exchange(slot.target, target));
  names_.Give(std::exchange(slot.channel, channel));
}

void MarkTable::Put(const MessageKey& key, const RouterMark& mark) {
  Place place = SlotOf(key);
  if (place == kNone) {
    place = Make(key);
  } else if (At(place).raised_ms != MsOf(mark.raised)) {
    Unlink(place);
    LinkLast(place);
  }
  Slot& slot = At(place);
  SetNames(slot, mark);
  slot.raised_ms = MsOf(mark.raised);
  slot.age_ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
      (mark.raised - mark.created).count(), 0, std::numeric_limits<std::uint32_t>::max()));
  slot.attempt = mark.attempt;
  slot.closed = mark.closed;
  slot.refused_through = mark.refused_through;
  slot.state = static_cast<std::uint8_t>(mark.state);
  slot.code = static_cast<std::uint8_t>(mark.code);
}

void MarkTable::Erase(const MessageKey& key) {
  const Place place = SlotOf(key);
  if (place == kNone) {
    return;
  }
  Slot& slot = At(place);
  Place* at = &BucketOf(key.id.str());
  while (*at != place) {
    at = &At(*at).next;
  }
  *at = slot.next;
  Unlink(place);
  SetNames(slot, {});
  names_.Give(slot.source);
  FreeId(slot);
  slot.next = std::exchange(free_, place);
  --size_;
}

std::optional<RouterMark> MarkTable::Find(const MessageKey& key) const {
  const Place place = SlotOf(key);
  if (place == kNone) {
    return std::nullopt;
  }
  const Slot& slot = At(place);
  RouterMark mark;
  mark.state = static_cast<State>(slot.state);
  mark.code = static_cast<ErrorCode>(slot.code);
  mark.attempt = slot.attempt;
  mark.closed = slot.closed;
  mark.refused_through = slot.refused_through;
  mark.target = ModuleId(names_.Of(slot.target));
  mark.channel = ChannelName(names_.Of(slot.channel));
  mark.raised = AtMs(slot.raised_ms);
  mark.created = mark.raised - Duration{slot.age_ms};
  return mark;
}

std::optional<MarkTable::Oldest> MarkTable::First() const {
  if (oldest_ == kNone) {
    return std::nullopt;
  }
  return Oldest{KeyOf(At(oldest_)), AtMs(At(oldest_).raised_ms)};
}

std::vector<MarkTable::Oldest> MarkTable::All() const {
  std::vector<Oldest> all;
  for (Place at = oldest_; at != kNone; at = At(at).newer) {
    all.push_back({KeyOf(At(at)), AtMs(At(at).raised_ms)});
  }
  return all;
}

std::size_t MarkTable::bytes() const {
  return chunks_.size() * kChunk * sizeof(Slot) + chunks_.capacity() * sizeof(chunks_.front()) +
         buckets_.capacity() * sizeof(Place);
}

}  // namespace cmb::lifecycle
