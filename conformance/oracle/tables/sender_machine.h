// The sender's table at work: takes the row that applies to a cause and says what it asks for. Used
// by the model alone. No threads.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "conformance/oracle/tables/machine_tables.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/sender_circuit.h"
#include "conformance/oracle/tables/sender_guards.h"
#include "conformance/oracle/tables/sender_record.h"

namespace cmb::conformance::oracle::tables::sender {

// What made a row apply.
struct Cause {
  const FrameSeen* frame = nullptr;
  const ack::v1::Ack* ack = nullptr;
  ack::v1::Reason phase = ack::v1::REASON_UNSPECIFIED;  // Of a phase timer.
  bool circuit_refuses = false;
  std::string_view circuit_says = {};  // The sentence by which it is sent or refused.
};

class Machine {
 public:
  Machine(World& world, std::map<std::string, Record>& records, Circuits& circuits)
      : world_(world), records_(records), circuits_(circuits), jitter_(world.history.settings()) {}

  // The row of `trigger` that applies to the record, with all that follows at once.
  void Take(SenderTrigger trigger, Record& record, const Cause& cause);
  // The row of an ACK to which no finding applied.
  void TakeAck(Record& record, const Cause& cause);
  // A new process.
  void Restart() { jitter_.Restart(); }

 private:
  using Row = SenderTable::Row;
  using Cell = SenderTable::Cell;
  // A row that applies, and what its effects need to know besides.
  struct Turn {
    const Row& row;
    const Cell* cell;  // Null: the table says that it cannot arise.
    ack::v1::State from;
    std::string_view decided_by = {};  // As DecidedBy.
    bool spent = false;                // It met a spent budget.
    bool disproves = false;  // The CONFLICT of a wrong proof comes besides, with its alert.
    bool moved = false;      // The same cause has moved the record before.
  };
  struct Step : Turn {
    Record& record;
    const Cause& cause;
    bool waited;  // A retry.
    Reason why;
  };

  Input InputOf(const Record& record, const Cause& cause) const;
  const Row* RowFor(SenderTrigger trigger, const Input& input) const;
  void Follow(const Turn& turn, Record& record, const Cause& cause);
  void Move(Step& step);
  void Count(Step& step);
  void Finish(const Step& step, std::size_t first);
  void Remember(const Step& step);
  void RememberStage(Record& record, ack::v1::State from, const ack::v1::Ack& ack);
  std::string_view RequirementOf(const Step& step) const;

  void Do(SenderEffect effect, Step& step);
  Reason WhyOf(SenderEffect effect, const Step& step) const;
  void SendMessage(Step& step);
  void LeaveRouter(const Record& record, const std::string& channel, Reason why);
  Reason ByEvery(const Record& record, Reason why) const;
  void LendKey(const Record& lent);
  void SendTimeout(Step& step);
  void SendCancel(Record& record, const Reason& why);
  void ArmPhase(Step& step, ack::v1::TimerKind kind, std::uint64_t wait_ms,
                std::string_view requirement);
  void ArmExecution(Step& step);
  void ArmCancel(Record& record);
  void ArmExpiry(const Record& record);
  void DisarmPhase(const Record& record);
  void DrawWait(Record& record);
  void EmitRetry(Step& step);
  void EmitProgress(Step& step);
  void Alert(Step& step, ack::v1::AlertState state, std::string_view requirement);
  void None(const Step& step, std::string_view requirement);
  void Raise(Step& step);
  void Revise(Step& step, ack::v1::AlertState state);
  void SetCertainty(Record& record, ack::v1::Certainty certainty, std::string_view requirement);
  ack::v1::Certainty CertaintyBy(const Record& record, const ack::v1::Ack& ack) const;
  std::string TextOf(const Step& step, ack::v1::AlertState state) const;
  std::string ChannelOf(const Record& record) const;

  World& world_;
  std::map<std::string, Record>& records_;
  Circuits& circuits_;
  Jitter jitter_;
};

}  // namespace cmb::conformance::oracle::tables::sender
