// Who is not there cannot act, and nothing can be asked of it: acts toward a
// crashed implementation, acts by a disconnected module, the order of crash and
// start, of fill and drain (scenario language, section 11).
#include <set>
#include <variant>

#include "conformance/scenario/builder.h"

namespace cmb::conformance::scenario {
namespace {

// Walks the steps in their order. A condition on the PICS is taken to hold.
class OutageWalk {
 public:
  OutageWalk(const Case& built, Report& report) : case_(built), report_(report) {}

  void Walk(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      where_ = &step.where;
      if (!IsObservation(step)) {
        OpenWindow();
      }
      std::visit([this](const auto& action) { Look(action); }, step.action);
      looked_ = looked_ || IsObservation(step);
      lived_ = lived_ || !IsDown();
    }
  }

 private:
  void Error(const std::string& sentence) { report_.Error(*where_, ErrorNumber::kSense, sentence); }

  // An act by `module`, or by the application or the suite itself if it is empty.
  void Act(const std::string& module) {
    if (IsDown()) {
      Error("an act toward the crashed implementation; start it first");
    } else if (away_.contains(module) && !case_.is_system) {
      Error(module + " is disconnected and cannot act");
    }
  }

  // Whom acts and questions are for: the implementation, in a system the sender.
  bool IsDown() const { return case_.is_system ? crashed_.contains("sender") : !crashed_.empty(); }

  // An act after an observation begins a new one.
  void OpenWindow() {
    lived_ = lived_ && !looked_;
    looked_ = false;
  }

  // In a system the others may be seen to act.
  void See(bool moves_on) {
    if (IsDown() && !case_.is_system && (moves_on || !lived_)) {
      Error("the crashed implementation does nothing that could be seen here; start it first");
    }
  }

  std::string Of(const std::string& role) const { return case_.is_system ? role : ""; }

  const Message* Find(const std::string& alias) const {
    const auto message = case_.messages.find(alias);
    return message == case_.messages.end() ? nullptr : &message->second;
  }

  void Acts(const std::vector<std::string>& aliases) {
    for (const std::string& alias : aliases) {
      const Message* message = Find(alias);
      Act(message == nullptr ? "" : message->from);
    }
  }

  void Look(const Send& send) { Acts(send.aliases); }
  void Look(const Resend& resend) { Acts(resend.aliases); }
  void Look(const CancelMessages&) { Act(""); }
  void Look(const Raw& raw) { Act(raw.by); }
  void Look(const Ping& ping) { Act(ping.by); }
  void Look(const Ask& ask) { Act(ask.by); }
  void Look(const Batch& batch) { Walk(batch.acks); }
  void Look(const Together& together) { Walk(together.acts); }
  void Look(const Advance& advance) {
    Walk(advance.before_timers);
    Walk(advance.after_timers);
  }

  void Look(const AckAct& ack) {
    for (const std::string& alias : ack.of) {
      const Message* message = Find(alias);
      Act(!ack.by.empty() || message == nullptr ? ack.by
                                                : RightfulAuthor(case_.role, ack.term, *message));
    }
  }

  void Look(const Crash& crash) {
    if (!crashed_.insert(Of(crash.role)).second) {
      Error("it has crashed already");
    }
    full_.clear();
  }

  void Look(const Start& start) {
    if (crashed_.erase(Of(start.role)) == 0) {
      Error("start what has crashed; it is running");
    }
  }

  void Look(const Disconnect& disconnect) {
    if (IsDown() || !away_.insert(disconnect.module).second) {
      Error(IsDown() ? "an act toward the crashed implementation; start it first"
                     : disconnect.module + " is disconnected already");
    }
    full_.erase(disconnect.module);
  }

  void Look(const Connect& connect) {
    if (IsDown() || away_.erase(connect.module) == 0) {
      Error(IsDown() ? "an act toward the crashed implementation; start it first"
                     : connect.module + " is connected");
    }
  }

  void Look(const FillQueue& queue) {
    Act(queue.module);
    if (IsDown() || away_.contains(queue.module)) {
      return;
    }
    if (queue.full && !full_.insert(queue.module).second) {
      Error("the queue to " + queue.module + " is full already");
    } else if (!queue.full && full_.erase(queue.module) == 0) {
      Error("the queue to " + queue.module + " is not full");
    }
  }

  void Look(const CheckMessage& check) {
    const bool asks = check.state || check.certainty || check.reason || check.error ||
                      check.retries || check.dead_letter || check.timers || !check.views.empty() ||
                      !check.fields.empty();
    if (IsDown() && asks) {
      Error("nothing can be asked of the crashed implementation; start it first");
    }
  }

  void Look(const CheckRole& check) {
    if (IsDown() && (check.no_deadline || check.next_deadline || check.in_flight)) {
      Error("nothing can be asked of the crashed implementation; start it first");
    }
  }

  void Look(const OneOf& one_of) {
    for (const Branch& branch : one_of.branches) {
      Walk(branch.observations);
    }
  }

  void Look(const Expect& expect) { See(expect.in && expect.in->low > Milliseconds(0)); }
  void Look(const InOrder&) { See(false); }

  // Time passes, and the window is what passed.
  void Look(const ExpectNothing& nothing) { Pass(nothing.during); }
  void Look(const Never& never) { Pass(never.during); }
  void Pass(const std::optional<Milliseconds>& during) { lived_ = lived_ && !(during && IsDown()); }

  // The other observations look at what has come.
  template <class Observation>
  void Look(const Observation&) {}

  const Case& case_;
  Report& report_;
  const Where* where_ = nullptr;
  bool looked_ = false;            // In the window that is open.
  bool lived_ = true;              // At some time of that window.
  std::set<std::string> crashed_;  // Roles.
  std::set<std::string> away_;
  std::set<std::string> full_;
};

}  // namespace

std::vector<std::string> ModulesFilled(const Case& built) {
  std::set<std::string> modules;
  for (const Step& step : built.steps) {
    const auto* queue = std::get_if<FillQueue>(&step.action);
    if (queue != nullptr && queue->full) {
      modules.insert(queue->module);
    }
  }
  return {modules.begin(), modules.end()};
}

void CheckOutages(const Case& built, Report& report) {
  OutageWalk(built, report).Walk(built.steps);
}

}  // namespace cmb::conformance::scenario
