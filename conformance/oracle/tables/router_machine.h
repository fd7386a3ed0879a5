// A router as the tables have it: what it holds, and the row of the table that applies to each
// thing that happens to it. The other files of this name have its guards, its effects and what it
// judges before the table. No threads.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/oracle/tables/machine_tables.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/router_bounds.h"
#include "conformance/oracle/tables/router_frames.h"
#include "conformance/oracle/tables/router_memory.h"

namespace cmb::conformance::oracle::tables::router {

// Who may say an ACK of this type, and whether the table speaks of it (2.2, 11).
bool IsFromTarget(const ack::v1::Ack& ack);
bool IsRoutersOwn(const ack::v1::Ack& ack);
bool IsSpokenOf(const ack::v1::Ack& ack);
bool IsOfFutureRouter(const ack::v1::Ack& ack);  // CMB-VER-016.

// One thing that happens: a copy, an ACK, a timer. What does not belong to it is absent.
struct Step {
  RouterTrigger trigger = RouterTrigger::kMessage;
  const FrameSeen* frame = nullptr;
  const ack::v1::CognitiveMessage* header = nullptr;
  const ack::v1::Ack* ack = nullptr;
  bool in_batch = false;
  Key key;
  Record* record = nullptr;
  std::uint32_t attempt = 0;  // Of the copy, from 1; of the ACK.
  // Of a copy that 5.2 judges: the code of the first check that failed.
  ack::v1::ErrorCode refusal = ack::v1::ERROR_CODE_UNSPECIFIED;
  const Record* redrives = nullptr;  // The letter of which it is the redrive.
  bool starts_phase = false;
  Reason reason;  // Of the row.

  ack::v1::State state() const {
    return record == nullptr ? ack::v1::STATE_UNSPECIFIED : record->state;
  }
};

// TransactionRecord, as GetTransaction and TRANSACTION tell it.
ack::v1::TransactionRecord TextOf(const Record& record);

// Counted since the process began (CMB-INS-006).
struct Counters {
  std::uint64_t began_ms = 0;
  std::map<ack::v1::AnomalyKind, std::uint64_t> anomalies;
  std::uint64_t expired_dead_letters = 0;
};

class Machine {
 public:
  explicit Machine(World& world);

  // The sentence that a router breaks which says that its next wait ends at `said_ms`. Empty: none.
  std::string_view OfWait(std::uint64_t said_ms) const;
  // As Model has them.
  std::string_view RuledOutBy(const ack::v1::CognitiveMessage& header) const;
  std::string_view RuledOutBy(const ack::v1::Event& event) const;
  std::string_view OfOdd(const FrameSeen& frame) const;
  std::string_view OfOdd(const ack::v1::Event& event) const;

  void Handle(const FrameSeen& frame);  // Finding 1 of 3.6 and on.
  void Fire(const ArmedTimer& timer);
  void Housekeep();
  void Connect(const std::string& module, Connection connection);
  void Restart();  // The process begins; `now_ms` is its first instant.
  ExpectedReply AnswerOf(const control::v1::GetTransaction& asked);

 private:
  // --- router_blame.cc
  bool HasTerminal(const ack::v1::CognitiveMessage& told) const;
  std::string_view ForbidsForward(const ack::v1::CognitiveMessage& header) const;
  bool IsForwardedAgain(const ack::v1::CognitiveMessage& told) const;
  bool Asked(std::string_view requirement, const std::string& message_id) const;
  std::string_view OfUnaskedForward(const ack::v1::CognitiveMessage& header) const;
  std::string_view OfUnaskedAck(const ack::v1::CognitiveMessage& header) const;
  std::string_view IfRefused(const Step& step) const;
  bool IsRestored(const Step& step) const;
  // --- router_judgement.cc: before the table (3.6)
  std::optional<Judgement> FindingOf(const FrameSeen& frame);
  bool Applies(Judgement judgement, const FrameSeen& frame);
  bool IsAbove(std::uint64_t size, std::optional<std::uint64_t> bound, std::uint64_t least);
  std::optional<Judgement> FindingOf(const Step& step);
  bool Applies(Judgement judgement, const Step& step);
  bool IsUnauthorised(const Step& step);
  bool IsAnothersId(const Step& step);
  bool IsDuplicate(const Step& step);
  std::string_view OfFinding(Judgement judgement, const FrameSeen& frame,
                             const ack::v1::Ack* ack) const;
  void Drop(Judgement judgement, const FrameSeen& frame, const ack::v1::Ack* ack);

  // --- router_acks.cc
  void HandleAck(const FrameSeen& frame);
  void HandleAck(const FrameSeen& frame, const ack::v1::Ack& ack, bool in_batch);
  bool DiffersWithout(const Record& record, const Step& step);
  void Remember(const Step& step, ack::v1::State came_in, bool is_anomaly);
  // --- router_messages.cc
  void HandleMessage(const FrameSeen& frame);
  std::string_view OfCheck(const Step& step) const;
  void HandlePing(const FrameSeen& frame);
  void HandlePong(const FrameSeen& frame);
  void PassOnPing(const FrameSeen& frame);
  ack::v1::ErrorCode RefusalOf(const FrameSeen& frame);
  ack::v1::ErrorCode RefusalByHeader(const ack::v1::CognitiveMessage& header) const;

  // --- router_query.cc
  void HandleQuery(const FrameSeen& frame);
  ack::v1::ErrorCode RefusalOf(const ack::v1::CognitiveMessage& asked) const;
  ack::v1::ErrorCode Fulfil(const ack::v1::CognitiveMessage& asked,
                            ack::v1::CognitiveMessage& answer);
  void List(const ack::v1::Query& query, ack::v1::CognitiveMessage& answer);
  ack::v1::Health HealthNow();
  // --- router_letters.cc
  void ApplyToLetter(RouterTrigger trigger, Record& letter);
  Record* LetterOf(const Key& key);
  bool IsSpentLetter(const ack::v1::CognitiveMessage& asked,
                     const ack::v1::QueryReply& reply) const;
  bool IsLongLetter(const ack::v1::CognitiveMessage& asked) const;
  bool MayBeRedriven(const Record& letter) const;
  ack::v1::ErrorCode RefusalOfRedrive(const Record* letter, bool accepts_second);
  ack::v1::ErrorCode Redrive(const ack::v1::CognitiveMessage& asked, ack::v1::QueryReply& reply);
  void Purge(const ack::v1::CognitiveMessage& asked, ack::v1::QueryReply& reply);
  ack::v1::DeadLetter LetterText(const Record& record) const;

  // --- router_machine.cc: a row
  void Apply(Step& step);
  void Move(const RouterTable::Cell& cell, Step& step);
  void Tell(ack::v1::State before, const Step& step);
  Record& Create(const RouterTable::Cell& cell, Step& step);
  void Adopt(Step& step);
  // --- router_guards.cc, router_effects.cc
  bool Holds(RouterGuard guard, const Step& step);
  bool IsClosed(const Step& step);
  bool IsReForwarding(const Step& step) const;
  bool IsNeverForwarded(const Step& step) const;
  void Do(RouterEffect effect, Step& step, const Reason& reason);
  void Forward(Step& step, const Reason& reason);
  void ArmPhase(const Record& record);
  void ArmRedelivery(Record& record);
  std::uint64_t WaitThatEnded(const Record& record) const;
  void ArmTtl(Record& record, std::uint64_t ttl_ms);
  void Disarm(const Key& key);
  void Restore(const Step& step);
  void CloseAttempts(Step& step);
  void StoreTerminal(const Step& step);
  void EmitRetry(Record& record, const Reason& reason);

  // --- router_sending.cc
  bool IsConnected(const std::string& module) const;
  // What ZeroMQ says of a frame to the module, as a code; UNSPECIFIED: it takes it.
  ack::v1::ErrorCode Route(const std::string& module) const;
  bool Reaches(const std::string& module) const;
  // To the sender of the message, on the ACK egress.
  void SendAck(const Reason& reason, const std::string& to, ack::v1::CognitiveMessage header);
  void SendAnswer(const Step& step, const Reason& reason, ack::v1::AckType type,
                  ack::v1::Status status, ack::v1::ErrorCode code);
  void SendRefusal(const Step& step, const Reason& reason);
  void SendNeverForwarded(const Step& step, const Reason& reason);
  void PassOn(const Step& step, const Reason& reason);
  void SendDelivered(const Step& step, const Reason& reason);
  void SendTimeout(const Step& step, const Reason& reason, ack::v1::ErrorCode code);
  void SendStored(const Step& step, const Reason& reason);
  void MayNotReach(const std::string& module);
  // `asked` is the row that asks for the frame.
  void Undeliverable(const Reason& asked, const ack::v1::CognitiveMessage& header,
                     const std::string& addressee);
  void Count(const Reason& reason, ack::v1::Event anomaly);

  World& world_;
  Bounds bounds_;
  Memory memory_;
  Counters counters_;
  // Of messages judged in this exchange: what a refusal would break.
  std::map<std::string, std::string_view> if_refused_;
  std::uint64_t refused_in_ = 0;    // Exchange.
  std::uint64_t restarted_in_ = 0;  // Exchange.
  std::map<std::string, Connection> connections_;
  Jitter jitter_;
};

}  // namespace cmb::conformance::oracle::tables::router
