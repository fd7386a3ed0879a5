// The application side of a target: who is offered work.
//
// Implemented by ModuleEndpoint (a queue that Recv empties) and by the harness
// (scripts). Both answer through EndpointShell::WorkStarted and WorkEnded, at
// once or later. Threads: the shell's owner. Spec: chapter "Target".
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
};

class WorkHandler {
 public:
  virtual ~WorkHandler() = default;

  // New work. A refusal is WorkEnded with REJECTED and no WorkStarted.
  virtual void Offer(Work work) = 0;

  // The work shall not start any more, or shall stop; no call about it counts
  // from now on.
  virtual void Drop(const lifecycle::MessageKey& key) = 0;
};

}  // namespace cmb::reference
