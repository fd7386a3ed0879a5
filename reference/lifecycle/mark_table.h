// The marks of a router: of each message that it refused, or whose sender
// cancelled it or gave it up before it came, which attempts are closed. Anybody
// can make a router keep one by a frame of his own, so a mark is small: under
// 100 bytes with its share of the containers, for a message_id of 37 bytes or
// less; a longer id costs its length besides. Names are kept once.
//
// All marks live equally long, so the one raised longest ago expires first.
// Spec: chapter router, "How long a record lives" (CMB-RTR-032).
//
// Threads: not safe; owned by one Router.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "reference/lifecycle/name_table.h"
#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

struct RouterMark {
  State state = State::kUnspecified;  // kRejected, or kUnspecified: there is no record.
  ErrorCode code = ErrorCode::kUnspecified;
  Attempt attempt = 0;
  Attempt closed = 0;
  Attempt refused_through = 0;
  ModuleId target;
  ChannelName channel;
  Instant created;
  Instant raised;  // When it was made or last raised.
  bool operator==(const RouterMark&) const = default;
};

class MarkTable {
 public:
  // `seed` keeps others from choosing ids that fall together; it changes no answer.
  explicit MarkTable(std::uint64_t seed) : seed_(seed), buckets_(kFewest, kNone) {}
  ~MarkTable();
  MarkTable(const MarkTable&) = delete;
  MarkTable& operator=(const MarkTable&) = delete;

  std::optional<RouterMark> Find(const MessageKey& key) const;
  bool Contains(const MessageKey& key) const { return SlotOf(key) != kNone; }
  // Makes it, or puts another in its place. REQUIRES: `raised` is not before that of
  // any other mark, unless it is that of this very mark.
  void Put(const MessageKey& key, const RouterMark& mark);
  // Without effect if there is none.
  void Erase(const MessageKey& key);

  // The one that was raised longest ago.
  struct Oldest {
    MessageKey key;
    Instant raised;
  };
  std::optional<Oldest> First() const;
  // All keys, the one raised longest ago first.
  std::vector<Oldest> All() const;
  // True if some source was refused a message of this id.
  bool HasRefused(const MessageId& id) const;

  std::size_t size() const { return size_; }
  // What the marks and the containers take; names and long ids apart.
  std::size_t bytes() const;

 private:
  using Place = std::uint32_t;
  static constexpr Place kNone = 0xFFFFFFFF;
  static constexpr std::size_t kFewest = 16;
  static constexpr std::size_t kIdBytes = 37;
  static constexpr std::size_t kChunk = 1024;

  struct Slot {
    std::int64_t raised_ms;
    NameTable::Number source, target, channel;
    Attempt attempt, closed, refused_through;
    std::uint32_t age_ms;  // Since it was made, until it was raised.
    Place older, newer;    // In the order of `raised`.
    Place next;            // Of the bucket, or of the free ones.
    std::uint8_t state, code, id_length;
    std::array<char, kIdBytes> id;  // Longer: a pointer to a std::string.
  };
  static_assert(sizeof(Slot) <= 88);
  static constexpr std::uint8_t kLongId = 0xFF;

  Slot& At(Place place) { return chunks_[place / kChunk][place % kChunk]; }
  const Slot& At(Place place) const { return chunks_[place / kChunk][place % kChunk]; }
  Place SlotOf(const MessageKey& key) const;
  Place& BucketOf(std::string_view id);
  Place BucketOf(std::string_view id) const;
  std::size_t HashOf(std::string_view id) const;
  static std::string_view IdOf(const Slot& slot);
  static void SetId(Slot& slot, std::string_view id);
  static void FreeId(Slot& slot);
  MessageKey KeyOf(const Slot& slot) const;
  Place Make(const MessageKey& key);
  Place TakeFree();
  void SetNames(Slot& slot, const RouterMark& mark);
  void LinkLast(Place place);
  void Unlink(Place place);
  void Grow();

  const std::uint64_t seed_;
  std::vector<Place> buckets_;
  std::vector<std::unique_ptr<Slot[]>> chunks_;
  Place free_ = kNone;
  Place oldest_ = kNone;
  Place newest_ = kNone;
  std::size_t size_ = 0;
  NameTable names_;
};

}  // namespace cmb::lifecycle
