// What a sender knows of one message, as the inputs make it. Values; no threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle::tables::sender {

// Type, status and attempt (CMB-DUP-001).
using JudgedAck = std::tuple<int, int, std::uint32_t>;
// Attempt and progress_number (CMB-DUP-011).
using Place = std::pair<std::uint32_t, std::uint64_t>;

struct Record {
  std::string message_id;
  control::v1::Send send;  // As the application gave it.
  FrameBytes payload;
  PolicyTold policy{};  // With every default filled in.
  std::uint64_t window_ms = 0;
  std::uint64_t life_ms = 0;
  std::uint64_t created_ms = 0;
  std::uint64_t wall_ms = 0;  // Of the send.

  ack::v1::State state = ack::v1::STATE_IDLE;
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;
  ack::v1::ErrorCode error_code = ack::v1::ERROR_CODE_UNSPECIFIED;
  ack::v1::Certainty certainty = ack::v1::CERTAINTY_UNSPECIFIED;
  std::string_view certainty_rests_on = "CMB-LATE-012";  // The sentence.
  std::uint64_t entered_ms = 0;                          // This state.

  std::uint32_t attempt = 0;       // The last one sent; 0: none was.
  std::string channel;             // Of the last attempt, or the message's.
  std::set<std::string> channels;  // By which attempts went.
  std::uint64_t wait_ms = 0;       // The last one drawn.
  std::optional<std::uint64_t> last_retry_ms;

  ack::v1::AlertState alert = ack::v1::ALERT_STATE_UNSPECIFIED;
  bool dead_letter = false;
  bool start_attested = false;
  bool proof_was_wrong = false;
  bool own_key = false;
  bool cancel_sent = false;
  std::uint32_t cancels_repeated = 0;
  bool completed_early = false;      // By required_ack.
  bool succeeded = false;            // An EXECUTION_ACK/SUCCESS has come.
  bool failure_confirmed = false;    // By the target, after the router told it.
  bool refused = false;              // By a REJECTED, in this failure.
  std::set<std::uint32_t> rejected;  // Attempts, each while it was current in SEND_PENDING.
  ack::v1::State highest = ack::v1::STATE_UNSPECIFIED;  // Stage seen of a completed_early record.

  // With the process in which it was judged, from 0 (CHO-008).
  std::map<JudgedAck, std::size_t> judged;
  std::optional<Place> place;
  std::size_t place_judged = 0;
  std::vector<ack::v1::AckSeen> taken;  // What came and was no anomaly.
  ack::v1::AckType last_ack_type = ack::v1::ACK_TYPE_UNSPECIFIED;
  ack::v1::Status last_status = ack::v1::STATUS_UNSPECIFIED;

  const std::string& target() const { return send.target(); }
  std::string key() const {
    return send.idempotency_key().empty() ? message_id : send.idempotency_key();
  }
};

// A ttl_ms or hold_ms above it is treated as it (7.3): a hundred years.
inline constexpr std::uint64_t kLongestMs = 3'155'760'000'000;

// Where no setting bounds a header, and what nobody sends beyond (CMB-WIRE-018, -023).
inline constexpr std::uint64_t kHeaderBytes = 65536;

inline bool IsTerminal(ack::v1::State state) {
  return state == ack::v1::STATE_COMPLETED_SUCCESS || state == ack::v1::STATE_COMPLETED_FAILURE ||
         state == ack::v1::STATE_TIMEOUT_ABORT;
}

}  // namespace cmb::conformance::oracle::tables::sender
