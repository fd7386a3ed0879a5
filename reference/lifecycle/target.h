// The target core: accepts work once, answers every copy of it, tells how far
// it is and how it ended.
//
// A table of works; each message_id that brought the same work, the same
// (source, idempotency_key), is attached to it. The handler itself is the shell's:
// OfferWork hands the work over, the OnHandler… calls bring back what it did.
// Spec: chapters target, deduplication, persistence;
// spec/machines/target.yaml holds every pair
// (CMB-OBS-013, CMB-OBS-025).
//
// `now` never goes back between calls.
//
// Threads: not safe; one owner calls everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/dedup_table.h"
#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/fair_share.h"
#include "reference/lifecycle/handler_acts.h"
#include "reference/lifecycle/pending.h"
#include "reference/lifecycle/record.h"
#include "reference/lifecycle/stream_lines.h"
#include "reference/lifecycle/timers.h"
#include "reference/lifecycle/types.h"
#include "reference/lifecycle/work.h"

namespace cmb::lifecycle {

struct TargetConfig {
  // BASIC: only the end is told, a CANCEL is UNSUPPORTED. DURABLE: the shell
  // keeps every image.
  Profile profile = Profile::kBasic;
  // Feature conditional_ack, from TRACKED on: a hold is told (CMB-PRG-007).
  bool conditional_ack = false;
  // Feature ordered: works of one stream one at a time (CMB-ORD-002, CMB-ORD-003).
  bool ordered = false;
  // When its memory, the store or the process, began empty (CMB-TGT-012).
  Instant began{};
  // Connected to more than one router (CMB-TGT-016).
  bool several_routers = false;
  Duration max_latency{30000};
  // How long a new message_id with a known key is the same work, counted from
  // the first receipt of that work, that instant included.
  Duration key_window{3600000};
  // Works held. Beyond it: RECEIPT/REJECTED BUFFER_FULL.
  std::size_t records = 65536;
  // One source's share of them: this part of the bound.
  std::size_t source_shares = kSourceShares;
};

class Target {
 public:
  Target(ModuleId self, TargetConfig config);
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // A MESSAGE from a message channel.
  Effects OnMessage(const MessageIn& message, Instant now);

  // An ACK from the ACK egress: a CANCEL, or one that the Sender core has no
  // message for. A CANCEL is acted on from TRACKED on (CMB-CXL-006 to -010).
  // Whatever changes nothing is one anomaly: UNKNOWN_VALUE if no endpoint knows
  // the pair, UNKNOWN_MESSAGE without a record of (source, correlation_id),
  // UNSUPPORTED for a CANCEL at a BASIC target, DUPLICATE_ACK for one that was
  // heeded, UNAUTHORIZED_ACK for the rest.
  Effects OnAck(const AckIn& ack, Instant now);

  // What the handler does. `key` as in OfferWork. Each is without effects where
  // it comes too late, or too early: the handler then speaks to nobody.

  // Its start waits for a condition, by its own estimate for `hold` from now
  // (CMB-PRG-007). Says nothing without conditional_ack.
  Effects OnHandlerHeld(const MessageKey& key, Duration hold, Instant now);
  // It starts. Without effects if the work may not start any more; the shell
  // then starts nothing.
  Effects OnHandlerStarted(const MessageKey& key, const HandlerStart& start, Instant now);
  // It got on, while it runs (CMB-PRG-005). Says nothing at a BASIC target.
  Effects OnHandlerProgress(const MessageKey& key, const HandlerProgress& progress, Instant now);
  // It ended. SUCCESS and FAILURE without a start before imply the start;
  // REJECTED after a start is a FAILURE with that code.
  Effects OnHandlerEnded(const MessageKey& key, const HandlerEnd& end, Instant now);
  // It stopped because of the CancelWork that it was told of (CMB-CXL-007).
  Effects OnHandlerStopped(const MessageKey& key, Instant now);

  // Timers: see timers.h. FireNext fires one timer that is due, or gives none.
  std::optional<Timer> NextTimer(TimerClass timer_class) const;
  std::vector<Timer> Timers() const;
  std::optional<Effects> FireNext(Instant now, TimerClass timer_class);

  // By the key of any attached message.
  std::optional<RecordView> Find(const MessageKey& key) const;
  // One for each attached message, ordered by key.
  std::vector<RecordView> Records() const;
  // Works held, CANCELs that came before their message included.
  std::size_t size() const;
  const Pending& pending() const { return pending_; }

  // ---- DURABLE (spec, "Persistence and recovery")

  // All that is needed to restore the work to which the message is attached;
  // absent: there is none, or no more. Its `name` is the same for every
  // attached message, so that a store keeps one image for each work.
  std::optional<WorkImage> Image(const MessageKey& key) const;

  // The terminal ACK of this message has been handed to that router: Restore
  // will not send it there again (CMB-DUR-008). Changes the image.
  void OnEndTold(const MessageKey& key, const RouterName& via);

  // Called once, before anything else, with the images that a store kept; their
  // instants are on the clock of `now`. Offers again what was RECEIVED, resumes
  // or fails what was EXECUTING, says again what may not have been heard
  // (CMB-DUR-004, -006, -008). What fell due meanwhile is left to FireNext.
  Effects Restore(std::vector<WorkImage> images, Instant now);

 private:
  friend struct TargetStep;  // One call at work: target_step.h.

  void TakeNew(const WorkKey& name, const MessageIn& message, Instant now, Effects& effects);
  Work* FindLiving(const WorkKey& name, Instant now, Effects& effects);
  // `before`: what knew the message until now, a tombstone or a refusal; or null.
  void Attach(Work& known, const Work* before, const MessageIn& message, Instant now,
              Effects& effects);
  void Bury(const AckIn& cancel, Instant now);
  void RestoreStreams(const std::vector<Work*>& works);
  void OfferInTurn(const std::vector<Work*>& works, Instant now, Effects& effects);
  // Offers works whose turn has come.
  void PassTurns(Instant now, Effects& effects);
  template <class Act>
  Effects OfHandler(const MessageKey& key, Instant now, Act act);

  ModuleId self_;
  TargetConfig config_;
  DedupTable table_;
  Pending pending_;
  TimerTable timers_;
  StreamLines lines_;
  std::set<StreamLines::Stream> turns_;  // Where somebody's turn may have come in this very call.
  std::uint64_t works_ = 0;              // The last Work::turn or Attachment::came.
};

}  // namespace cmb::lifecycle
