// The sender core: what became of every message that one module sent.
//
// A table of records, one for each message_id, driven by Send, Cancel, the
// ACKs that arrive and the timers that fall due. It sends nothing and waits
// for nothing: each call returns the ordered effects that its shell (the
// endpoint) carries out. Spec: chapters sender, timers, late; the table
// spec/machines/sender.yaml holds every (state, event) pair
// (CMB-OBS-013, CMB-OBS-025).
//
//   Sender sender(ModuleId("sender"), SenderConfig{}, jitter);
//   shell.Run(sender.Send(outgoing, now));
//   shell.Run(sender.OnAck(ack, now));
//   while (auto effects = sender.FireNext(now, TimerClass::kProtocol)) shell.Run(*effects);
//
// `now` never goes back between calls.
//
// Threads: not safe; one owner calls everything.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/lifecycle/backoff.h"
#include "reference/lifecycle/circuit_breaker.h"
#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/pending.h"
#include "reference/lifecycle/record.h"
#include "reference/lifecycle/sender_record.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

struct SenderConfig {
  // BASIC: Cancel has no effect.
  Profile profile = Profile::kDurable;
  // Retries use Outgoing::channels (CMB-FBK-001).
  bool fallback = false;
  // Which router a channel leads to (CMB-FBK-004); not listed: the first.
  std::map<ChannelName, RouterName> routers = {};
  // A target that fails again and again is left alone for a while (CMB-CBR-001).
  bool circuit_breaker = false;
  CircuitConfig circuit = {};
  // How long a TIMEOUT_ABORT may still become COMPLETED_*, that instant
  // included.
  Duration reconcile_window{300000};
  // Since when one clock has told the time that passes; of what was sent before no memory of a
  // target proves anything (CMB-TMR-014).
  Instant measured_since{};
  // The longest that a frame may be under way; after the window a record is
  // held for twice as long.
  Duration max_latency{30000};
  // A longer life is refused.
  Duration max_ttl{604800000};
  // Messages that are not terminal. Beyond it Send is refused.
  std::size_t in_flight = 65536;
  // Records in all, terminal ones included. Beyond it Send is refused.
  std::size_t records = 1048576;
};

// Why Send did nothing.
struct SendRefusal {
  ErrorCode code = ErrorCode::kUnspecified;
  std::string sentence;
};

class Sender {
 public:
  Sender(ModuleId self, SenderConfig config, JitterSource jitter);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // The application sends. A life of 0 ends in TIMEOUT_ABORT (TTL_EXPIRED) in
  // this very call, an open circuit in COMPLETED_FAILURE (CIRCUIT_OPEN), and
  // nothing is sent. Refused, without a record (CMB-SND-004): OVERLOADED when a bound of the config
  // is reached, else VALIDATION_ERROR: the id was used before or is empty, channel or target is
  // empty, the life is above max_ttl, or the policy is outside its ranges. The record whose id is
  // the message's key changes too.
  std::variant<Effects, SendRefusal> Send(const Outgoing& outgoing, Instant now);

  // The application cancels. No effects if the record is unknown, COMPLETED_* or
  // cancelled before; in TIMEOUT_ABORT the target hears of it and nothing else.
  Effects Cancel(const MessageId& id, Instant now);

  // An ACK from the ACK egress. Judged in the order of the spec; whatever is
  // dropped is exactly one AnomalyEvent.
  Effects OnAck(const AckIn& ack, Instant now);

  // Timers: see timers.h. FireNext fires one timer that is due, or gives none.
  std::optional<Timer> NextTimer(TimerClass timer_class) const;
  std::vector<Timer> Timers() const;
  std::optional<Effects> FireNext(Instant now, TimerClass timer_class);

  std::optional<RecordView> Find(const MessageId& id) const;
  // The record with its timers; none is held: nothing.
  std::optional<SenderImage> Image(const MessageId& id) const;
  // Takes back what an earlier process had, before anything else is called.
  // Timers keep their instants; one that has passed is due at `now` (CMB-DUR-022).
  // Bounds are not applied to it. Circuits begin closed.
  Effects Restore(std::vector<SenderImage> images, Instant now);

  // All records, ordered by message id.
  std::vector<RecordView> Records() const;
  std::size_t in_flight() const { return in_flight_; }
  const Pending& pending() const { return pending_; }
  std::size_t size() const;

 private:
  friend struct SenderStep;  // One call at work: sender_step.h.

  std::optional<SendRefusal> Refuse(const Outgoing& outgoing) const;
  RouterName RouterOf(const ChannelName& channel) const;
  void BorrowKey(const SenderRecord& record);

  ModuleId self_;
  SenderConfig config_;
  JitterSource jitter_;
  std::map<MessageId, SenderRecord> records_;
  TimerTable timers_;
  CircuitBreaker breaker_;
  std::size_t in_flight_ = 0;
  Pending pending_;
};

}  // namespace cmb::lifecycle
