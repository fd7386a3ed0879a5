#include "conformance/report/json_report.h"

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "conformance/report/run_causes.h"

namespace cmb::conformance::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "cmb-report-1";

Json ToJson(const Place& place) {
  return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

Json ToJson(const Counts& counts) {
  return {{"pass", counts.pass},
          {"fail", counts.fail},
          {"iut_crashed", counts.iut_crashed},
          {"no_answer", counts.no_answer},
          {"harness_error", counts.harness_error},
          {"inconclusive", counts.inconclusive},
          {"unsupported", counts.unsupported},
          {"not_run", counts.not_run},
          {"expected", counts.expected}};
}

Json ToJson(const Miss& miss) {
  return {{"requirement", miss.requirement},
          {"place", ToJson(miss.place)},
          {"step", miss.step},
          {"want", miss.want},
          {"got", miss.got}};
}

Json ToJson(const Cause& cause) {
  return {{"kind", CauseWord(cause.kind)},
          {"requirement", cause.requirement},
          {"about", cause.about},
          {"place", ToJson(cause.place)},
          {"at_ms", cause.moment.at_ms},
          {"entry", cause.moment.entry},
          {"step", cause.step},
          {"want", cause.want},
          {"got", cause.got},
          {"more", cause.more},
          {"window", cause.window}};
}

Json ToJson(const ChoiceTaken& taken) {
  return {{"choice", taken.choice}, {"label", taken.label}, {"place", ToJson(taken.place)}};
}

Json ToJson(const MaySeen& may) {
  return {{"requirement", may.requirement},
          {"what", may.what},
          {"seen", may.seen},
          {"place", ToJson(may.place)}};
}

Json ToJson(const FaultCount& fault) {
  return {{"fault", fault.fault},
          {"place", ToJson(fault.place)},
          {"applied", fault.applied},
          {"in_full", fault.in_full},
          {"missing", fault.missing}};
}

Json ToJson(const CaseRecord& record);
Json ToJson(const RunCause& cause);

template <typename Value>
Json ListOf(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) {
    list.push_back(ToJson(value));
  }
  return list;
}

Json ToJson(const CaseRecord& record) {
  const CaseResult& result = record.result;
  Json json;
  json["id"] = result.case_id;
  json["scenario"] = record.scenario_id;
  json["title"] = result.title;
  json["role"] = record.role;
  json["profile"] = record.profile;
  json["place"] = ToJson(record.place);
  json["requirements"] = result.requirements;
  json["verdict"] = record.was_run ? std::string(VerdictWord(result.verdict)) : "not run";
  json["reason"] = result.reason;
  json["expected"] = record.expected;
  json["blamed"] = Blamed(record);
  json["causes"] = ListOf(record.causes);
  json["advice"] = ListOf(result.advice);
  json["may"] = ListOf(result.may);
  json["choices"] = ListOf(result.choices);
  json["faults"] = ListOf(result.faults);
  json["unconsumed"] = result.unconsumed;
  json["not_observed"] = result.not_observed;
  json["virtual_ms"] = result.virtual_ms;
  json["steps"] = result.steps_run;
  json["advances"] = result.advances;
  json["last_entries"] = record.last_entries;
  json["iut_stderr"] = result.iut_stderr;
  json["rerun"] = record.rerun;
  return json;
}

Json ToJson(const RunCause& cause) {
  Json under = Json::array();
  for (const auto& [requirement, cases] : cause.under) {
    under.push_back({{"requirement", requirement}, {"cases", cases}});
  }
  return {{"verdict", VerdictWord(cause.verdict)},
          {"requirement", cause.requirement},
          {"cases", cause.cases.size()},
          {"example", cause.example->result.case_id},
          {"explains", under}};
}

// Those that a case names or blames.
Json Sentences(const RunReport& report) {
  Json sentences = Json::object();
  for (const CaseRecord& record : report.cases) {
    for (const auto& ids : {record.result.requirements, Blamed(record)}) {
      for (const std::string& id : ids) {
        if (const Requirement* known = report.requirements.Find(id)) {
          sentences[id] = {{"level", known->LevelWord()},
                           {"profile", known->profile},
                           {"sentence", known->sentence},
                           {"place", known->Place()}};
        }
      }
    }
  }
  return sentences;
}

Json Timing(const RunReport& report) {
  Json cases = Json::object();
  for (const CaseRecord& record : report.cases) {
    cases[record.result.case_id] = record.wall_ms;
  }
  return {{"date", report.date},
          {"wall_ms", report.wall_ms},
          {"jobs", report.jobs},
          {"case_wall_ms", cases}};
}

}  // namespace

std::string JsonText(const RunReport& report, int indent) {
  Json json;
  json["format"] = kFormat;
  json["iut"] = {
      {"name", report.iut_name}, {"version", report.iut_version}, {"command", report.command}};
  json["suite"] = report.suite;
  json["binding"] = report.binding;
  json["seed"] = report.seed;
  json["interrupted"] = report.interrupted;
  json["stopped_because"] = report.stopped_because;
  json["stopped_stderr"] = report.stopped_stderr;
  json["counts"] = ToJson(CountOf(report.cases));
  json["causes"] = ListOf(RunCauses(report));
  json["requirements"] = Sentences(report);
  json["cases"] = ListOf(report.cases);
  json["timing"] = Timing(report);
  // What an IUT wrote need not be UTF-8.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void WriteJson(const RunReport& report, std::ostream& out) { out << JsonText(report, 2) << '\n'; }

}  // namespace cmb::conformance::report
