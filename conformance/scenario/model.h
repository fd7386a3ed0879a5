// A case: one scenario document after inheritance and matrix, ready to be
// executed. The loader makes it; the engine executes it, the runner lists it.
// Plain data without threads. Scenario language, sections 1, 2, 3, 6, 7.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/scenario/steps.h"
#include "conformance/scenario/values.h"

namespace cmb::conformance::scenario {

// Sent in full unless the message says `policy: absent`, so that no scenario rests on an IUT's
// defaults unawares.
struct Policy {
  Milliseconds router_ack{1'000};
  Milliseconds delivery_ack{10'000};
  Milliseconds execution{60'000};
  Milliseconds ttl{300'000};
  std::uint32_t max_retries = 3;
  Milliseconds backoff_first{1'000};
  double backoff_factor = 2.0;
  Milliseconds backoff_max{30'000};
  words::AckType required_ack{3};  // EXECUTION_ACK.
  std::vector<words::ErrorCode> retryable{words::ErrorCode{1}, words::ErrorCode{3},
                                          words::ErrorCode{4}, words::ErrorCode{16},
                                          words::ErrorCode{99}};
  std::vector<std::string> channels;  // Of the retries, in order. Empty: not said.
  bool cancel_on_timeout = false;
  bool operator==(const Policy&) const = default;
};

// A message under its alias, declared by `send` or `given`.
struct Message {
  std::string alias;
  std::string from = "sender";
  std::string to = "target";
  Policy policy;
  // Keys of the policy that are said (`policy: absent`). Absent: all of them.
  std::optional<std::vector<std::string>> policy_said;
  Payload payload;
  std::string key;     // Equal names: equal idempotency keys. Empty: the message's own.
  std::string stream;  // Empty: none.
  std::optional<Milliseconds> reconcile_window;  // Absent: that of the config.
  // In its stream, from 1, in the order of sending, where it is not written. 0: no stream.
  std::uint64_t sequence = 0;
  Work work;
  std::vector<SetField> set;
  Harm corrupt;
  std::string on;  // As in Resend.
  Where where;
  bool operator==(const Message&) const = default;
};

// Of circuits to failing targets. Absent: the default of the spec.
struct Circuit {
  std::optional<std::uint64_t> outcomes, failures;
  std::optional<Milliseconds> window, open, slow;
  std::vector<words::ErrorCode> failure_codes;
  bool operator==(const Circuit&) const = default;
};

// The module of a system that is its second router.
inline constexpr char kSecondRouter[] = "second_router";

// Configure. Absent: the default of the spec.
struct Config {
  std::optional<std::uint64_t> payload, header, queue_per_target, in_flight, dedup, batch;
  std::optional<std::uint64_t> records, marks, dead_letters, source_shares;
  std::optional<Milliseconds> reconcile_window, key_window, dead_letter, max_latency, max_ttl;
  std::optional<std::uint32_t> max_deliveries;
  std::size_t id_bytes = 0;  // What every id of the case begins with is padded to that.
  std::vector<std::string> channels{"main"};
  std::vector<std::string> second_router;  // Channels that lead there. Empty: there is none.
  std::vector<double> jitter{1.0};         // Empty: `own`, the IUT draws.
  Circuit circuit;
  bool operator==(const Config&) const = default;
};

// A module besides sender and target, or a change to one of these.
struct Peer {
  // Of its CURVE key. kUnsaid: the peer says nothing of keys.
  enum class Key { kUnsaid, kRight, kWrong, kBorrowed, kNone };
  std::string name;
  bool connected = true;
  bool accepts_ack_batch = false;
  Key key = Key::kUnsaid;
  Where where;
  bool operator==(const Peer&) const = default;
};

// Where one message begins.
struct Given {
  std::string alias;
  // Absent: UNSENT, the id exists and nothing was sent.
  std::optional<words::State> state;
  Where where;
  std::string source_text;
  bool operator==(const Given&) const = default;
};

// One bend of the frames of well-behaved peers.
struct Fault {
  enum class Kind { kDrop, kDelay, kDuplicate, kReorder, kCorrupt, kSlow };
  Kind kind = Kind::kDrop;
  std::vector<Term> frames;                // Any of these. For kReorder: {FIRST, SECOND}.
  std::vector<std::string> of;             // Empty: every message.
  std::optional<CountRange> attempt, nth;  // Absent: every.
  std::string link;                        // sender, target, a peer. Empty: every link there is.
  std::string toward;                      // router or a module. Empty: both directions.
  std::string router;                      // Of a system with two. Empty: the links of both.
  std::optional<DurationRange> during;     // Since the case began.
  DurationRange by;                        // kDelay; kDuplicate: between copies.
  std::uint32_t copies = 2;                // kDuplicate, in all.
  std::optional<Milliseconds> each;        // kSlow. Absent: none until `during` ends.
  Harm how;                                // kCorrupt.
  Where where;
  std::string source_text;
  bool operator==(const Fault&) const = default;
};

enum class Clock { kBoth, kVirtual, kWall };

struct Case {
  std::string id;           // `id@axis=label,...`
  std::string document_id;  // Without the labels.
  // Axes and the labels taken, in the order written.
  std::vector<std::pair<std::string, std::string>> labels;
  std::string title;
  words::Role role{};  // In a system that of its application, the sender.
  // Sender, router and target are implementations under test; faults bend the links between them.
  bool is_system = false;
  words::Profile profile{};
  // PICS features or profiles, as written: all must be declared, none may.
  std::vector<std::string> needs, lacks;
  Clock clock = Clock::kBoth;
  std::vector<std::string> requirements;  // A failure blames the first unless its step says else.
  Config config;
  std::map<std::string, Peer> peers;        // Without sender and target unless changed.
  std::map<std::string, Message> messages;  // By alias.
  std::set<std::string> named;              // By a `set` of source or targets.
  std::vector<Given> given;                 // In the order written.
  bool well_behaved = false;                // Peers answer by themselves; `faults` bends that.
  std::vector<Fault> faults;
  // What `outcome` means is appended: advance until quiet, one check a message.
  std::vector<Step> steps;
  std::string origin;
  Where where;
  bool operator==(const Case&) const = default;
};

// Modules whose queues in ZeroMQ the steps fill, each once. Empty: any way in will do.
std::vector<std::string> ModulesFilled(const Case& built);

// The module whose connection rightly sends `term` about `message` in a case
// of this role: CANCEL the sender, RECEIPT and the like the target, ROUTER_ACK
// and DELIVERY_ACK the router, TIMEOUT the router or, at a router, the sender.
std::string RightfulAuthor(words::Role role, const Term& term, const Message& message);

}  // namespace cmb::conformance::scenario
