// The sender and the target core of one module with its sockets around them:
// decodes and judges what arrives, asks the core it is for, carries out what
// the core answers.
//
// Run by ModuleEndpoint on the real clock and by the harness on the virtual
// one. Threads: one owner. Spec: chapters "Sender", "Target", "Wire binding".
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "reference/endpoint/outgoing_message.h"
#include "reference/endpoint/work_handler.h"
#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/target.h"
#include "reference/shell/ack_batch.h"
#include "reference/shell/ack_meter.h"
#include "reference/shell/frame_judge.h"
#include "reference/shell/id_source.h"
#include "reference/shell/journal.h"
#include "reference/shell/record_keeper.h"
#include "reference/shell/role_shell.h"

namespace cmb::reference {

// The store's fact: how many ids were used (CMB-DUR-011).
inline constexpr const char* kLastId = "last_id";

// Which of its two roles a module plays. One that plays a single role counts
// what is meant for the other.
enum class Plays { kBoth, kSenderOnly, kTargetOnly };

struct EndpointSettings {
  std::string module_id;
  Plays plays = Plays::kBoth;
  lifecycle::SenderConfig sender;
  lifecycle::TargetConfig target;
  std::size_t header_bytes = kDefaultHeaderBytes;
  // Feature batch_ack, and how many of its ACKs it puts into one batch.
  bool batch_ack = true;
  std::size_t batch = kLargestBatch;
  std::string id_prefix;
};

// What an endpoint is made of; everything outlives the shell.
struct EndpointParts {
  Transport& transport;
  Journal& journal;
  TxStore& store;
  WorkHandler& handler;
  // Hears of every ACK that is handed over at once; one that has to wait is the
  // transport's to tell. Null: nobody counts.
  AckMeter* meter = nullptr;
};

class EndpointShell : public RoleShell {
 public:
  // Called with the header of each PONG: the readiness check of the real clock.
  using PongListener = std::function<void(const ack::v1::CognitiveMessage&)>;

  EndpointShell(EndpointSettings settings, SocketMap sockets, EndpointParts parts,
                lifecycle::JitterSource jitter);

  void SetPongListener(PongListener listener) { pong_listener_ = std::move(listener); }

  // The application sends; an empty channel is the first. A refusal sends
  // nothing and uses no id.
  std::variant<lifecycle::MessageId, lifecycle::SendRefusal> Send(
      std::string_view channel, const std::string& target, const OutgoingMessage& message,
      const ack::v1::DeliveryPolicy& policy);
  // The application cancels a message of its own.
  void Cancel(const lifecycle::MessageId& id);

  // Makes what was done last, and sends and starts nothing: for a handler that
  // is called by Commit.
  void CommitRecords() { records_.Commit(); }

  const std::string& module_id() const { return settings_.module_id; }
  const EndpointSettings& settings() const { return settings_; }
  const lifecycle::Sender& sender() const { return sender_; }
  const lifecycle::Target& target() const { return target_; }

  // The work handler's answers. False: the work may not start any more. What
  // starts it may do nothing before CommitRecords or Commit (CMB-DUR-005).
  bool WorkStarted(const lifecycle::MessageKey& key, const lifecycle::HandlerStart& start = {});
  void WorkHeld(const lifecycle::MessageKey& key, lifecycle::Duration hold);
  void WorkProgressed(const lifecycle::MessageKey& key, const lifecycle::HandlerProgress& progress);
  void WorkStopped(const lifecycle::MessageKey& key);
  void WorkEnded(const lifecycle::MessageKey& key, const lifecycle::HandlerEnd& end);

  void Handle(Inbound inbound) override;
  void HandleOpen(Inbound inbound) override;
  std::optional<lifecycle::Timer> NextTimer(lifecycle::TimerClass timer_class) const override;
  std::vector<lifecycle::Timer> Timers() const override;
  bool FireNext(lifecycle::TimerClass timer_class) override;
  void Commit() override;
  void Recover(Away away) override;
  std::optional<ack::v1::TransactionRecord> Find(const std::string& source,
                                                 const std::string& message_id) const override;

 private:
  lifecycle::Instant Now() const;
  lifecycle::Role OwnRole() const;
  std::optional<lifecycle::RecordView> FindView(lifecycle::Role role,
                                                const lifecycle::MessageKey& key) const;

  void Dispatch(Arrived arrived);
  void OnAck(const Arrived& arrived);
  // One ACK, alone or out of a batch.
  void OnOneAck(const std::shared_ptr<FrameParcel>& parcel);
  void OnMessage(Arrived arrived);
  void OnPing(const Arrived& arrived);
  const char* Misdirected(const Arrived& arrived) const;
  lifecycle::RouterName RouterOf(std::size_t socket) const;
  const char* Unsupported(const ack::v1::CognitiveMessage& header) const;
  bool IsForTarget(const lifecycle::AckIn& ack) const;
  // Counts what neither core is asked about.
  void Drop(lifecycle::AnomalyKind kind, const ack::v1::CognitiveMessage& header, std::string note);

  // What the store keeps of a message.
  std::optional<Snapshot> Keep(lifecycle::Role role, const lifecycle::MessageKey& key) const;
  std::optional<Snapshot> KeepSent(const lifecycle::MessageKey& key) const;
  std::optional<Snapshot> KeepWork(const lifecycle::MessageKey& key) const;
  // Every message of the work, which is about to be forgotten.
  void TouchWork(const lifecycle::MessageKey& key);

  // Writes events at once, and holds back everything else for Commit: frames,
  // and what the handler is told. A handler that answers at once adds its own
  // behind those that are held.
  void Run(lifecycle::Effects effects);
  void Carry(const lifecycle::Effect& effect);
  void Do(const lifecycle::SendMessage& effect);
  void Do(const lifecycle::SendAck& effect);
  // All to one addressee through one router.
  void SendTogether(const std::vector<lifecycle::SendAck>& acks);
  // To the ACK ingress of the router of that name.
  SendResult SendTo(const lifecycle::RouterName& via, const ack::v1::CognitiveMessage& header,
                    zmq::message_t payload);
  bool TakesBatches(const lifecycle::RouterName& via) const;
  // What follows for the ACK from what became of its frame.
  void Settle(const lifecycle::SendAck& effect, SendResult result);
  void Do(const lifecycle::OfferWork& effect);
  void Do(const lifecycle::ResumeWork& effect);
  void Do(const lifecycle::EmitEvent& effect);

  EndpointSettings settings_;
  SocketMap sockets_;
  EndpointParts parts_;
  lifecycle::Sender sender_;
  lifecycle::Target target_;
  RecordKeeper records_;
  IdSource ids_;
  PongListener pong_listener_;
  BatchPeers batch_peers_;
  std::vector<lifecycle::Effect> held_;  // For Commit.
};

}  // namespace cmb::reference
