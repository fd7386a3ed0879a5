// The router core with sockets around it: decodes and judges what arrives, asks
// the core, carries out what it answers. Passes PING and PONG between modules
// and answers those addressed to @router.
//
// Run by RouterProgram on the real clock and by the harness on the virtual one.
// Threads: one owner. Spec: chapters "Router" and "Wire binding".
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/router.h"
#include "reference/router/query_answers.h"
#include "reference/shell/ack_batch.h"
#include "reference/shell/ack_meter.h"
#include "reference/shell/frame_judge.h"
#include "reference/shell/id_source.h"
#include "reference/shell/journal.h"
#include "reference/shell/record_keeper.h"
#include "reference/shell/role_shell.h"

namespace cmb::reference {

// The fact in the store that counts redrives.
inline constexpr const char* kRedriveCounter = "last_redrive";

struct RouterSettings {
  lifecycle::RouterConfig core;
  std::size_t header_bytes = kDefaultHeaderBytes;
  // Feature batch_ack, and how many of its own ACKs it puts into one batch.
  bool batch_ack = true;
  std::size_t batch = kLargestBatch;
  // What was before it was measured by a wall clock: no proof rests on it (CMB-DLQ-010).
  lifecycle::Instant measured_since = lifecycle::Instant::min();
  // Of policies that leave delivery_ack_ms out (CMB-TMR-002).
  lifecycle::Duration delivery_ack{10'000};
  // Ids of redriven messages are this, "redrive-" and a counter from 1. Nobody
  // else may use it, not even an earlier run of the same router.
  std::string id_prefix;
};

class RouterShell : public RoleShell {
 public:
  // All references outlive the shell; `meter` hears of every ACK that is handed over, if
  // it is not null.
  RouterShell(RouterSettings settings, SocketMap sockets, Transport& transport, Journal& journal,
              TxStore& store, lifecycle::JitterSource jitter, AckMeter* meter = nullptr);

  // Called with each answer of its own to a message; with a refusal, whose message it was if that
  // is known. Of what answers a PING nobody is told.
  using AnswerListener =
      std::function<void(const lifecycle::SendAck&, const lifecycle::ModuleId& target)>;
  void SetAnswerListener(AnswerListener listener) { answer_listener_ = std::move(listener); }

  void Handle(Inbound inbound) override;
  void HandleOpen(Inbound inbound) override;
  std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const override;
  std::vector<lifecycle::Timer> Timers() const override;
  bool FireNext(lifecycle::TimerClass timer_class) override;
  void Commit() override;
  void Recover(Away away) override;
  std::optional<ack::v1::TransactionRecord> Find(const std::string& source,
                                                 const std::string& message_id) const override;
  const lifecycle::RouterCounts& Counts() const { return core_.Counts(); }

 private:
  lifecycle::Instant Now() const;

  // What the store keeps of a message.
  std::optional<Snapshot> Keep(const lifecycle::MessageKey& key) const;

  void Dispatch(Arrived arrived);
  void OnAck(const Arrived& arrived);
  void OnMessage(Arrived arrived);
  void OnPing(const Arrived& arrived);
  void OnPong(const Arrived& arrived);
  // One ACK, alone or out of a batch.
  void OnOneAck(const std::shared_ptr<FrameParcel>& parcel);

  // Inspection: router_queries.cc.
  struct HeldReply {
    std::size_t socket = 0;
    ack::v1::CognitiveMessage header;
  };
  bool IsAnswered(const Arrived& arrived) const;
  void OnQuery(const Arrived& arrived);
  ShellHealth Health() const;
  void Redrive(const Arrived& arrived);
  lifecycle::MessageId NextRedriveId(const lifecycle::ModuleId& source);
  ack::v1::QueryReply Purge(const ack::v1::Query& query, const std::string& asker);
  void Reply(const Arrived& query, ack::v1::QueryReply reply);

  // Carries out forwards and events in order, those that a forward causes
  // first, and holds back what Commit sends.
  void Run(lifecycle::Effects effects);
  void Do(const lifecycle::ForwardMessage& effect);
  void Do(const lifecycle::EmitEvent& effect);
  void Do(const lifecycle::RedriveEnded& effect);
  void TellAnswer(const lifecycle::SendAck& answer) const;

  // What Commit sends: router_output.cc.
  using Held = std::variant<lifecycle::SendAck, lifecycle::ForwardAck, HeldReply>;
  void Send(const lifecycle::SendAck& effect);
  void Send(const lifecycle::ForwardAck& effect);
  void Send(const HeldReply& reply);
  void SendTogether(const std::vector<lifecycle::SendAck>& acks);

  // To `peer` over the ACK egress, as `bytes`. False: it cannot be delivered.
  bool SendOnEgress(const lifecycle::ModuleId& peer, const ack::v1::CognitiveMessage& header,
                    std::string_view bytes, zmq::message_t payload);
  void CountUndeliverable(lifecycle::AnomalyEvent anomaly, const lifecycle::ModuleId& peer);
  void Count(lifecycle::AnomalyEvent anomaly);

  RouterSettings settings_;
  JudgeConfig judge_;
  SocketMap sockets_;
  Transport& transport_;
  Journal& journal_;
  AckMeter* meter_;
  AnswerListener answer_listener_;  // Null: nobody asks.
  lifecycle::Router core_;
  TxStore& store_;
  RecordKeeper records_;
  std::deque<lifecycle::Effect> pending_;
  std::vector<Held> held_;  // For Commit.
  BatchPeers batch_peers_;
  IdSource redrive_ids_;
  const Arrived* redriving_ = nullptr;  // The QUERY that Redrive carries out.
  lifecycle::Instant started_;
  std::map<lifecycle::AnomalyKind, std::uint64_t> anomalies_;  // Counted since then.
};

}  // namespace cmb::reference
