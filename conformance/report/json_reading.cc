#include "conformance/report/json_reading.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "conformance/report/json_fields.h"
#include "conformance/transcript/frame_json.h"

namespace cmb::conformance::report {
namespace {

constexpr std::array kVerdicts{
    Verdict::kFail,         Verdict::kIutCrashed,  Verdict::kNoAnswer, Verdict::kHarnessError,
    Verdict::kInconclusive, Verdict::kUnsupported, Verdict::kPass};
constexpr std::array kCauseKinds{CauseKind::kOracle, CauseKind::kExpectation, CauseKind::kStop};

// Takes each field of a value out of an object. Throws Json::exception and Broken.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  template <typename T>
  void operator()(const char* name, T&& value) {
    Read(json_.at(name), value);
  }

 private:
  static void Read(const Json& json, std::string& text) { text = json.get<std::string>(); }
  static void Read(const Json& json, CauseKind& kind) {
    for (const CauseKind known : kCauseKinds) {
      if (json == CauseWord(known)) {
        kind = known;
        return;
      }
    }
    throw Broken("'" + json.get<std::string>() + "' is no kind of cause");
  }
  static void Read(const Json& json, RunVerdict<CaseRecord>& verdict) {
    const auto word = json.get<std::string>();
    verdict.record.was_run = word != kNotRun;
    for (const Verdict known : kVerdicts) {
      if (word == VerdictWord(known)) {
        verdict.record.result.verdict = known;
        return;
      }
    }
    if (verdict.record.was_run) {
      throw Broken("'" + word + "' is no verdict");
    }
  }
  template <typename T>
  static void Read(const Json& json, std::vector<T>& values) {
    for (const Json& one : json.get_ref<const Json::array_t&>()) {
      Read(one, values.emplace_back());
    }
  }
  template <typename T>
  static void Read(const Json& json, T& value) {
    if constexpr (std::is_arithmetic_v<T>) {
      value = json.get<T>();
    } else {
      Reader reader(json);
      Fields(reader, value);
    }
  }

  const Json& json_;
};

template <typename T>
void Read(const Json& json, T& value) {
  Reader reader(json);
  Fields(reader, value);
}

void ReadTiming(const Json& timing, RunReport& report) {
  report.date = timing.at("date").get<std::string>();
  report.wall_ms = timing.at("wall_ms").get<double>();
  report.jobs = timing.at("jobs").get<unsigned>();
  if (timing.contains("slack")) {
    Read(timing.at("slack"), report.slack.emplace());
  }
  for (CaseRecord& record : report.cases) {
    record.wall_ms = timing.at("case_wall_ms").at(record.result.case_id).get<double>();
  }
}

RunReport ReportOf(const Json& json) {
  if (json.value("format", "") != kReportFormat) {
    throw Broken(std::string("its format is not ") + kReportFormat);
  }
  RunReport report;
  Read(json, report);
  FromJson(json.at("pics"), report.pics);
  for (const Json& one : json.at("cases")) {
    Read(one, report.cases.emplace_back());
  }
  ReadTiming(json.at("timing"), report);
  return report;
}

}  // namespace

std::variant<RunReport, std::string> ReadJson(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    return path + ": " + std::error_code(errno, std::generic_category()).message() +
           "; name a file that `run --json` wrote";
  }
  try {
    return ReportOf(Json::parse(in));
  } catch (const std::exception& fault) {
    return path + ": is no report that `run --json` wrote: " + fault.what();
  }
}

}  // namespace cmb::conformance::report
