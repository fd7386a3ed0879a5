// The state tables as a law that holds at any moment, whatever happened before: which
// changes of state there are at all and with which reasons, which anomalies may come in a
// state, and which effects its rows list. Header-only; used by tests alone.
#pragma once

#include <rapidcheck.h>

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "reference/lifecycle/effects.h"
#include "reference/lifecycle/testing/machine_table.h"

namespace cmb::lifecycle::testing {

class TableLaw {
 public:
  // `machine`: sender, router or target.
  explicit TableLaw(const std::string& machine) {
    MachineTable(machine).ForEach([this](const std::string&, const std::string& state,
                                         const Cell& cell) { Read(state, cell); });
  }

  void AllowsChange(const TransitionEvent& change) const {
    const std::string old_state = Name(change.old_state);
    const std::string reason = Word(change.reason);
    const bool is_row = changes_.contains({old_state, Word(change.new_state), reason}) ||
                        changes_.contains({old_state, Word(change.new_state), Kind(reason)});
    if (!is_row) {
      RC_FAIL("no row has the change " + ToText(Event(change)));
    }
  }

  // What no row counts at all is found before the tables are asked.
  void AllowsAnomaly(std::initializer_list<State> states, AnomalyKind kind) const {
    bool is_listed = !kinds_.contains(Word(kind));
    for (const State state : states) {
      is_listed = is_listed || anomalies_.contains({Name(state), Word(kind)});
    }
    if (!is_listed) {
      RC_FAIL("no row counts " + Word(kind) + " in " + Names(states));
    }
  }

  // `words`: what it may be called. `states`: those of the record within the step.
  void AllowsEffect(std::initializer_list<State> states,
                    std::initializer_list<const char*> words) const {
    bool is_listed = false;
    for (const State state : states) {
      for (const char* word : words) {
        is_listed = is_listed || effects_.contains({Name(state), word});
      }
    }
    if (!is_listed) {
      RC_FAIL("no row has the effect " + std::string(*words.begin()) + " in " + Names(states));
    }
  }

 private:
  static std::string Name(State state) {
    return state == State::kUnspecified ? "NONE" : Word(state);
  }

  static std::string Names(std::initializer_list<State> states) {
    std::string names;
    for (const State state : states) {
      names += Name(state) + " ";
    }
    return names;
  }

  // Some rows stand for several reasons: of a phase its timer, of an ACK its type.
  static std::string Kind(const std::string& reason) {
    const bool is_ack = reason.ends_with("_ACK") || reason == "RECEIPT";
    return reason.ends_with("_TIMEOUT") ? "phase" : is_ack ? "type" : reason;
  }

  void Read(const std::string& state, const Cell& cell) {
    if (cell.verb == "go") {
      changes_.insert({state, cell.object, cell.reason});
    } else if (cell.verb == "anomaly") {
      anomalies_.insert({state, cell.object});
      kinds_.insert(cell.object);
    }
    for (const std::string& effect : cell.effects) {
      effects_.insert({state, effect});
    }
  }

  std::set<std::tuple<std::string, std::string, std::string>> changes_;
  std::set<std::pair<std::string, std::string>> anomalies_, effects_;
  std::set<std::string> kinds_;
};

}  // namespace cmb::lifecycle::testing
