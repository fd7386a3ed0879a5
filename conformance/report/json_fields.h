// The fields of a JSON report, each named once, for who writes them and who reads them: `io(name,
// value)` is called for each field of a value, in the order of the file. Private to json_report.cc
// and json_reading.cc. Published: report.schema.json.
#pragma once

#include <concepts>
#include <type_traits>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

inline constexpr char kReportFormat[] = "cmb-report-1";
inline constexpr char kNotRun[] = "not run";

// T is U, to be read or only to be written.
template <typename T, typename U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// What became of a case, or that nothing did, as one word.
template <typename Record>
struct RunVerdict {
  Record& record;
};

template <typename Io, Is<Place> T>
void Fields(Io& io, T& place) {
  io("file", place.file);
  io("line", place.line);
  io("column", place.column);
}

template <typename Io, Is<Counts> T>
void Fields(Io& io, T& counts) {
  io("pass", counts.pass);
  io("fail", counts.fail);
  io("iut_crashed", counts.iut_crashed);
  io("no_answer", counts.no_answer);
  io("harness_error", counts.harness_error);
  io("inconclusive", counts.inconclusive);
  io("unsupported", counts.unsupported);
  io("not_run", counts.not_run);
  io("expected", counts.expected);
}

template <typename Io, Is<Miss> T>
void Fields(Io& io, T& miss) {
  io("requirement", miss.requirement);
  io("place", miss.place);
  io("step", miss.step);
  io("want", miss.want);
  io("got", miss.got);
}

template <typename Io, Is<Cause> T>
void Fields(Io& io, T& cause) {
  io("kind", cause.kind);
  io("requirement", cause.requirement);
  io("row", cause.row);
  io("about", cause.about);
  io("place", cause.place);
  io("at_ms", cause.moment.at_ms);
  io("entry", cause.moment.entry);
  io("step", cause.step);
  io("want", cause.want);
  io("got", cause.got);
  io("more", cause.more);
  io("window", cause.window);
}

template <typename Io, Is<ChoiceTaken> T>
void Fields(Io& io, T& taken) {
  io("choice", taken.choice);
  io("label", taken.label);
  io("place", taken.place);
}

template <typename Io, Is<MaySeen> T>
void Fields(Io& io, T& may) {
  io("requirement", may.requirement);
  io("what", may.what);
  io("seen", may.seen);
  io("place", may.place);
}

template <typename Io, Is<FaultCount> T>
void Fields(Io& io, T& fault) {
  io("fault", fault.fault);
  io("place", fault.place);
  io("applied", fault.applied);
  io("in_full", fault.in_full);
  io("missing", fault.missing);
}

template <typename Io, Is<CaseRecord> T>
void Fields(Io& io, T& record) {
  auto& result = record.result;
  io("id", result.case_id);
  io("scenario", record.scenario_id);
  io("title", result.title);
  io("role", record.role);
  io("profile", record.profile);
  io("place", record.place);
  io("requirements", result.requirements);
  io("verdict", RunVerdict<T>{record});
  io("reason", result.reason);
  io("expected", record.expected);
  io("causes", record.causes);
  io("advice", result.advice);
  io("may", result.may);
  io("choices", result.choices);
  io("faults", result.faults);
  io("unconsumed", result.unconsumed);
  io("not_observed", result.not_observed);
  io("virtual_ms", result.virtual_ms);
  io("steps", result.steps_run);
  io("advances", result.advances);
  io("last_entries", record.last_entries);
  io("iut_stderr", result.iut_stderr);
  io("transcript", record.transcript);
  io("rerun", record.rerun);
}

template <typename Io, Is<Slack> T>
void Fields(Io& io, T& slack) {
  io("instants", slack.instants);
  io("p99_ms", slack.p99_ms);
  io("max_ms", slack.max_ms);
  io("grace_ms", slack.grace_ms);
  io("repeats", slack.repeats);
}

// Of the run itself, before its cases.
template <typename Io, Is<RunReport> T>
void Fields(Io& io, T& report) {
  io("suite", report.suite);
  io("command", report.command);
  io("selection", report.selection);
  io("shard", report.shard);
  io("binding", report.binding);
  io("clock", report.clock);
  io("seed", report.seed);
  io("interrupted", report.interrupted);
  io("stopped_because", report.stopped_because);
  io("stopped_stderr", report.stopped_stderr);
}

}  // namespace cmb::conformance::report
