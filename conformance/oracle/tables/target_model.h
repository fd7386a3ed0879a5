// The model of a target: the rows of spec/machines/target.yaml over the works that its inputs made.
// Built by MakeTargetModel; no threads.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/oracle/tables/machine_tables.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/target_work.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::oracle::tables::target {

// What is known of one stream (chapter 23).
struct Stream {
  std::set<std::uint64_t> come;  // Numbers.
  std::uint64_t passed = 0;      // The highest that is passed.
};

// A row that applies, while its effects are done.
struct Firing {
  Reason reason;
  Work* work = nullptr;
  const FrameSeen* frame = nullptr;  // The MESSAGE at hand.
  Message* message = nullptr;        // That it is about.
  const HandlerAct* act = nullptr;   // Of the handler.
};

class TargetModel : public Model {
 public:
  explicit TargetModel(World& world);

  void Handle(const FrameSeen& frame) override;
  void Act(const ControlAct& act) override;
  void Fire(const ArmedTimer& timer) override;
  void Housekeep() override;
  void Connect(const std::string&, Connection) override {}
  void Crash() override;
  void Start() override;
  std::string_view RequirementOf(const ack::v1::Event& event) const override;
  std::string_view RequirementOf(const ack::v1::CognitiveMessage& header) const override;
  std::string_view RuledOutBy(const ack::v1::CognitiveMessage& header) const override;
  std::string_view RuledOutBy(const ack::v1::Event& event) const override;
  std::string_view OfOdd(const ack::v1::Event& event) const override;
  std::string_view OfWait(std::uint64_t said_ms) const override;

 private:
  using Name = std::pair<std::string, std::string>;  // Source and message_id, or key.
  using Row = TargetTable::Row;

  // target_blame.cc.
  bool Asked(std::string_view requirement, const std::string& message_id) const;
  std::string_view OfStage(const ack::v1::Ack& ack, const Work* work) const;
  bool IsEarlyEnd(const ack::v1::Ack& ack, const Work& work) const;
  std::string_view OfEarlyStart(const Work& work) const;

  // Judgement (3.6).
  bool Applies(Judgement judgement, const FrameSeen& frame) const;
  bool ComesByWrongSocket(const FrameSeen& frame) const;
  bool IsUnsupported(const ack::v1::CognitiveMessage& header) const;
  void Count(std::string_view requirement, ack::v1::AnomalyKind kind, const FrameSeen& frame,
             const ack::v1::Ack* ack, std::string row = "target, order of judgement (3.6)");
  void TakeAcks(const FrameSeen& frame);
  void NowOrAfterBatch(std::function<void()> act);
  void TakeAck(const FrameSeen& frame, const ack::v1::Ack& ack);
  bool IsDroppedAck(const FrameSeen& frame, const ack::v1::Ack& ack);
  bool CancelHolds(TargetGuard guard, const std::string& source, const Work* work) const;
  void TakeCancel(const std::string& source, const ack::v1::Ack& ack);
  void AnswerPing(const FrameSeen& frame);

  // Messages and their rows.
  void TakeMessage(const FrameSeen& frame);
  bool Holds(TargetGuard guard, const FrameSeen& frame) const;
  bool WouldReopen(const ack::v1::CognitiveMessage& header) const;
  Work& NewWork(const ack::v1::CognitiveMessage& header);
  void RestsOn(std::string_view requirement, std::size_t first);
  void EndExpiredBearer(const ack::v1::CognitiveMessage& header);
  bool HasRoom(const std::string& source) const;
  std::uint64_t Used() const;
  bool IsCrowded() const;
  std::string_view OfNoRoom() const;
  bool AnotherLives(const Work& work, const std::string& id) const;

  // Rows and effects.
  void Apply(TargetRow row, Work* work, const FrameSeen* frame, const HandlerAct* act);
  void Move(const Row& row, const TargetTable::Cell& cell, Firing& firing);
  void Do(TargetEffect effect, Firing& firing);
  void Then(TargetRow row, Firing& firing);
  ack::v1::ErrorCode CodeOfEnd(TargetRow row, const Work& work) const;
  void StartHandler(const Firing& firing);
  void Reopen(Firing& firing);
  void End(Work& work);
  void Receive(Firing& firing);
  void ExtendLifetime(Firing& firing);
  void SetLife(Firing& firing);
  void Join(Firing& firing);
  Reason ReasonOf(const Row& row, const TargetTable::Cell& cell, const Work* work,
                  const std::string& message) const;

  // What it sends.
  // Through the router of that name.
  ExpectedItem* Send(const Reason& reason, const std::string& source, ack::v1::Ack ack,
                     const std::string& router, int unordered = 0);
  // By which the copy came.
  std::string RouterOf(const FrameSeen& copy) const;
  void NameFields(ExpectedItem& item, const ack::v1::Ack& ack, const std::string& source) const;
  void NameKeys(ExpectedItem& item, const Work& work, const std::string& id) const;
  void SendToAll(const Firing& firing, const ack::v1::Ack& ack);
  void SendStage(const Firing& firing, std::optional<std::uint64_t> hold_ms,
                 std::optional<std::uint32_t> percent);
  void SendEnd(Firing& firing, ack::v1::Status status);
  void SendCancelled(Firing& firing);
  void SendReceipt(const Firing& firing, ack::v1::Status status);
  void SendReceiptAgain(const Firing& firing);
  void SendStageAgain(const Firing& firing);
  void SendUnsent(const Firing& firing);
  void SendEndTo(const Firing& firing, std::uint32_t attempt, const std::string& router);
  std::uint64_t Memory() const { return world_.now_ms - memory_began_ms_; }

  // The handler.
  std::vector<HandlerAct> ActsOf(const control::v1::ScriptExecution& script,
                                 std::uint64_t arrival) const;
  void Offer(Work& work);
  void TellHandler(Work& work);
  void AskToStop(Work& work);
  bool HoldsByScript(const Work& work) const;
  void DoDueActs(Work& work);
  void DoAct(Work& work, const HandlerAct& act);
  void ServeStreams();
  Work* NextIn(const Name& stream);
  // `is_restart`: whose life is over counts as ended, since TTL timers fire before those of
  // handlers.
  bool MayBeOffered(const Work& work, const Stream& stream, bool is_restart = false) const;
  void ForgetOver(const Name& stream);
  void Passes(const Work& work);
  void ComesInStream(const ack::v1::CognitiveMessage& header);
  // When it starts is a matter of its stream and of the others.
  bool StandsInLine(const Work& work) const;
  bool IsOrdered() const { return world_.history.Declares(ack::v1::FEATURE_ORDERED); }

  // Records.
  Work* Find(const std::string& source, const std::string& message_id);
  const Work* Find(const std::string& source, const std::string& message_id) const;
  static Message* MessageIn(Work& work, const std::string& id);
  Work* BearerOf(const std::string& source, const std::string& key);
  static bool BearsItsKey(const Work& work);
  static bool HasStarted(const Work& work);
  bool StillKnown(Work& work);
  void Forget(const Work& work);
  void ArmLife(Work& work);
  void ArmExpiry(Work& work);
  std::optional<ack::v1::TransactionRecord> RecordOf(const std::string& source,
                                                     const std::string& message_id);
  void NameFields(ExpectedReply& reply, const std::string& source,
                  const std::string& message_id) const;
  void MeetTombstone(Work& work, const ack::v1::CognitiveMessage& header);
  bool StillKnownAtRestart(const Work& work) const;
  void OfferAgain(Work& work);
  void ArmOffers();

  bool IsTracked() const { return wire::Holds(world_.history.profile(), ack::v1::PROFILE_TRACKED); }
  bool IsDurable() const { return world_.history.profile() == ack::v1::PROFILE_DURABLE; }

  World& world_;
  std::list<Work> works_;  // In the order in which they came.
  std::map<Name, control::v1::ScriptExecution> scripts_;
  std::map<Name, Stream> streams_;
  std::uint64_t places_ = 0;
  std::uint64_t memory_began_ms_ = 0;
  std::uint64_t last_life_end_ms_ = 0;  // By the copy that came last, whether it counts or not.
  int groups_ = 0;                      // Of items whose order is left open.
  int restart_group_ = 0;               // Of those of a restart (CHO-011); 0: none is under way.
  bool is_optional_ = false;
  bool in_batch_ = false;
  std::optional<bool> waits_for_batch_;  // Of the batch in hand; absent: nothing told it yet.
  std::vector<std::function<void()>> after_batch_;
  std::uint64_t took_batch_in_ = 0;  // Exchange in which one came that is not malformed.
  std::uint64_t handled_in_ = 0;     // Exchange.
  std::set<Name> cancelled_;         // What the CANCELs of this exchange name.
  bool was_crowded_ = false;         // The table, when the MESSAGE in hand came.
  // The highest attempt that a full table refused.
  std::map<Name, std::uint32_t> refused_;
  std::uint32_t kept_cancel_ = 0;  // Attempt of the CANCEL whose tombstone was dropped.
};

}  // namespace cmb::conformance::oracle::tables::target
