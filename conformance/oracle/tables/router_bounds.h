// The settings of a router and what its bounds mean, and what it takes from a message's policy
// (7.1, 12.3). Borrows the history. No threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/oracle/history/history.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::oracle::tables::router {

inline constexpr std::size_t kLongestId = 255;
inline constexpr std::uint64_t kTakenBytes = 65536;  // Of a header, and of the payload of a PING.

class Bounds {
 public:
  explicit Bounds(const History& history) : history_(history) {}

  std::uint64_t max_latency_ms() const { return history_.max_latency_ms(); }
  std::uint64_t key_window_ms() const { return history_.key_window_ms(); }
  std::uint64_t max_ttl_ms() const;
  std::uint64_t dead_letter_ms() const;
  std::uint32_t max_deliveries() const;
  // Absent: the implementation's own, not below what it must take.
  std::optional<std::uint64_t> payload_bytes() const;
  std::optional<std::uint64_t> header_bytes() const;
  const control::v1::Limits& limits() const { return history_.settings().limits(); }

  // CMB-SEC-014. A bound of 0 is the implementation's own, which no test reaches.
  bool HasRoom(std::uint64_t bound, std::uint64_t held, std::uint64_t held_of_source) const;

  bool IsDurable() const { return history_.profile() == ack::v1::PROFILE_DURABLE; }
  bool IsTracked() const { return wire::Holds(history_.profile(), ack::v1::PROFILE_TRACKED); }
  bool TakesBatches() const { return history_.Declares(ack::v1::FEATURE_BATCH_ACK); }

 private:
  const History& history_;
};

// floor(0.9 · delivery_ack_ms) (CMB-RTR-012).
std::uint64_t DeliveryPhaseMs(const ack::v1::DeliveryPolicy& policy);

}  // namespace cmb::conformance::oracle::tables::router
