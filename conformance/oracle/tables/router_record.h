// What a router holds: records, closed marks without one, and what connects to it. Values; no
// threads.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "conformance/oracle/tables/waits.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::oracle::tables::router {

// (source, message_id), in the order of lists (16.3).
using Key = std::pair<std::string, std::string>;

// A header as it came, or as the router made it, with its payload.
struct Bytes {
  ack::v1::CognitiveMessage header;
  std::optional<FrameBytes> header_bytes;  // Absent: made, in whatever order of fields.
  FrameBytes payload;
};

// What a phase of deliveries counts.
struct Deliveries {
  std::uint32_t count = 0;  // Since the phase began: delivery_count.
  bool kept = false;        // Some of them a restart has kept (CMB-DUR-002).
  std::uint32_t waits = 0;  // Its place in the backoff.
  Wait wait;                // That runs, or that has ended.
  std::uint64_t armed_ms = 0;

  void CountAnew() {
    count = 0;
    kept = false;
  }
};

using Judged = std::tuple<ack::v1::AckType, ack::v1::Status, std::uint32_t>;

struct Record {
  Key key;
  ack::v1::State state = ack::v1::STATE_UNSPECIFIED;
  ack::v1::Reason reason = ack::v1::REASON_UNSPECIFIED;
  ack::v1::ErrorCode error_code = ack::v1::ERROR_CODE_UNSPECIFIED;
  std::uint32_t current = 0;  // The highest attempt accepted or rejected.
  std::uint32_t closed = 0;   // The closed mark.
  Bytes copy;                 // Of the current attempt.
  std::string channel;        // By which it came.
  std::string target;         // Of the copy that made the record.
  Deliveries deliveries;
  std::uint64_t created_ms = 0, changed_ms = 0;

  std::uint64_t life_end_ms = 0;       // 7.3.
  std::uint64_t came_ttl_ms = 0;       // ttl_ms of the last copy that had one, as it came.
  std::uint64_t copies_end_ms = 0;     // Of the lives of all copies that were not refused (5.7).
  std::uint64_t terminal_at_ms = 0;    // Last entry into a terminal state, DELIVERED included.
  std::uint64_t refused_at_ms = 0;     // REJECTED: last refusal, CANCEL or TIMEOUT.
  std::set<std::uint32_t> refused;     // Attempts, while in REJECTED.
  std::optional<Bytes> terminal;       // The stored ACK.
  std::map<Judged, bool> judged;       // RECEIPTs and TIMEOUTs; true: before the last restart.
  std::vector<ack::v1::AckSeen> acks;  // That took effect.
  std::optional<std::uint64_t> last_retry_ms;

  bool is_redrive = false;
  // Something came when its time was over, and did not show whether it is there.
  bool may_be_gone = false;
  std::string kept;  // As the last restart kept it, serialised. Empty: no restart yet.

  bool dead_letter = false;
  std::optional<std::uint64_t> forwarded_at_ms;  // Of the work, first (CMB-DLQ-009).

  const std::string& source() const { return key.first; }
  const std::string& message_id() const { return key.second; }
};

// Left by a CANCEL or a TIMEOUT of a message without a record.
struct ClosedMark {
  std::uint32_t closed = 0;
  std::uint64_t left_at_ms = 0;
};

inline bool IsRefusal(const Record& record) { return record.state == ack::v1::STATE_REJECTED; }

}  // namespace cmb::conformance::oracle::tables::router
