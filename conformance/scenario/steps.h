// The steps of a loaded scenario: one struct for each verb. Plain data; the
// engine executes it, the runner prints it. Scenario language, sections 4, 5.
//
// Families (`m1..m200`) and lists are expanded to the aliases they name, in
// order. Modules are written as in the scenario: sender, router, target, or a
// name of Case::peers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/scenario/values.h"

namespace cmb::conformance::scenario {

struct Step;

// ---------------------------------------------------------------- acts

// The fields of a message stand in Case::messages under its alias.
struct Send {
  std::vector<std::string> aliases;
  bool operator==(const Send&) const = default;
};

// Lower tester: the same ids again.
struct Resend {
  std::vector<std::string> aliases;
  std::optional<std::uint32_t> attempt;  // Absent: the last one sent plus 1.
  std::optional<Work> work;              // Absent: the script stays.
  std::vector<SetField> set;
  Harm corrupt;
  std::string on;  // main, ack_ingress, ack_egress, a channel's name. Empty: the rightful socket.
  bool operator==(const Resend&) const = default;
};

// The application of a sender IUT cancels.
struct CancelMessages {
  std::vector<std::string> aliases;
  bool operator==(const CancelMessages&) const = default;
};

// The lower tester puts an ACK on the wire, once for each alias.
struct AckAct {
  Term term;  // Kind kAck; status always there.
  std::vector<std::string> of;
  std::string by;                        // Empty: RightfulAuthor of model.h.
  std::optional<std::uint32_t> attempt;  // Absent: the latest seen.
  std::optional<std::uint32_t> percent;
  std::optional<Milliseconds> hold;
  Payload payload;
  std::vector<SetField> set;
  Harm corrupt;
  std::string on;  // As in Resend.
  bool operator==(const AckAct&) const = default;
};

// These frames, as they are. In a batch: encoded ACKs, and neither by nor on.
struct Raw {
  std::vector<std::string> frames;
  std::string by;
  std::string on;
  bool operator==(const Raw&) const = default;
};

struct Ping {
  std::string to;  // A module.
  std::string by;  // A module of the lower tester.
  std::string on;
  std::string as;  // Alias by which `of` may name it. Empty: none.
  Payload payload;
  std::vector<SetField> set;
  bool operator==(const Ping&) const = default;
};

// Those ACKs in one ack_batch.
struct Batch {
  std::vector<Step> acks;  // AckAct without by, payload, corrupt and on, the first; or Raw.
  std::string by;          // Empty: the rightful author of the first.
  std::vector<SetField> set;
  Harm corrupt;
  std::string on;
  bool operator==(const Batch&) const;
};

// A QUERY to @router. Role router only.
struct Ask {
  words::QueryKind kind{};
  std::string by;  // A module.
  std::string of;  // Alias of the message it is about. Empty: none, or all.
  std::string as;  // Alias of the new message of a redrive, else of the question. Empty: none.
  std::vector<SetField> set;
  Harm corrupt;
  std::string on;
  bool operator==(const Ask&) const = default;
};

// kill -9 of the IUT, and its start with the same store.
struct Crash {
  std::string role;  // sender, router, target.
  bool operator==(const Crash&) const = default;
};
struct Start {
  std::string role;
  bool operator==(const Start&) const = default;
};

// The connections of one module with a router IUT close and open again.
struct Disconnect {
  std::string module;
  bool operator==(const Disconnect&) const = default;
};
struct Connect {
  std::string module;
  bool operator==(const Connect&) const = default;
};

// ZeroMQ's queues to one module are full from now on, or have room again.
struct FillQueue {
  std::string module;
  bool full = false;
  bool operator==(const FillQueue&) const = default;
};

// The wall clock jumps by so much, which may be negative.
struct WallJump {
  Milliseconds by{0};
  std::string of;  // In a system: sender, router, target. Else empty.
  bool operator==(const WallJump&) const = default;
};

// Moves the clock.
struct Advance {
  bool until_quiet = false;
  Milliseconds by{0};               // Unless until_quiet.
  std::vector<Step> before_timers;  // Acts at the last instant, before its timers.
  std::vector<Step> after_timers;   // The same, handled in one Advance with them and after them.
  bool operator==(const Advance&) const;
};

// Acts that the IUT finds waiting at once.
struct Together {
  std::vector<Step> acts;
  bool operator==(const Together&) const;
};

// ---------------------------------------------------------------- observations

// All but `path`s of `except` decoded equal to what `name` is.
struct SameAs {
  std::string name;  // A kept frame or a message.
  std::vector<std::string> except;
  bool operator==(const SameAs&) const = default;
};

// What `expect`, `never` and a member of `in_order` select and judge.
struct Expectation {
  Term term;
  // Aliases it is about, one item each. Empty: it is about no message, or about
  // any (a term of kind kAnomaly without `of`, a `never` without `of`).
  std::vector<std::string> of;
  std::string to;  // Receiver, a module. Empty: where the spec sends that kind.
  std::string on;  // Socket or channel. Empty: not judged.
  std::optional<Matcher> attempt;
  std::optional<Matcher> ttl;  // Milliseconds.
  std::optional<Matcher> percent;
  std::optional<Matcher> hold;  // Milliseconds.
  std::optional<Matcher> text;  // Of an alert, or the note of an ACK.
  std::optional<PayloadMatch> payload;
  std::optional<bool> batched;
  std::vector<FieldMatch> fields;
  std::optional<SameAs> same_as;
  std::string same_bytes_as;  // A kept frame or a message as it was sent. Empty: not judged.
  std::string as;             // Keeps the frame under this name. Empty: not kept.
  Where where;
  std::string source_text;
  bool operator==(const Expectation&) const = default;
};

struct Expect {
  Expectation what;
  std::optional<DurationRange> in;
  bool operator==(const Expect&) const = default;
};

struct ExpectNothing {
  std::optional<Milliseconds> during;  // `for`.
  bool operator==(const ExpectNothing&) const = default;
};

struct Never {
  Expectation what;
  std::optional<Milliseconds> during;  // `for`. Absent: to the end of the scenario.
  bool operator==(const Never&) const = default;
};

struct InOrder {
  std::vector<Expectation> members;
  bool operator==(const InOrder&) const = default;
};

struct Branch {
  std::string label;
  std::vector<Step> observations;
  Where where;
  bool operator==(const Branch&) const;
};

struct OneOf {
  std::string choice;  // CHO-nnn.
  std::vector<Branch> branches;
  bool operator==(const OneOf&) const;
};

// How often an anomaly was counted.
struct AnomalyCount {
  std::optional<words::AnomalyKind> kind;  // Absent: of all kinds together.
  Matcher count;
  bool operator==(const AnomalyCount&) const = default;
};

// Remaining time of the timers named; `none` says that no timer of the protocol is armed.
struct TimerCheck {
  bool none = false;
  std::vector<std::pair<words::TimerKind, Milliseconds>> timers;
  bool operator==(const TimerCheck&) const = default;
};

// `check` of messages, and the fields of `outcome`. Absent fields are not judged.
struct CheckMessage {
  std::vector<std::string> aliases;
  std::optional<Matcher> state, certainty, reason, error;
  std::optional<Matcher> attempts, retries, executions, alerts;
  std::vector<AnomalyCount> anomalies;
  std::optional<bool> dead_letter;
  std::optional<TimerCheck> timers;
  std::vector<FieldMatch> views;   // Path: cmb_v0, sw4rm, fleet.
  std::vector<FieldMatch> fields;  // Of the TransactionRecord.
  bool operator==(const CheckMessage&) const = default;
};

struct CheckFrame {
  std::string name;  // A kept frame.
  std::vector<FieldMatch> fields;
  bool operator==(const CheckFrame&) const = default;
};

struct CheckRole {
  std::string role;  // sender, router, target: the IUT.
  bool no_deadline = false;
  std::optional<Milliseconds> next_deadline;  // From now. Absent, and not no_deadline: not judged.
  std::optional<Matcher> in_flight;
  bool even_jitter = false;
  std::vector<AnomalyCount> anomalies;
  bool operator==(const CheckRole&) const = default;
};

// ---------------------------------------------------------------- the step

enum class Level { kMust, kShould, kMay };

// Conditions that the PICS decide. Those about axes are decided already.
struct Condition {
  std::vector<std::string> pics;   // Each declared (a feature or a profile, as written).
  std::vector<std::string> lacks;  // None declared.
  bool operator==(const Condition&) const = default;
};

struct Step {
  using Action =
      std::variant<Send, Resend, CancelMessages, AckAct, Batch, Raw, Ping, Ask, Crash, Start,
                   Disconnect, Connect, FillQueue, WallJump, Advance, Together, Expect,
                   ExpectNothing, Never, InOrder, OneOf, CheckMessage, CheckFrame, CheckRole>;
  Where where;
  std::string source_text;        // `{expect: MESSAGE, attempt: 2, in: 1500ms}`, expanded.
  std::string requirement;        // Whom a failure blames: `req`, or the first of the scenario.
  bool says_requirement = false;  // It is `req`.
  // What it looks at follows only sends, ACKs, cancels and clock moves as correct peers do them.
  bool after_plain_acts = true;
  Level level = Level::kMust;
  bool is_above_core =
      false;  // In a case of profile CORE: only who declares BASIC is asked for it.
  Condition when;
  std::string note;
  std::uint32_t repeat = 1;  // Acts only.
  Action action;
  bool operator==(const Step&) const;
};

// Whether it looks, rather than acts or moves the clock.
bool IsObservation(const Step& step);
inline bool HasActs(const Advance& advance) {
  return !advance.before_timers.empty() || !advance.after_timers.empty();
}

}  // namespace cmb::conformance::scenario
