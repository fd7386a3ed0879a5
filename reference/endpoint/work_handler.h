// The application side of a target: who is offered work, and hears what becomes
// of its wish to do it.
//
// Implemented by ModuleEndpoint (a queue that Recv empties) and by the harness
// (scripts). Both answer through EndpointShell::WorkHeld, WorkStarted,
// WorkProgressed, WorkEnded and WorkStopped, at once or later. Threads: the
// shell's owner. Spec: chapters "Target", "Progress", "Cancellation".
#pragma once

#include <memory>

#include "reference/lifecycle/types.h"
#include "reference/shell/frame_parcel.h"

namespace cmb::reference {

struct Work {
  lifecycle::MessageKey key;  // Names the work in every later call.
  lifecycle::IdempotencyKey idempotency_key;
  lifecycle::Attempt attempt = 0;
  std::shared_ptr<const FrameParcel> frames;  // The message that brought it.
  // When the copy came that made or last reopened the work: before now if it
  // waited for its turn in a stream, or for a restart.
  lifecycle::Instant arrived;
  bool again = false;  // Offered again after a restart; it has not started.
  bool runs = false;   // Resumed after a restart: it was started before.
};

class WorkHandler {
 public:
  virtual ~WorkHandler() = default;

  // New work. A refusal is WorkEnded with REJECTED and no WorkStarted.
  virtual void Offer(Work work) = 0;

  // The work shall not start any more; no call about it counts from now on.
  virtual void Drop(const lifecycle::MessageKey& key) = 0;

  // A CANCEL came for work that runs. WorkStopped if the handler stops; else it
  // works on and ends as it would have ended (CMB-CXL-007, CMB-CXL-008).
  virtual void Cancel(const lifecycle::MessageKey& key) = 0;

  // The life of work that runs has ended: its sender has given up, and what it
  // holds may be released. It ends as it sees fit (CMB-TGT-014).
  virtual void LifeEnded(const lifecycle::MessageKey& key) = 0;

  // The process restarted under work that was started as resumable: it runs, and
  // WorkStarted is not called again (CMB-DUR-015).
  virtual void Resume(Work work) = 0;
};

}  // namespace cmb::reference
