// Events -> what they leave behind: the state of every record of which they
// tell. The events are the single source of truth, so this gives what
// GetTransaction gave (CMB-OBS-015, CMB-OBS-026), and forgives nothing: a gap in the numbers,
// or an old state that is not where the record was, is an error.
//
//   const auto replayed = ReplayLog({"events.1.jsonl", "events.jsonl"});
//
// A router's or a target's record that never changed its state has no event and
// is not here; of a work that several messages share, the one that its events
// name. Free of state but for the object; one thread at a time. Spec:
// chapter "Model and vocabulary", events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "reference/sinks/event_sink.h"

namespace cmb::reference {

struct ReplayKey {
  ack::v1::Role role = ack::v1::ROLE_UNSPECIFIED;
  std::string source;
  std::string message_id;

  auto operator<=>(const ReplayKey&) const = default;
};

class Replay {
 public:
  // The next event. A sentence: it does not follow from those before, and was
  // not taken. Number 1 begins a new run of the same module: it may know the
  // records still, or begin them anew.
  std::optional<std::string> Apply(const ack::v1::Event& event);

  // What the events tell of every record, in the order of the keys; the fields
  // role, source, message_id, target, channel, state, certainty, reason,
  // error_code, attempt, retry_count, alert, execution_count and changed_ms.
  // A sender's attempt counts as sent once its wait is over: `now_ms` is the
  // instant that is asked for. A router's or target's attempt is that of the
  // last event, since a copy alone makes none.
  std::vector<ack::v1::TransactionRecord> Records(std::uint64_t now_ms) const;

  // Instant of the last event.
  std::uint64_t last_ms() const { return last_ms_; }

 private:
  struct Replayed {
    ack::v1::TransactionRecord record;
    // Sender: the attempt that a wait leads to, and when.
    std::uint32_t next_attempt = 0;
    std::uint64_t next_attempt_ms = 0;
    std::uint64_t run = 0;  // In which it was last told of.
  };

  std::optional<std::string> Take(const ack::v1::TransitionEvent& event);
  std::optional<std::string> Take(const ack::v1::RetryEvent& event);
  std::optional<std::string> Take(const ack::v1::ProgressEvent& event);
  std::optional<std::string> Take(const ack::v1::Alert& event);
  std::optional<std::string> Take(const ack::v1::Execution& event);
  // What is wrong with the old state; absent: it fits.
  std::optional<std::string> FaultOfOldState(const ack::v1::TransitionEvent& event) const;
  Replayed* Find(const ReplayKey& key);

  std::map<ReplayKey, Replayed> records_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_ms_ = 0;
  std::uint64_t run_ = 0;
};

struct ReplayFault {
  std::string file;
  std::size_t line = 0;  // From 1.
  std::string sentence;
};

// Replays logs of JSON lines, the oldest file first; `also`, if given, is handed
// every event that fits. Throws std::runtime_error where a file cannot be read.
std::variant<Replay, ReplayFault> ReplayLog(const std::vector<std::string>& paths,
                                            EventSink* also = nullptr);

}  // namespace cmb::reference
