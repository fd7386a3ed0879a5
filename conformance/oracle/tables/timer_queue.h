// The timers that a model has armed, in the order in which they fire: TTL timers first, then those
// of one instant in the order of arming (CMB-TMR-008, -013). Values; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmb/ack/v1/vocabulary.pb.h"

namespace cmb::conformance::oracle::tables {

inline constexpr std::uint64_t kPerhapsMs = UINT64_MAX;

struct ArmedTimer {
  std::string source, message_id;  // Of the record, as Timers lists it.
  ack::v1::TimerKind kind = ack::v1::TIMER_KIND_UNSPECIFIED;
  std::uint64_t deadline_ms = 0;
  std::uint64_t order = 0;       // Rising with each arming.
  std::string_view requirement;  // That it is armed so.
  // Before `deadline_ms` where the IUT draws the instant itself, between the two.
  std::uint64_t earliest_ms = 0;

  // Whether it is armed is the IUT's (level.h); its next deadline tells.
  bool free = false;

  // It may have been armed or not, and need not fire.
  bool MayBe() const { return deadline_ms == kPerhapsMs || free; }
};

class TimerQueue {
 public:
  // A timer of the same record and kind is replaced, and is then the last armed.
  void Arm(const std::string& source, const std::string& message_id, ack::v1::TimerKind kind,
           std::uint64_t deadline_ms, std::string_view requirement,
           std::uint64_t earliest_ms = UINT64_MAX);
  // The IUT shows that a timer fired at `now_ms` whose instant it drew.
  void Settle(const std::string& source, const std::string& message_id, ack::v1::TimerKind kind,
              std::uint64_t now_ms);
  // One of them did, where no other timer is due.
  void SettleOne(std::uint64_t now_ms);
  void Disarm(const std::string& source, const std::string& message_id, ack::v1::TimerKind kind);
  void DisarmAll(const std::string& source, const std::string& message_id);
  // And its record is forgotten; an IUT that forgets later may still have a timer for that
  // (CHO-005).
  void Forget(const std::string& source, const std::string& message_id);
  void Clear();
  // An exchange begins: what is armed and disarmed from here on is new.
  void Begin();
  // It need not be armed; nor need any protocol timer that was armed since Begin.
  void Free(const std::string& source, const std::string& message_id, ack::v1::TimerKind kind);
  void FreeNew();
  // The next protocol deadline by the IUT (0: none) tells which of these are armed, and which not.
  void Hear(std::uint64_t said_ms);
  // After a restart: what has passed is due now (CMB-CTL-038), in the order of its arming.
  void DueNow(std::uint64_t now_ms, std::string_view requirement);

  const ArmedTimer* Find(const std::string& source, const std::string& message_id,
                         ack::v1::TimerKind kind) const;
  // Takes out the next protocol timer at or before `now_ms`.
  std::optional<ArmedTimer> PopDue(std::uint64_t now_ms);
  // The protocol timer with the earliest deadline; null: none need be armed.
  const ArmedTimer* Next() const;
  bool IsNew(const ArmedTimer& timer) const { return timer.order > old_; }
  // The protocol timer that was armed last since Begin; null: none.
  const ArmedTimer* Newest() const;
  // A protocol timer that was disarmed, or armed anew, and would have fired then; null: none.
  const ArmedTimer* Stray(std::uint64_t at_ms) const;
  // Whether that was since Begin.
  bool IsNewStray(const ArmedTimer& stray) const { return &stray - disarmed_.data() >= kept_; }
  // `at_ms` may be the next deadline of a protocol timer, or, where none is armed, of housekeeping.
  bool MayBeNext(std::uint64_t at_ms) const;
  bool MayBeHousekeeping(std::uint64_t at_ms) const;
  bool MayExpire(const std::string& source, const std::string& message_id) const {
    return forgotten_.contains({source, message_id});
  }
  const std::vector<ArmedTimer>& all() const { return timers_; }

 private:
  const ArmedTimer* Earliest(bool with_free) const;

  std::vector<ArmedTimer> timers_, disarmed_;
  std::set<std::pair<std::string, std::string>> forgotten_;
  std::uint64_t armed_ = 0, old_ = 0;
  std::ptrdiff_t kept_ = 0;  // Of `disarmed_`, before Begin.
};

// Numbered below 20 in TimerKind (CMB-CTL-014).
bool IsProtocolTimer(ack::v1::TimerKind kind);

}  // namespace cmb::conformance::oracle::tables
