// One invariant of the protocol over a whole history, as a predicate over a finished transcript: it
// sees what no row of the state tables says in one place. What a row asks for, tables/ judges. A
// rule says which entries break it; it never says what should have come next. Rules are tables of
// functions, made once, read by the oracle. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle {

struct Breach {
  std::size_t entry = 0;  // Index into Transcript::entries: where it shows.
  std::string sentence;   // What was seen, with ids and numbers.
  // Which of the rule's requirements it breaks. Empty: the first.
  std::string_view requirement = {};
};

using Breaches = std::vector<Breach>;

struct Rule {
  std::string_view name;                       // Words with hyphens, unique.
  std::vector<std::string_view> requirements;  // The sentences that it checks.
  std::vector<ack::v1::Role> roles;            // IUT roles it applies to.
  std::string_view holds;                      // What holds where the rule holds, one sentence.
  void (*judge)(const History& history, Breaches& breaches);
};

// By topic; AllRules() has them all.
std::vector<Rule> SendingRules();
std::vector<Rule> LifeRules();
std::vector<Rule> OutcomeRules();
std::vector<Rule> TargetRules();
std::vector<Rule> WireRules();

}  // namespace cmb::conformance::oracle
