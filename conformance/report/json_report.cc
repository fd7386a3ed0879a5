#include "conformance/report/json_report.h"

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/report/json_fields.h"
#include "conformance/report/roll_up.h"
#include "conformance/report/run_causes.h"
#include "conformance/transcript/frame_json.h"

namespace cmb::conformance::report {
namespace {

constexpr int kSchemaVersion = 1;  // Of the specification.

// Puts each field of a value into an object.
class Writer {
 public:
  template <typename T>
  void operator()(const char* name, const T& value) {
    json_[name] = Written(value);
  }
  Json Take() { return std::move(json_); }

 private:
  static Json Written(const std::string& text) { return text; }
  static Json Written(CauseKind kind) { return CauseWord(kind); }
  static Json Written(const RunVerdict<const CaseRecord>& verdict) {
    const CaseRecord& record = verdict.record;
    return record.was_run ? std::string(VerdictWord(record.result.verdict)) : kNotRun;
  }
  template <typename T>
  static Json Written(const std::vector<T>& values) {
    Json list = Json::array();
    for (const T& value : values) {
      list.push_back(Written(value));
    }
    return list;
  }
  template <typename T>
  static Json Written(const T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      return value;
    } else {
      Writer writer;
      Fields(writer, value);
      return writer.Take();
    }
  }

  Json json_ = Json::object();
};

template <typename T>
Json ToJson(const T& value) {
  Writer writer;
  Fields(writer, value);
  return writer.Take();
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

Json Causes(const RunReport& report) {
  Json list = Json::array();
  for (const RunCause& cause : RunCauses(report)) {
    list.push_back(ToJson(cause));
  }
  return list;
}

Json Cases(const RunReport& report) {
  Json list = Json::array();
  for (const CaseRecord& record : report.cases) {
    Json json = ToJson(record);
    json["blamed"] = Blamed(record);
    list.push_back(std::move(json));
  }
  return list;
}

Json Profiles(const RunReport& report) {
  Json list = Json::array();
  for (const ProfileResult& one : ProfileResults(report)) {
    list.push_back({{"role", one.role},
                    {"profile", one.profile},
                    {"verdict", one.verdict},
                    {"counts", ToJson(one.counts)}});
  }
  return list;
}

// Those that a case names or blames.
Json Requirements(const RunReport& report) {
  Json all = Json::object();
  for (const RequirementResult& one : RequirementResults(report)) {
    if (const Requirement* known = report.requirements.Find(one.id)) {
      all[one.id] = {{"level", known->LevelWord()}, {"profile", known->profile},
                     {"sentence", known->sentence}, {"place", known->Place()},
                     {"verdict", one.verdict},      {"passed", one.passed},
                     {"blamed", one.blamed}};
    }
  }
  return all;
}

Json Timing(const RunReport& report) {
  Json cases = Json::object();
  for (const CaseRecord& record : report.cases) {
    cases[record.result.case_id] = record.wall_ms;
  }
  Json timing = {{"date", report.date},
                 {"wall_ms", report.wall_ms},
                 {"jobs", report.jobs},
                 {"case_wall_ms", cases}};
  if (report.slack) {
    timing["slack"] = ToJson(*report.slack);
  }
  return timing;
}

}  // namespace

std::string JsonText(const RunReport& report, int indent) {
  Json json;
  json["format"] = kReportFormat;
  json["spec"] = {{"schema_version", kSchemaVersion},
                  {"requirements", report.requirements.all().size()}};
  json["iut"] = {{"name", report.pics.name()}, {"version", report.pics.version()}};
  json["pics"] = conformance::ToJson(report.pics);
  json.update(ToJson(report));
  json["counts"] = ToJson(CountOf(report.cases));
  json["profiles"] = Profiles(report);
  json["causes"] = Causes(report);
  json["requirements"] = Requirements(report);
  json["cases"] = Cases(report);
  json["timing"] = Timing(report);
  // What an IUT wrote need not be UTF-8.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void WriteJson(const RunReport& report, std::ostream& out) { out << JsonText(report, 2) << '\n'; }

}  // namespace cmb::conformance::report
