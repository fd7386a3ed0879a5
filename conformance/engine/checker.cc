#include "conformance/engine/checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/engine/describe.h"
#include "conformance/engine/evenness.h"
#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using scenario::AnomalyCount;
using scenario::CheckFrame;
using scenario::CheckMessage;
using scenario::CheckRole;

std::uint64_t Count(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

// A field of a record that may not be there at all.
FieldValue FieldOf(const std::optional<ack::v1::TransactionRecord>& record,
                   const std::string& path) {
  if (record) {
    FieldValue value = ReadField(*record, path);
    // In a record UNSPECIFIED means that there is none.
    if (!value.present && value.values == std::vector<std::string>{"UNSPECIFIED"}) {
      value.values.clear();
    }
    return value;
  }
  FieldValue none;
  none.known = true;
  return none;
}

std::string RemainingText(const control::v1::Timer& timer, std::uint64_t now_ms) {
  return timer.deadline_ms() < now_ms ? "overdue" : DurationText(timer.deadline_ms() - now_ms);
}

std::string TimersText(const std::vector<control::v1::Timer>& timers, std::uint64_t now_ms) {
  std::vector<std::string> texts;
  for (const control::v1::Timer& timer : timers) {
    texts.push_back(wire::Word(timer.kind()) + ": " + RemainingText(timer, now_ms));
  }
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

Checker::Checker(const MessageBook& book, const ItemJudge& judge, Facts& facts,
                 const Timeline& timeline)
    : book_(book), judge_(judge), facts_(facts), timeline_(timeline) {}

Look Checker::Result(const std::string& subject, const Columns& columns) {
  if (columns.want.empty()) {
    return Holds();
  }
  Difference difference{fmt::format("{}: {}", subject, fmt::join(columns.want, ", ")),
                        fmt::format("{}: {}", subject, fmt::join(columns.got, ", "))};
  difference.row = columns.row;
  return {std::nullopt, std::move(difference)};
}

void Checker::Judge(const std::string& name, const std::optional<scenario::Matcher>& matcher,
                    const FieldValue& value, Columns& columns) {
  if (matcher && !Matches(*matcher, value, judge_.expand())) {
    columns.want.push_back(name + " " + Describe(*matcher, judge_.expand()));
    columns.got.push_back(name + " " + value.Text());
  }
}

void Checker::Judge(const std::string& name, const std::optional<scenario::Matcher>& matcher,
                    std::uint64_t value, Columns& columns) {
  FieldValue number;
  number.known = true;
  number.present = value != 0;
  number.values.push_back(std::to_string(value));
  Judge(name, matcher, number, columns);
}

std::string Checker::RowOfState(const CheckMessage& check,
                                const std::optional<ack::v1::TransactionRecord>& record) const {
  using scenario::Matcher;
  const auto word = [](const std::optional<Matcher>& matcher) {
    return matcher && matcher->kind == Matcher::Kind::kEqual ? matcher->text : std::string();
  };
  const auto to = wire::ParseWord<ack::v1::State>(word(check.state));
  const auto reason = wire::ParseWord<ack::v1::Reason>(word(check.reason));
  return to ? judge_.RowOfMove(record ? record->state() : ack::v1::STATE_UNSPECIFIED, *to,
                               reason.value_or(ack::v1::Reason{}))
            : "";
}

void Checker::JudgeRecord(const CheckMessage& check,
                          const std::optional<ack::v1::TransactionRecord>& record,
                          Columns& columns) {
  Judge("state", check.state, FieldOf(record, "state"), columns);
  columns.row = columns.want.empty() ? "" : RowOfState(check, record);
  Judge("certainty", check.certainty, FieldOf(record, "certainty"), columns);
  Judge("reason", check.reason, FieldOf(record, "reason"), columns);
  Judge("error", check.error, FieldOf(record, "error_code"), columns);
  Judge("retries", check.retries, FieldOf(record, "retry_count"), columns);
  for (const scenario::FieldMatch& view : check.views) {
    Judge("view " + view.path, view.matcher, FieldOf(record, "views." + view.path), columns);
  }
  for (const scenario::FieldMatch& field : check.fields) {
    Judge(field.path, field.matcher, FieldOf(record, field.path), columns);
  }
  const bool dead_letter = record && record->dead_letter();
  if (check.dead_letter && *check.dead_letter != dead_letter) {
    columns.want.push_back(fmt::format("dead_letter {}", *check.dead_letter));
    columns.got.push_back(fmt::format("dead_letter {}", dead_letter));
  }
}

void Checker::JudgeAnomalies(const std::vector<AnomalyCount>& counts, const Known* known,
                             Columns& columns) {
  for (const AnomalyCount& count : counts) {
    const std::string name =
        count.kind ? "anomalies " + wire::Word(*count.kind) : std::string("anomalies");
    Judge(name, count.count, facts_.Anomalies(count.kind, known), columns);
  }
}

void Checker::JudgeCounts(const CheckMessage& check, const Known& known, Columns& columns) {
  Judge("attempts", check.attempts, facts_.Attempts(known), columns);
  Judge("executions", check.executions, facts_.Executions(known), columns);
  Judge("alerts", check.alerts, facts_.AlertsRaised(known), columns);
  JudgeAnomalies(check.anomalies, &known, columns);
}

MaybeHalt Checker::JudgeTimers(const scenario::TimerCheck& check, const Known& known,
                               Columns& columns) {
  std::vector<control::v1::Timer> armed;
  if (auto halt = facts_.ProtocolTimers(&known, armed)) {
    return halt;
  }
  const std::string got = "timers " + TimersText(armed, timeline_.now_ms());
  if (check.none && !armed.empty()) {
    columns.want.push_back("timers none");
    columns.got.push_back(got);
  }
  for (const auto& [kind, remaining] : check.timers) {
    const std::uint64_t deadline_ms = timeline_.now_ms() + Count(remaining);
    // Exactly one of that kind, and at that instant.
    const auto of_kind =
        std::count_if(armed.begin(), armed.end(),
                      [kind = kind](const auto& timer) { return timer.kind() == kind; });
    const auto exact =
        std::count_if(armed.begin(), armed.end(), [&, kind = kind](const auto& timer) {
          return timer.kind() == kind && timer.deadline_ms() == deadline_ms;
        });
    if (of_kind != 1 || exact != 1) {
      columns.want.push_back("timer " + wire::Word(kind) + ": " + DurationText(Count(remaining)));
      columns.got.push_back(got);
    }
  }
  return std::nullopt;
}

bool Checker::IsIn(const Known& known, ack::v1::State state) {
  std::optional<ack::v1::TransactionRecord> record;
  return !facts_.Record(known, record) && record && record->state() == state;
}

Look Checker::CheckOne(const CheckMessage& check, const Known& known) {
  Columns columns;
  const bool of_record = check.state || check.certainty || check.reason || check.error ||
                         check.retries || check.dead_letter || !check.views.empty() ||
                         !check.fields.empty();
  if (of_record) {
    std::optional<ack::v1::TransactionRecord> record;
    if (auto halt = facts_.Record(known, record)) {
      return Halts(*halt);
    }
    JudgeRecord(check, record, columns);
  }
  JudgeCounts(check, known, columns);
  if (check.timers) {
    if (auto halt = JudgeTimers(*check.timers, known, columns)) {
      return Halts(*halt);
    }
  }
  return Result(known.alias, columns);
}

Look Checker::Check(const CheckMessage& check) {
  for (const std::string& alias : check.aliases) {
    const Known* known = book_.Find(alias);
    if (known == nullptr) {
      return Differs(alias + " exists", alias + " was never sent");
    }
    Look look = CheckOne(check, *known);
    if (!look.holds()) {
      return look;
    }
  }
  return Holds();
}

Look Checker::Check(const CheckFrame& check) {
  const Item* kept = book_.Kept(check.name);
  if (kept == nullptr) {
    return Differs("a frame kept as " + check.name, "none was kept");
  }
  Columns columns;
  for (const scenario::FieldMatch& match : check.fields) {
    Judge(match.path, match.matcher, judge_.Field(*kept, match.path), columns);
  }
  return Result(check.name, columns);
}

MaybeHalt Checker::JudgeDeadline(const CheckRole& check, Columns& columns) {
  // Read from the list, since the reply's minimum may be one of housekeeping.
  std::vector<control::v1::Timer> armed;
  if (auto halt = facts_.ProtocolTimers(nullptr, armed)) {
    return halt;
  }
  const auto first = std::min_element(armed.begin(), armed.end(), [](const auto& a, const auto& b) {
    return a.deadline_ms() < b.deadline_ms();
  });
  const std::string got = armed.empty() ? "none" : RemainingText(*first, timeline_.now_ms());
  const std::string want =
      check.no_deadline
          ? "none"
          : DurationText(Count(check.next_deadline.value_or(scenario::Milliseconds(0))));
  if (want != got) {
    columns.want.push_back("next_deadline " + want);
    columns.got.push_back("next_deadline " + got);
  }
  return std::nullopt;
}

Look Checker::Check(const CheckRole& check) {
  Columns columns;
  if (check.no_deadline || check.next_deadline) {
    if (auto halt = JudgeDeadline(check, columns)) {
      return Halts(*halt);
    }
  }
  if (check.in_flight) {
    std::uint64_t in_flight = 0;
    if (auto halt = facts_.InFlight(in_flight)) {
      return Halts(*halt);
    }
    Judge("in_flight", check.in_flight, in_flight, columns);
  }
  if (auto uneven = check.even_jitter ? Unevenness(facts_.FirstWaits()) : std::nullopt) {
    columns.want.emplace_back("waits whose jitter is drawn anew and evenly");
    columns.got.push_back(*std::move(uneven));
  }
  JudgeAnomalies(check.anomalies, nullptr, columns);
  return Result(check.role, columns);
}

}  // namespace cmb::conformance::engine
