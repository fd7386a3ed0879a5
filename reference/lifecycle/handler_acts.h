// What a handler tells the target core: that it starts, how far it is, how it
// ended.
//
// Made by shells and by ModuleEndpoint. Threads: values only. Spec: chapter
// target.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/lifecycle/types.h"
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

struct HandlerStart {
  // Say IN_PROGRESS (CMB-PRG-004). After a hold it is said in any case.
  bool announce = false;
  // The work can be gone on with after a restart (CMB-DUR-006): then it stays
  // EXECUTING and comes as ResumeWork, else it has FAILED (INTERRUPTED).
  bool resumable = false;
};

// CMB-PRG-005. What is absent is not said.
struct HandlerProgress {
  std::optional<std::uint32_t> percent;  // 0 to 100.
  std::optional<std::uint64_t> done;     // Items, of `total`.
  std::optional<std::uint64_t> total;
  std::optional<Duration> eta;  // From now to the end.
};

struct HandlerEnd {
  Status status = Status::kSuccess;  // SUCCESS, FAILURE or REJECTED.
  ErrorCode code = ErrorCode::kUnspecified;
  bool retryable = false;  // With REJECTED: a higher attempt is judged afresh.
  std::string note;
  ParcelRef parcel;  // Payload of the ACK; null: empty.
  // With FAILURE PARTIAL_DELIVERY: items done, of `total` (CMB-PRG-008).
  std::optional<std::uint64_t> done{};
  std::optional<std::uint64_t> total{};
};

}  // namespace cmb::lifecycle
