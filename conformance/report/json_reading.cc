#include "conformance/report/json_reading.h"

#include <array>
#include <cerrno>
#include <filesystem>
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

void CheckFormat(const Json& json) {
  if (!json.is_object()) {
    throw Broken("it is JSON, but no object");
  }
  const std::string format = json.value("format", "");
  if (format.rfind("cmb-report-", 0) == 0 && format != kReportFormat) {
    throw Broken("another version of the suite wrote it: its format is " + format + ", not " +
                 kReportFormat);
  }
  if (format != kReportFormat) {
    throw Broken(std::string("its format is not ") + kReportFormat);
  }
}

RunReport ReportOf(const Json& json) {
  CheckFormat(json);
  RunReport report;
  Read(json, report);
  FromJson(json.at("pics"), report.pics);
  for (const Json& one : json.at("cases")) {
    Read(one, report.cases.emplace_back());
  }
  ReadTiming(json.at("timing"), report);
  return report;
}

// Why nothing can be read of an opened file; a folder opens as one.
std::error_code Unreadable(const std::string& path, const std::ifstream& in) {
  if (!in) {
    return {errno, std::generic_category()};
  }
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored)
             ? std::make_error_code(std::errc::is_a_directory)
             : std::error_code();
}

// What the library says, without its own name: "[json.exception.parse_error.101] parse error …".
std::string WithoutOrigin(const std::string& what) {
  const std::size_t end = what.rfind('[', 0) == 0 ? what.find("] ") : std::string::npos;
  return end == std::string::npos ? what : what.substr(end + 2);
}

}  // namespace

std::variant<RunReport, std::string> ReadJson(const std::string& path) {
  std::ifstream in(path);
  if (const std::error_code cause = Unreadable(path, in); cause) {
    return path + ": " + cause.message() + "; name a file that `run --json` wrote";
  }
  try {
    return ReportOf(Json::parse(in));
  } catch (const std::exception& fault) {
    return path + ": is no report that `run --json` wrote: " + WithoutOrigin(fault.what());
  }
}

}  // namespace cmb::conformance::report
