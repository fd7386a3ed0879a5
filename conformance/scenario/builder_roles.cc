// What the role under test has: its moves, the fields and timers of its records, its attempts.
#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

struct Owned {
  std::string_view key;
  bool sender, router, target;
};

// Keys of a check, and fields of the TransactionRecord: other roles leave them absent
// (chapter 2.6).
constexpr Owned kKeys[] = {{"certainty", true, false, false},  {"retries", true, false, false},
                           {"views", true, false, false},      {"alerts", true, false, false},
                           {"executions", false, false, true}, {"dead_letter", true, true, false}};
constexpr Owned kFields[] = {
    {"certainty", true, false, false},      {"alert", true, false, false},
    {"views", true, false, false},          {"dead_letter", true, true, false},
    {"delivery_count", false, true, false}, {"execution_count", false, false, true},
    {"last_retry_at_ms", true, true, false}};

bool IsOf(const Owned& owned, words::Role role) {
  return role == words::ROLE_SENDER   ? owned.sender
         : role == words::ROLE_ROUTER ? owned.router
                                      : owned.target;
}

// That a record does not have it is a fact that may be checked.
bool MayBeAbsent(const Node& value) {
  const auto below = [](const Entry& entry) { return MayBeAbsent(entry.value); };
  return value.text == "absent" ||
         std::any_of(value.items.begin(), value.items.end(), MayBeAbsent) ||
         std::any_of(value.entries.begin(), value.entries.end(), below);
}

// The least and the largest number that agree. Absent: the matcher names none.
std::optional<CountRange> NumbersOf(const Matcher& matcher) {
  if (matcher.kind == Matcher::Kind::kWithin) {
    return matcher.range;
  }
  const auto number =
      matcher.kind == Matcher::Kind::kEqual ? WholeNumber(matcher.text) : std::nullopt;
  return number ? std::optional(CountRange{*number, *number}) : std::nullopt;
}

// `list` says whose each key of `node` is.
void CheckOwned(const Node& node, std::span<const Owned> list, const Case& built, Report& report) {
  for (const Entry& entry : node.entries) {
    const std::string first = entry.key.text.substr(0, entry.key.text.find('.'));
    const auto owned = std::find_if(list.begin(), list.end(),
                                    [&](const Owned& each) { return each.key == first; });
    const bool of_system = built.is_system && owned != list.end() && owned->target;
    if (owned != list.end() && !IsOf(*owned, built.role) && !of_system &&
        !MayBeAbsent(entry.value)) {
      report.Error(entry.key.where, ErrorNumber::kRole,
                   "no " + RoleName(built.role) + " tells " + entry.key.text +
                       ": it is of another role; leave it out");
    }
  }
}

}  // namespace

// Only with tables of the role: whoever brings none is not judged by them.
void Builder::CheckMove(const Where& where, const Term& term) {
  std::set<std::string> reasons;
  bool any = false;
  for (const Move& move : knowledge_.moves) {
    any = any || move.role == case_.role;
    if (move.role == case_.role && move.old_state == term.old_state &&
        move.new_state == term.new_state) {
      reasons.insert(wire::Word(move.reason));
    }
  }
  const std::string states = wire::Word(term.old_state) + " -> " + wire::Word(term.new_state);
  if (any && reasons.empty()) {
    Error(where, ErrorNumber::kSense,
          "no " + RoleName(case_.role) + " goes " + states + ": its state table has no such row");
  } else if (any && term.reason && !reasons.contains(wire::Word(*term.reason))) {
    Error(where, ErrorNumber::kSense,
          UnknownWord(wire::Word(*term.reason), "reason of " + states,
                      {reasons.begin(), reasons.end()}));
  }
}

// Of a record's last transition.
void Builder::CheckReason(const Node& node, const Matcher& matcher) {
  std::set<std::string> reasons;
  for (const Move& move : knowledge_.moves) {
    if (move.role == case_.role) {
      reasons.insert(wire::Word(move.reason));
    }
  }
  if (matcher.kind == Matcher::Kind::kEqual && !reasons.empty() &&
      !reasons.contains(matcher.text)) {
    Error(node.where, ErrorNumber::kWord,
          UnknownWord(matcher.text, "reason of a " + RoleName(case_.role),
                      {reasons.begin(), reasons.end()}));
  }
}

void Builder::CheckOwnKeys(const Node& node) {
  CheckOwned(node, kKeys, case_, report_);
  if (const Node* fields = node.Find("fields")) {
    CheckOwned(*fields, kFields, case_, report_);
  }
  if (const Node* timers = node.Find("timers")) {
    CheckTimers(*timers);
  }
}

void Builder::CheckTimers(const Node& timers) {
  const std::vector<std::string> known = TimersOf(case_.role);
  for (const Entry& entry : timers.entries) {
    Report unsaid;  // What is no timer at all was said before.
    if (ParseTimerKind(entry.key.where, entry.key.text, unsaid) &&
        std::find(known.begin(), known.end(), entry.key.text) == known.end()) {
      Error(entry.key.where, ErrorNumber::kRole,
            UnknownWord(entry.key.text, "timer of a " + RoleName(case_.role), known));
    }
  }
}

void Builder::CheckAnomalies(const Node& anomalies) {
  for (const Entry& entry : anomalies.entries) {
    const auto kind = wire::ParseWord<words::AnomalyKind>(entry.key.text);
    if (kind && !case_.is_system && !CountsAnomaly(case_.role, *kind) && entry.value.text != "0") {
      Error(entry.key.where, ErrorNumber::kRole,
            "no " + RoleName(case_.role) + " counts " + entry.key.text +
                ": it is of another role; leave it out");
    }
  }
}

// By `to` and `on`.
void Builder::CheckWay(const Node& node, const Expectation& what) {
  for (const char* key : {"to", "on"}) {
    const Node* way = node.Find(key);
    if (way != nullptr && !IsFrame(what.term)) {
      Error(way->where, ErrorNumber::kSense,
            "'" + what.term.text + "' is an event, which goes nowhere: leave " + key + " out");
    }
  }
  if (case_.is_system || !IsFrame(what.term)) {
    return;
  }
  if (IsIut(what.to)) {
    Error(node.Find("to")->where, ErrorNumber::kModule,
          "the " + what.to + " sends nothing to itself: name another module, or leave to out");
  }
  if (!what.on.empty() && !LeavesBy(case_.role, what.term.kind, what.on)) {
    Error(node.Find("on")->where, ErrorNumber::kSense,
          "no " + RoleName(case_.role) + " sends " + what.term.text + " on " + what.on +
              ": leave on out");
  }
}

// Attempts count from 1; a sender makes no more than its policy lets it.
void Builder::CheckAttempt(const Node& node, const Expectation& what) {
  const auto numbers = what.attempt ? NumbersOf(*what.attempt) : std::nullopt;
  const bool counts = what.term.kind == Term::Kind::kMessage || case_.role == words::ROLE_SENDER;
  if (numbers && numbers->high == 0 && counts) {
    Error(node.where, ErrorNumber::kSense, "attempts count from 1");
  } else if (numbers) {
    CheckBudget(node, numbers->low, what.of);
  }
}

void Builder::CheckBudget(const Node& node, std::uint64_t attempts,
                          const std::vector<std::string>& aliases) {
  if (case_.role != words::ROLE_SENDER) {
    return;
  }
  for (const std::string& alias : aliases) {
    const auto message = case_.messages.find(alias);
    const std::uint64_t most = message == case_.messages.end()
                                   ? attempts
                                   : std::uint64_t{message->second.policy.max_retries} + 1;
    if (attempts > most) {
      Error(node.where, ErrorNumber::kSense,
            "the policy of " + alias + " lets its sender make " + std::to_string(most) +
                " attempts; write less, or a larger max_retries");
    }
  }
}

void Builder::CheckCounts(const Node& node, const CheckMessage& check) {
  const auto attempts = check.attempts ? NumbersOf(*check.attempts) : std::nullopt;
  const auto retries = check.retries ? NumbersOf(*check.retries) : std::nullopt;
  if (attempts) {
    CheckBudget(*node.Find("attempts"), attempts->low, check.aliases);
  }
  if (retries) {
    CheckBudget(*node.Find("retries"), retries->low + 1, check.aliases);
  }
}

}  // namespace cmb::conformance::scenario
