// The world of one judgement and what a model of one role must do in it. A model holds the records
// that the inputs made, takes the row of the tables that applies to each input, and says what that
// row asks for. It never looks at what the IUT produced. No threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/oracle/history/history.h"
#include "conformance/oracle/tables/connection.h"
#include "conformance/oracle/tables/decided.h"
#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/interpreter.h"
#include "conformance/oracle/tables/timer_queue.h"
#include "conformance/oracle/tables/waits.h"

namespace cmb::conformance::oracle::tables {

// Where the register of choices leaves something open, the branch is found by trying: the judgement
// is run again with another one until what was seen agrees. So a model asks for a branch only where
// what is seen in the same exchange tells which it was.
class Choices {
 public:
  struct Met {
    std::string_view choice;
    std::uint64_t exchange = 0;
    int branches = 2;
    int taken = 0;
  };

  Choices() = default;
  explicit Choices(std::vector<int> script) : script_(std::move(script)) {}

  // The branch to take, from 0; beyond the script always 0.
  int Choose(std::string_view choice, std::uint64_t exchange, int branches);
  const std::vector<Met>& met() const { return met_; }

 private:
  std::vector<int> script_;
  std::vector<Met> met_;
};

struct World {
  explicit World(const History& told) : history(told) {}

  const History& history;  // Settings, role, profile, features; of the transcript only the inputs.
  std::uint64_t now_ms = 0;
  std::int64_t wall_jumped_ms = 0;  // By every jump so far.
  std::uint64_t exchange = 0;
  std::size_t cause = 0;  // Entry of the input in hand.
  Choices choices;
  TimerQueue timers;
  Expected expected;                        // Of the exchange in hand.
  std::vector<Applied>* applied = nullptr;  // Takes every row that applied. Null: none.
  Decided decided;                          // In it.

  // The wall clock now (10.2).
  std::uint64_t wall_ms() const {
    return history.settings().wall_base_ms() + now_ms + static_cast<std::uint64_t>(wall_jumped_ms);
  }
  int Choose(std::string_view choice, int branches = 2) {
    return choices.Choose(choice, exchange, branches);
  }
  // The next id that the IUT made; what no id is where there is none.
  std::string MadeId();
  // The wait that is told of the message, or the nearest that it may be.
  std::uint64_t ToldWait(const Wait& wait, const std::string& source,
                         const std::string& message_id) const;
  // A row applied; `row` as people read it, `message` as MessageOf gives it.
  Reason Apply(std::string_view requirement, std::string row, std::string message);
  // Adds an item; its event gets the instant of now.
  ExpectedItem& Expect(const Reason& reason, ack::v1::Event event);
  ExpectedItem& Expect(const Reason& reason, ExpectedFrame frame);
};

class Model {
 public:
  virtual ~Model() = default;

  // A frame to the IUT, in the order in which it is handled.
  virtual void Handle(const FrameSeen& frame) = 0;
  // Send, Cancel, ScriptExecution, GetTransaction, WallJump; sets `expected.reply`.
  virtual void Act(const ControlAct& act) = 0;
  // A timer that it armed fires.
  virtual void Fire(const ArmedTimer& timer) = 0;
  // What housekeeping is expected to have done by now; nothing of it is an event.
  virtual void Housekeep() = 0;
  // How a module of the suite is connected from now on (router).
  virtual void Connect(const std::string& module, Connection connection) = 0;
  // The process ends; the next one begins, with the store where the IUT is DURABLE.
  virtual void Crash() = 0;
  virtual void Start() = 0;

  // What of this kind would rest on, where nothing that was handled asked for it.
  virtual std::string_view RequirementOf(const ack::v1::Event& event) const = 0;
  virtual std::string_view RequirementOf(const ack::v1::CognitiveMessage& header) const = 0;
  // The sentence that forbids such an item where nothing asks for it; empty: the row's own.
  virtual std::string_view RuledOutBy(const ack::v1::CognitiveMessage&) const { return {}; }
  virtual std::string_view RuledOutBy(const ack::v1::Event&) const { return {}; }
  // The sentence that a wait ending then breaks, which is not expected; empty: none of its own.
  virtual std::string_view OfWait(std::uint64_t) const { return {}; }
  // The sentence broken by such an item where another was expected; empty: that of the other.
  virtual std::string_view OfOdd(const FrameSeen&) const { return {}; }
  virtual std::string_view OfOdd(const ack::v1::Event&) const { return {}; }
};

std::unique_ptr<Model> MakeSenderModel(World& world);
std::unique_ptr<Model> MakeRouterModel(World& world);
std::unique_ptr<Model> MakeTargetModel(World& world);

}  // namespace cmb::conformance::oracle::tables
