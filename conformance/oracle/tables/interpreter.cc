#include "conformance/oracle/tables/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "conformance/oracle/tables/blamed.h"
#include "conformance/oracle/tables/deadlines.h"
#include "conformance/oracle/tables/level.h"
#include "conformance/oracle/tables/machine_tables.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/row_text.h"
#include "conformance/oracle/tables/steps.h"

namespace cmb::conformance::oracle::tables {
namespace {

// How many branches of choices are tried for one transcript, and how many timers of one instant
// fire in one request (chapter 10).
constexpr int kMaxTries = 64;
constexpr int kMaxFirings = 10000;

std::unique_ptr<Model> ModelOf(World& world) {
  switch (world.history.role()) {
    case ack::v1::ROLE_SENDER:
      return MakeSenderModel(world);
    case ack::v1::ROLE_ROUTER:
      return MakeRouterModel(world);
    case ack::v1::ROLE_TARGET:
      return MakeTargetModel(world);
    default:  // open enum
      return nullptr;
  }
}

class Run {
 public:
  Run(const History& history, const std::vector<Step>& steps, std::vector<int> script,
      std::vector<Applied>* applied)
      : steps_(steps), world_(history), sockets_(history.transcript().header.Sockets()) {
    world_.choices = Choices(std::move(script));
    world_.applied = applied;
    if (applied != nullptr) {
      applied->clear();
    }
    world_.now_ms = history.settings().now_ms();
    model_ = ModelOf(world_);
  }

  std::optional<Difference> Judge() {
    if (model_ == nullptr) {
      return std::nullopt;
    }
    for (const Step& step : steps_) {
      if (step.seen.control == nullptr && !step.crashes) {
        return std::nullopt;  // The IUT did not answer: others say so.
      }
      if (auto difference = Judge(step)) {
        difference->requirement = Binding(world_.history, Blamed(*difference, step, *model_));
        return difference;
      }
      if (step.seen.control != nullptr) {
        const auto& said = step.seen.control->reply.next_deadline();
        said_ms_ = said.class_() == control::v1::DEADLINE_CLASS_PROTOCOL ? said.ms() : 0;
        world_.timers.Hear(said_ms_);
      }
    }
    return std::nullopt;
  }

  const World& world() const { return world_; }

 private:
  std::optional<Difference> Judge(const Step& step) {
    world_.expected = {};
    world_.decided = DecidedIn(step.seen);
    world_.timers.Begin();
    world_.exchange = step.exchange;
    world_.cause = step.entry;
    world_.wall_jumped_ms += step.wall_jumped_ms;
    for (const auto& [module, connection] : step.connections) {
      model_->Connect(module, connection);
    }
    if (step.crashes) {
      model_->Crash();
      return std::nullopt;
    }
    Feed(step);
    LeaveFree(world_);
    if (auto difference = Compare(world_.expected, step.seen, world_.history)) {
      return difference;
    }
    if (auto difference = OfNumbers(step)) {
      return difference;
    }
    if (auto difference = OfTimers(world_, step.seen)) {
      return difference;
    }
    const control::v1::Reply& reply = step.seen.control->reply;
    const bool refuses_all = reply.has_error() && !reply.has_next_deadline();
    auto difference = refuses_all ? std::nullopt : OfNextDeadline(world_, *model_, step.seen);
    if (difference) {
      const std::string_view of_cause = OfMovedTimers(step, world_);
      difference->requirement = of_cause.empty() ? difference->requirement : of_cause;
    }
    return difference;
  }

  // CMB-OBS-011: each process begins at 1.
  std::optional<Difference> OfNumbers(const Step& step) {
    last_number_ = step.in.starts ? 0 : last_number_;
    for (const auto& [entry, event] : step.seen.events) {
      if (event->number() != ++last_number_) {
        return Difference{
            entry, "CMB-OBS-011", "events in their order",
            fmt::format("event number {} where {} is expected", event->number(), last_number_)};
      }
    }
    return std::nullopt;
  }

  void Feed(const Step& step) {
    const control::v1::Request& request = step.seen.control->request;
    world_.cause = step.seen.act;
    world_.wall_jumped_ms += request.wall_jump().by_ms();
    if (step.in.starts) {
      world_.now_ms = step.at_ms;
      model_->Start();
    } else if (request.has_advance()) {
      Advance(step, request.advance());
    } else if (!request.has_timers()) {
      model_->Act(*step.seen.control);
    }
  }

  // Chapter 10: (a) housekeeping, (b) timers before frames, (c) frames, (d) timers after them.
  void Advance(const Step& step, const control::v1::Advance& advance) {
    world_.now_ms = advance.to_ms();
    model_->Housekeep();
    if (advance.fire() != control::v1::FIRE_NONE && said_ms_ == world_.now_ms) {
      SettleDrawn(step.seen, world_.now_ms, world_.timers);
    }
    if (advance.fire() == control::v1::FIRE_BEFORE_FRAMES) {
      FireDue();
    }
    for (const FrameSeen& frame : InOrderOfHandling(step.in.frames)) {
      world_.cause = frame.entry;
      model_->Handle(frame);
    }
    world_.cause = step.seen.act;
    if (advance.fire() == control::v1::FIRE_AFTER_FRAMES) {
      FireDue();
    }
  }

  void FireDue() {
    for (int fired = 0; fired < kMaxFirings; ++fired) {
      const auto timer = world_.timers.PopDue(world_.now_ms);
      if (!timer) {
        return;
      }
      const std::size_t first = world_.expected.items.size();
      model_->Fire(*timer);
      for (std::size_t i = first; i < world_.expected.items.size(); ++i) {
        world_.expected.items[i].fired = fired + 1;
      }
    }
  }

  std::size_t PlaceOf(const std::string& socket) const {
    return static_cast<std::size_t>(std::find(sockets_.begin(), sockets_.end(), socket) -
                                    sockets_.begin());
  }

  std::vector<FrameSeen> InOrderOfHandling(std::vector<FrameSeen> frames) const {
    std::stable_sort(frames.begin(), frames.end(), [&](const FrameSeen& a, const FrameSeen& b) {
      return std::tuple(PlaceOf(a.frame->socket), a.frame->peer) <
             std::tuple(PlaceOf(b.frame->socket), b.frame->peer);
    });
    return frames;
  }

  const std::vector<Step>& steps_;
  World world_;
  std::vector<std::string> sockets_;  // In the order in which their frames are handled.
  std::unique_ptr<Model> model_;
  std::uint64_t last_number_ = 0;  // Of an event.
  std::uint64_t said_ms_ = 0;      // The next deadline, by the last reply.
};

// The next branch to try after a run that failed in `exchange`: the last choice met there that has
// another one left. Absent: all were tried.
std::optional<std::vector<int>> NextScript(const Choices& choices, std::uint64_t exchange) {
  const auto& met = choices.met();
  for (std::size_t i = met.size(); i > 0; --i) {
    const Choices::Met& last = met[i - 1];
    if (last.exchange != exchange) {
      return std::nullopt;
    }
    if (last.taken + 1 < last.branches) {
      std::vector<int> script;
      for (std::size_t j = 0; j + 1 < i; ++j) {
        script.push_back(met[j].taken);
      }
      script.push_back(last.taken + 1);
      return script;
    }
  }
  return std::nullopt;
}

template <typename Table>
std::vector<TableCell> CellsIn(const Table& table) {
  std::vector<TableCell> cells;
  for (const auto& row : table.rows) {
    for (const auto& [state, cell] : row.cells) {
      const bool is_found_before = state == ack::v1::STATE_IDLE && cell.kind == CellKind::kAnomaly;
      cells.push_back({RowText(table, row, state), std::string(row.RequirementOf(cell)),
                       cell.kind != CellKind::kForget && !is_found_before});
    }
  }
  return cells;
}

}  // namespace

std::vector<TableCell> CellsOf(ack::v1::Role role) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return CellsIn(TheSenderTable());
    case ack::v1::ROLE_ROUTER:
      return CellsIn(TheRouterTable());
    case ack::v1::ROLE_TARGET:
      return CellsIn(TheTargetTable());
    default:  // open enum
      return {};
  }
}

std::optional<Difference> Interpret(const History& history, std::vector<Applied>* applied) {
  if (!history.Declares(ack::v1::FEATURE_VIRTUAL_CLOCK)) {
    return std::nullopt;
  }
  const std::vector<Step> steps = StepsOf(history.transcript());
  std::optional<Difference> furthest;
  std::uint64_t last = 0;
  std::vector<int> script;
  for (int tries = 0; tries < kMaxTries; ++tries) {
    Run run(history, steps, script, applied);
    auto difference = run.Judge();
    if (!difference) {
      return std::nullopt;
    }
    const std::uint64_t exchange = run.world().exchange;
    if (!furthest || exchange > last || (exchange == last && difference->apart < furthest->apart)) {
      furthest = std::move(difference);
      last = exchange;
    }
    auto next = NextScript(run.world().choices, exchange);
    if (!next) {
      break;
    }
    script = std::move(*next);
  }
  return furthest;
}

}  // namespace cmb::conformance::oracle::tables
