// Ids, instants and what arrives: the plain values that the three cores take.
// The shell fills them from decoded headers; nothing here knows Protobuf,
// sockets or a clock. Spec: chapters model and wire.
//
// Threads: values only.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

// A string that cannot be mistaken for another kind of string.
template <typename Tag>
class Name {
 public:
  Name() = default;
  explicit Name(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Name&) const = default;
  bool operator==(const Name&) const = default;

 private:
  std::string text_;
};

using MessageId = Name<struct MessageIdTag>;
using ModuleId = Name<struct ModuleIdTag>;
using ChannelName = Name<struct ChannelNameTag>;
using StreamId = Name<struct StreamIdTag>;
using IdempotencyKey = Name<struct IdempotencyKeyTag>;
// One of the routers that an endpoint is connected to, by a name of the
// endpoint's own (spec 18.1). Empty: its first, or only, one.
using RouterName = Name<struct RouterNameTag>;

// The router's own name.
inline const ModuleId kRouterId{"@router"};

// Names that no module may have (3.1); ids of PINGs too, so that none is a message's
// (CMB-WIRE-022).
inline bool IsReserved(std::string_view id) { return id.starts_with('@'); }

// CMB-SND-003: every record is keyed by it; a source never reuses an id, two sources may.
struct MessageKey {
  ModuleId source;
  MessageId id;
  auto operator<=>(const MessageKey&) const = default;
  bool operator==(const MessageKey&) const = default;
};

// Which send of a message_id: from 1; 0 means none was sent yet.
using Attempt = std::uint32_t;

// How often a message was sent again, once that attempt was sent.
constexpr std::uint32_t RetriesOf(Attempt attempt) { return attempt > 0 ? attempt - 1 : 0; }

using Duration = std::chrono::milliseconds;

// Tag of the protocol's monotonic clock. It is never read here: every call
// brings its `now`.
struct ProtocolClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<ProtocolClock>;
  static constexpr bool is_steady = true;
};
using Instant = ProtocolClock::time_point;

// No wait of the protocol is longer than a hundred years, so that sums of
// instants and durations cannot overflow.
inline constexpr Duration kLongestDuration = std::chrono::hours{24} * 36525;

// A number of milliseconds from the wire as a duration, at most
// kLongestDuration.
constexpr Duration SaturatedMs(std::uint64_t ms) {
  const auto longest = static_cast<std::uint64_t>(kLongestDuration.count());
  return Duration{static_cast<Duration::rep>(ms < longest ? ms : longest)};
}

constexpr Instant AtMs(std::int64_t ms) { return Instant{Duration{ms}}; }
constexpr std::int64_t MsOf(Instant instant) { return instant.time_since_epoch().count(); }

// Frames that the cores hand back untouched: a header with its payload, the
// payload of a result. The shell derives its own class from it and casts back.
// Cores copy the pointer and never look inside.
class Parcel {
 public:
  virtual ~Parcel() = default;
};
using ParcelRef = std::shared_ptr<const Parcel>;

// Defaults of the spec, chapter timers; the shell fills in what a header says.
struct DeliveryPolicy {
  Duration router_ack{1000};
  Duration delivery_ack{10000};
  Duration execution{60000};
  std::uint32_t max_retries = 3;
  Duration backoff_first{1000};
  double backoff_factor = 2.0;
  Duration backoff_max{30000};
  AckType required_ack = AckType::kExecutionAck;
  std::vector<ErrorCode> retryable = {ErrorCode::kBufferFull, ErrorCode::kAckTimeout,
                                      ErrorCode::kAgentUnavailable, ErrorCode::kOverloaded,
                                      ErrorCode::kInternalError};
  bool cancel_on_timeout = false;
};

// What an application hands to a sender.
struct Outgoing {
  MessageId id;
  ModuleId target;
  ChannelName channel;
  IdempotencyKey key;  // Empty: the message_id.
  Duration ttl{300000};
  DeliveryPolicy policy;
  ParcelRef parcel;  // Header and payload; the shell sets attempt, ttl_ms and channel at each send.
  // Feature fallback: the channels that attempts use in turn, over and over;
  // attempt 1 goes out on `channel`, each retry on the one behind the last used
  // (the first, if that is not listed). Empty: every attempt on `channel`.
  std::vector<ChannelName> channels = {};
  // Of this message. Absent: that of the sender's config.
  std::optional<Duration> reconcile_window = {};
};

// A MESSAGE that reached a router or a target. The shell has dropped what is MALFORMED, came on a
// socket where it may not come, or is not of who speaks there (CMB-SEC-001).
struct MessageIn {
  ModuleId source;
  MessageId id;
  std::vector<ModuleId> targets;
  ChannelName channel;  // header.channel.
  ChannelName came_on;  // Router: the channel it came on. Target: not read.
  RouterName via = {};  // Target: the router it came by. Router: not read.
  std::uint32_t schema_version = 1;
  bool knows_critical = true;  // Of the numbers that a receiver must know: none is unknown.
  MsgType msg_type = MsgType::kMessage;
  StreamId stream;
  std::uint64_t sequence = 0;  // Its number in the stream; 0: none.
  IdempotencyKey key;          // Empty: the message_id.
  Attempt attempt = 1;         // As on the wire; 0 is refused by the router.
  Duration ttl{0};             // SaturatedMs(ttl_ms).
  DeliveryPolicy policy;
  std::size_t payload_bytes = 0;
  std::size_t metadata_pairs = 0;
  bool ids_valid = true;  // Router: lengths and bytes of all ids are legal.
  ParcelRef parcel;
};

// What answers the copy names it (CMB-WIRE-001). 0 is answered, and remembered, as attempt 1.
inline Attempt AttemptOf(const MessageIn& message) {
  return message.attempt == 0 ? 1 : message.attempt;
}

// One ACK that arrived, whichever channel its attempt took (CMB-FBK-003), alone or in a batch. The
// shell has dropped what is MALFORMED (attempt 0 included), on a wrong socket, or not of who
// speaks there.
struct AckIn {
  ModuleId source;  // header.source.
  ModuleId target;  // header.targets[0]; empty when there is none.
  MessageId correlation_id;
  AckType type = AckType::kUnspecified;
  Status status = Status::kUnspecified;
  Attempt attempt = 1;
  ErrorCode code = ErrorCode::kUnspecified;
  bool retryable = false;
  std::uint64_t progress_number = 0;
  std::optional<std::uint32_t> percent;
  std::optional<Duration> hold;  // SaturatedMs(hold_ms).
  std::optional<bool> started;
  std::optional<std::uint64_t> memory_ms;
  bool never_forwarded = false;
  std::string note;
  ParcelRef parcel;
};

}  // namespace cmb::lifecycle
