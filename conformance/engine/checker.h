// Judges facts: `check` of messages, of kept frames, of the IUT's role. Consumes
// nothing and moves no clock. Called by the observer. One thread. Scenario
// language, section 4 (`check`).
#pragma once

#include <string>
#include <vector>

#include "conformance/engine/facts.h"
#include "conformance/engine/item_judge.h"
#include "conformance/engine/look.h"
#include "conformance/engine/timeline.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class Checker {
 public:
  // All outlive the checker.
  Checker(const MessageBook& book, const ItemJudge& judge, Facts& facts, const Timeline& timeline);

  Look Check(const scenario::CheckMessage& check);
  Look Check(const scenario::CheckFrame& check);
  Look Check(const scenario::CheckRole& check);
  // Whether GetTransaction says so. False too where it cannot be asked any more.
  bool IsIn(const Known& known, ack::v1::State state);

 private:
  // What differs so far, in two columns.
  struct Columns {
    std::vector<std::string> want;
    std::vector<std::string> got;
    std::string row;  // Of the move that the record did not make.
  };

  Look CheckOne(const scenario::CheckMessage& check, const Known& known);
  void JudgeRecord(const scenario::CheckMessage& check,
                   const std::optional<ack::v1::TransactionRecord>& record, Columns& columns);
  std::string RowOfState(const scenario::CheckMessage& check,
                         const std::optional<ack::v1::TransactionRecord>& record) const;
  void JudgeCounts(const scenario::CheckMessage& check, const Known& known, Columns& columns);
  void JudgeAnomalies(const std::vector<scenario::AnomalyCount>& counts, const Known* known,
                      Columns& columns);
  MaybeHalt JudgeTimers(const scenario::TimerCheck& check, const Known& known, Columns& columns);
  MaybeHalt JudgeDeadline(const scenario::CheckRole& check, Columns& columns);
  void Judge(const std::string& name, const std::optional<scenario::Matcher>& matcher,
             const FieldValue& value, Columns& columns);
  void Judge(const std::string& name, const std::optional<scenario::Matcher>& matcher,
             std::uint64_t value, Columns& columns);
  static Look Result(const std::string& subject, const Columns& columns);

  const MessageBook& book_;
  const ItemJudge& judge_;
  Facts& facts_;
  const Timeline& timeline_;
};

}  // namespace cmb::conformance::engine
