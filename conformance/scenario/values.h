// The small values that a loaded scenario is made of: places, ranges, terms,
// field matchers, payloads. Plain data, no behaviour but equality; built by
// the loader, read by the engine. Scenario language, sections 2 and 4.
//
// Everything of the matrix is substituted. A `$name.path` that is left in a
// text names a message or a kept frame and is resolved while the case runs,
// by ExpandReferences of references.h. Those texts have the type Text.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cmb::ack::v1 {
enum AckType : int;
enum AlertState : int;
enum AnomalyKind : int;
enum Certainty : int;
enum ErrorCode : int;
enum Feature : int;
enum Profile : int;
enum QueryKind : int;
enum Reason : int;
enum Role : int;
enum State : int;
enum Status : int;
enum TimerKind : int;
}  // namespace cmb::ack::v1

namespace cmb::conformance::scenario {

namespace words = ::cmb::ack::v1;
using Milliseconds = std::chrono::milliseconds;
// A text that may hold `$name.path` references.
using Text = std::string;

// Where something was written. Places compare equal to each other, so that two
// cases are equal when they say the same.
struct Where {
  std::string file;
  int line = 0;    // From 1.
  int column = 0;  // From 1.
  bool operator==(const Where&) const { return true; }
};

// "FILE:LINE:COLUMN".
std::string ToString(const Where& where);

// Both ends included; `5s` alone has low == high.
struct DurationRange {
  Milliseconds low{0};
  Milliseconds high{0};
  bool IsInstant() const { return low == high; }
  bool operator==(const DurationRange&) const = default;
};

// Both ends included; `3` alone has low == high.
struct CountRange {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const CountRange&) const = default;
};

// What an `ack` puts on the wire, an `expect` looks for or a fault takes.
struct Term {
  enum class Kind {
    kMessage,
    kAck,  // ack_type, status and code say which.
    kPing,
    kPong,
    kReply,
    kTransition,  // old_state, new_state, reason.
    kAnomaly,     // anomaly.
    kAlert,       // alert.
    kExecution,
    kAny,  // Only in `never` and in faults.
  };
  Kind kind = Kind::kAny;
  words::AckType ack_type{};
  std::optional<words::Status> status;  // Absent: any. Of a CANCEL: UNSPECIFIED.
  // Absent: any, or with a status that has none. In an `ack` the loader fills in ACK_TIMEOUT for
  // TIMEOUT and INTERNAL_ERROR for FAILURE and REJECTED when none is written.
  std::optional<words::ErrorCode> code;
  words::State old_state{};
  words::State new_state{};
  std::optional<words::Reason> reason;  // Absent: any.
  words::AnomalyKind anomaly{};
  words::AlertState
      alert{};       // `alert` is RAISED, `alert resolved` RESOLVED, `alert updated` UPDATED.
  std::string text;  // As written, for reports.
  bool operator==(const Term&) const = default;
};

// How one field is judged. Values are texts in the words of the spec: enum
// words without prefix, whole numbers in decimal, durations as their number of
// milliseconds, booleans true and false, bytes as they are.
struct Matcher {
  enum class Kind { kEqual, kWithin, kPresent, kAbsent, kContains, kAnyOf, kList };
  Kind kind = Kind::kEqual;
  Text text;                  // kEqual, kContains.
  CountRange range;           // kWithin.
  std::vector<Matcher> list;  // kAnyOf: one must agree; kList: one for each element, in order.
  bool operator==(const Matcher&) const = default;
};

// One field of the decoded frame or record, by its path: `ack.correlation_id`.
struct FieldMatch {
  std::string path;
  Matcher matcher;
  Where where;
  bool operator==(const FieldMatch&) const = default;
};

// One change of an otherwise correct header.
struct SetField {
  enum class Kind {
    kValue,    // `values` has one element (a scalar field), or any number (kList).
    kList,     // The whole of a repeated field.
    kAbsent,   // Removed.
    kUnknown,  // A length-delimited field `number` with the bytes of values[0].
  };
  Kind kind = Kind::kValue;
  std::string path;
  std::vector<Text> values;  // In the form of Matcher::text; numbers stand for enum values too.
  std::uint32_t number = 0;
  Where where;
  bool operator==(const SetField&) const = default;
};

// How encoded frames are broken.
struct Harm {
  enum class Kind { kNone, kNamed, kTruncate, kFlipBit };
  Kind kind = Kind::kNone;
  std::string name;      // kNamed: a mutilation of the codec, `bad_utf8`.
  std::uint64_t at = 0;  // kTruncate: bytes of the header that stay; kFlipBit: which bit of it.
  bool operator==(const Harm&) const = default;
};

// The second frame.
struct Payload {
  enum class Kind {
    kDefault,  // In `send`: 16 bytes of the alias. Elsewhere: empty.
    kText,
    kSize,   // `size` bytes, which the engine chooses.
    kBytes,  // `text` is the bytes.
  };
  Kind kind = Kind::kDefault;
  Text text;
  std::uint64_t size = 0;
  bool operator==(const Payload&) const = default;
};

// How a payload is judged.
struct PayloadMatch {
  enum class Kind {
    kMatcher,  // The payload's bytes as a text.
    kSize,     // Its length alone.
    kSame,     // As the message was sent.
  };
  Kind kind = Kind::kMatcher;
  Matcher matcher;
  std::uint64_t size = 0;
  bool operator==(const PayloadMatch&) const = default;
};

struct Progress {
  Milliseconds at{0};
  std::uint32_t percent = 0;
  bool operator==(const Progress&) const = default;
};

// What executing a message amounts to, whoever plays the target. Times from
// the first receipt.
struct Work {
  enum class End { kSuccess, kFailure, kRejected, kNever };
  std::optional<Milliseconds> starts;  // Absent: IN_PROGRESS is not said.
  std::vector<Progress> progress;
  std::optional<Milliseconds> hold;
  End ends = End::kSuccess;
  words::ErrorCode code{};  // With kFailure and kRejected.
  Milliseconds after{0};
  bool stop_on_cancel = true;
  bool retryable = false;  // With kRejected.
  bool ends_with_life = false;
  bool operator==(const Work&) const = default;
};

}  // namespace cmb::conformance::scenario
