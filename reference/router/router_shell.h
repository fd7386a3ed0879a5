// The router core with sockets around it: decodes and judges what arrives, asks
// the core, carries out what it answers. Passes PING and PONG between modules
// and answers those addressed to @router.
//
// Run by RouterProgram on the real clock and by the harness on the virtual one.
// Threads: one owner. Spec: chapters "Router" and "Wire binding".
#pragma once

#include <deque>

#include "reference/lifecycle/router.h"
#include "reference/shell/frame_judge.h"
#include "reference/shell/journal.h"
#include "reference/shell/record_keeper.h"
#include "reference/shell/role_shell.h"

namespace cmb::reference {

struct RouterSettings {
  lifecycle::RouterConfig core;
  std::size_t header_bytes = kDefaultHeaderBytes;
};

class RouterShell : public RoleShell {
 public:
  // All references outlive the shell.
  RouterShell(RouterSettings settings, SocketMap sockets, Transport& transport, Journal& journal,
              TxStore& store, lifecycle::JitterSource jitter);

  void Handle(Inbound inbound) override;
  void HandleOpen(Inbound inbound) override;
  std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const override;
  std::vector<lifecycle::Timer> Timers() const override;
  bool FireNext(lifecycle::TimerClass timer_class) override;
  void Commit() override;
  void Recover() override;
  std::optional<ack::v1::TransactionRecord> Find(const std::string& source,
                                                 const std::string& message_id) const override;

 private:
  lifecycle::Instant Now() const;

  // What the store keeps of a message.
  std::optional<Snapshot> Keep(const lifecycle::MessageKey& key) const;

  void Dispatch(Arrived arrived);
  void OnAck(const Arrived& arrived);
  void OnMessage(Arrived arrived);
  void OnPing(const Arrived& arrived);
  void OnPong(const Arrived& arrived);

  // Carries out forwards and events in order, those that a forward causes
  // first, and holds back what Commit sends.
  void Run(lifecycle::Effects effects);
  void Do(const lifecycle::SendAck& effect);
  void Do(const lifecycle::ForwardMessage& effect);
  void Do(const lifecycle::ForwardAck& effect);
  void Do(const lifecycle::EmitEvent& effect);

  // To `peer` over the ACK egress; what cannot be delivered is counted.
  void SendOnEgress(const lifecycle::ModuleId& peer, std::string_view header,
                    zmq::message_t payload, lifecycle::AnomalyEvent if_undeliverable);
  void Count(lifecycle::AnomalyEvent anomaly);

  JudgeConfig judge_;
  SocketMap sockets_;
  Transport& transport_;
  Journal& journal_;
  lifecycle::Router core_;
  TxStore& store_;
  RecordKeeper records_;
  std::deque<lifecycle::Effect> pending_;
  std::vector<lifecycle::Effect> held_;  // For Commit.
};

}  // namespace cmb::reference
