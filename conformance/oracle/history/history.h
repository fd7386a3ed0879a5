// A finished transcript, sorted for reading: what was said about each message, by whom, when. Every
// rule of the oracle quantifies over these lists. Nothing here judges or knows a next state.
// Called by the rules; built once a case. Borrows the transcript, which must outlive it. No
// threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance::oracle {

// Where and when something stands in the transcript.
struct Mark {
  std::size_t entry = 0;  // Index into Transcript::entries.
  std::uint64_t at_ms = 0;
  std::uint64_t exchange = 0;
  std::size_t life = 0;  // Of the process: how often it was started again before.
};

// The process was not there, from a crash to the start after it.
struct Down {
  std::uint64_t from_ms = 0, to_ms = 0;
  std::uint64_t exchange = 0;  // Of the start.
};

struct FrameSeen : Mark {
  const DataFrame* frame = nullptr;
  const ack::v1::CognitiveMessage* header = nullptr;  // Null: it does not decode.
};

// One ACK; those of a batch one by one.
struct AckSeen : FrameSeen {
  const ack::v1::Ack* ack = nullptr;
};

template <typename Event>
struct EventSeen : Mark {
  const Event* event = nullptr;
  std::uint64_t number = 0;
};

using TransitionSeen = EventSeen<ack::v1::TransitionEvent>;
using RetrySeen = EventSeen<ack::v1::RetryEvent>;
using ProgressSeen = EventSeen<ack::v1::ProgressEvent>;
using AnomalySeen = EventSeen<ack::v1::Anomaly>;
using AlertSeen = EventSeen<ack::v1::Alert>;
using ExecutionSeen = EventSeen<ack::v1::Execution>;

struct ActSeen : Mark {
  const ControlAct* act = nullptr;
};

// Everything that names one message_id, each list in the order of the transcript. Two sources that
// use the same id share a history; events and copies tell them apart by `source`.
struct MessageHistory {
  std::string message_id;
  // MESSAGE frames; at a router whatever it must judge as one.
  std::vector<FrameSeen> copies_received, copies_sent;
  std::vector<AckSeen> acks_received, acks_sent;
  std::vector<TransitionSeen> transitions;
  std::vector<RetrySeen> retries;
  std::vector<ProgressSeen> progress;
  std::vector<AnomalySeen> anomalies;
  std::vector<AlertSeen> alerts;
  std::vector<ExecutionSeen> executions;
  // Requests that succeeded.
  std::vector<ActSeen> sends, cancels, scripts, transactions;
};

// Everything that shares one control exchange.
struct Exchange {
  std::vector<FrameSeen> received, sent;
  std::vector<AnomalySeen> anomalies;
  const ControlAct* act = nullptr;  // Null: none was recorded.
};

class History {
 public:
  explicit History(const Transcript& transcript);

  const Transcript& transcript() const { return transcript_; }
  ack::v1::Role role() const { return transcript_.header.role; }
  const std::string& module_id() const { return transcript_.header.module_id; }
  // MAX_LATENCY and the reconcile window of this case, in milliseconds.
  std::uint64_t max_latency_ms() const;
  std::uint64_t reconcile_window_ms(const MessageHistory& message) const;  // Of the message.
  std::uint64_t key_window_ms() const;
  std::uint32_t max_deliveries() const;
  const control::v1::Settings& settings() const { return transcript_.header.settings; }
  bool Declares(ack::v1::Feature feature) const;
  ack::v1::Profile profile() const { return transcript_.header.profile; }

  const std::vector<Down>& downs() const { return downs_; }
  // The exchange is the Begin of a process that was started again.
  bool IsRestart(std::uint64_t exchange) const;
  // When the process that was there at `mark` began.
  std::uint64_t ProcessBegan(const Mark& mark) const;
  // When the memory of a target began empty: its process, or the store that outlives it.
  std::uint64_t MemoryBegan(const Mark& mark) const;
  // What was due at `due_ms` happens at `at_ms`: then, or when the process came back.
  bool IsDueAt(std::uint64_t due_ms, std::uint64_t at_ms) const;

  // Some send had nobody to go to: what the IUT tried cannot be counted from the frames.
  bool HasUndeliverable() const { return undeliverable_; }

  const std::map<std::string, MessageHistory>& messages() const { return messages_; }
  const std::map<std::uint64_t, Exchange>& exchanges() const { return exchanges_; }
  const std::vector<FrameSeen>& received() const { return received_; }
  const std::vector<FrameSeen>& sent() const { return sent_; }
  const std::vector<TransitionSeen>& transitions() const { return transitions_; }
  const std::vector<RetrySeen>& retries() const { return retries_; }
  const std::vector<ExecutionSeen>& executions() const { return executions_; }

 private:
  void AddProcess(const Entry& entry, const ProcessMark& mark);
  bool MayBeTaken(const DataFrame& frame) const;
  void AddFrame(const Mark& mark, const DataFrame& frame);
  void AddAct(const Mark& mark, const ControlAct& act);
  void AddEvent(const Mark& mark, const ack::v1::Event& event);
  MessageHistory& MessageOf(const std::string& message_id);

  const Transcript& transcript_;
  std::map<std::string, MessageHistory> messages_;
  std::map<std::uint64_t, Exchange> exchanges_;
  std::vector<FrameSeen> received_, sent_;
  std::vector<TransitionSeen> transitions_;
  std::vector<RetrySeen> retries_;
  std::vector<ExecutionSeen> executions_;
  std::vector<Down> downs_;
  std::size_t life_ = 0;
  bool undeliverable_ = false;
};

// (source, target, idempotency_key): the name of the work.
using Work = std::tuple<std::string, std::string, std::string>;
Work WorkOf(const ack::v1::Execution& event);
Work WorkOf(const ack::v1::CognitiveMessage& header);
// The works of which copies of this message were received, no later than `now`.
std::vector<Work> WorksOf(const MessageHistory& message, const Mark& now);
// Both messages brought the same work, no later than `now`.
bool ShareWork(const MessageHistory& one, const MessageHistory& other, const Mark& now);

// The header as MESSAGE of which the router or target made its record: the copies that came, or,
// of a redrive, the first forward.
std::vector<FrameSeen> Arrivals(const MessageHistory& message);

// The attempt by which a copy is answered: 0 is answered as 1.
std::uint32_t AnsweredAttempt(const FrameSeen& copy);

// The policy with every default of the schema filled in, at its nearest bounds. Times in
// milliseconds.
struct PolicyTold {
  std::uint64_t router_ack_ms, delivery_ack_ms, execution_ms;
  std::uint32_t max_retries;
  double backoff_first_ms, backoff_factor, backoff_max_ms;
  bool cancel_on_timeout;
};
PolicyTold Told(const ack::v1::DeliveryPolicy& policy);

// The wait before re-send or redelivery `count` (from 1), before jitter.
double BackoffBase(const PolicyTold& policy, std::uint64_t count);

// One entry before the other, or the frame one of the same exchange, in which the order of an
// output to what was handled is not known.
bool NotAfter(const Mark& cause, const Mark& effect);

// Source and target of the message: from its copies or its Send; empty if unknown.
std::string SourceOf(const MessageHistory& message, const History& history);
std::string TargetOf(const MessageHistory& message);

// Sum of two times in milliseconds; a ttl from a hostile peer may be anything.
std::uint64_t Later(std::uint64_t at_ms, std::uint64_t by_ms);

// The instant up to which a router or target must hold the record of this message, by what stands
// before `mark`: the latest of each ttl counted from its receipt and of each transition, both
// + 2 · MAX_LATENCY; at a target also the first receipt + the key window (CMB-DUP-008,
// CMB-RTR-025).
std::uint64_t LifeEnd(const MessageHistory& message, const History& history, const Mark& mark);

// The ACK came over the socket for ACKs, from the connection of its author, and its author is the
// one who may say it of this message. What is not rightful is no evidence.
bool Rightful(const AckSeen& ack, const MessageHistory& message, const History& history);

// The ACKs of one header: its own, or those of its batch.
std::vector<const ack::v1::Ack*> AcksOf(const ack::v1::CognitiveMessage& header);

// The words as people read them: ROUTER_ACK/SUCCESS.
std::string Words(const ack::v1::Ack& ack);

// EXECUTION_ACK with SUCCESS, FAILURE or REJECTED.
bool IsTerminal(const ack::v1::Ack& ack);
// EXECUTION_ACK/FAILURE CANCELLED, of a target.
bool IsCancelled(const ack::v1::Ack& ack);

}  // namespace cmb::conformance::oracle
