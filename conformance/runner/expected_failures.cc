#include "conformance/runner/expected_failures.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "conformance/scenario/nearest.h"

namespace cmb::conformance::runner {
namespace {

using report::CaseRecord;

constexpr char kNoReason[] = "say why";

std::string Word(const YAML::Node& entry, const char* key) {
  return entry.IsMap() && entry[key] && entry[key].IsScalar() ? entry[key].Scalar() : "";
}

std::map<std::string, CaseRecord*> ById(report::RunReport& report) {
  std::map<std::string, CaseRecord*> by_id;
  for (CaseRecord& record : report.cases) {
    by_id[record.result.case_id] = &record;
  }
  return by_id;
}

std::string FaultOf(const ExpectedFailure& entry, const CaseRecord& record) {
  if (!report::NeedsWords(record)) {
    return fmt::format("{}: {} is {} by now; remove the entry, or run with --fix", entry.where,
                       entry.case_id, VerdictWord(record.result.verdict));
  }
  if (BlameOf(record) != entry.requirement) {
    return fmt::format("{}: {} blames {} and not {}; correct the entry, or run with --fix",
                       entry.where, entry.case_id, BlameOf(record), entry.requirement);
  }
  return "";
}

std::string EntryText(const std::string& case_id, const std::string& requirement,
                      const std::string& reason) {
  YAML::Emitter out;
  out << YAML::BeginSeq << YAML::BeginMap << YAML::Key << "case" << YAML::Value << case_id
      << YAML::Key << "requirement" << YAML::Value << requirement << YAML::Key << "reason"
      << YAML::Value << YAML::DoubleQuoted << reason << YAML::EndMap << YAML::EndSeq;
  return std::string(out.c_str()) + "\n";
}

}  // namespace

std::string BlameOf(const CaseRecord& record) {
  const auto blamed = report::Blamed(record);
  return blamed.empty() ? std::string(VerdictWord(record.result.verdict)) : blamed.front();
}

std::variant<std::vector<ExpectedFailure>, std::vector<std::string>> ReadExpected(
    const std::string& path) {
  std::vector<ExpectedFailure> expected;
  std::vector<std::string> complaints;
  YAML::Node list;
  try {
    list = YAML::LoadFile(path);
  } catch (const std::exception& error) {  // Of a directory it is none of YAML's.
    const std::string fault = std::filesystem::is_directory(path)      ? "it is a directory"
                              : std::filesystem::is_regular_file(path) ? error.what()
                                                                       : "no such file";
    return std::vector<std::string>{
        fmt::format("--expected-failures {}: {}; name a YAML list of {{case, requirement, reason}}",
                    path, fault)};
  }
  if (!list.IsSequence() && !list.IsNull()) {
    return std::vector<std::string>{path +
                                    ":1: no list; write - {case: ID, requirement: CMB-…, "
                                    "reason: …}"};
  }
  for (const YAML::Node& entry : list) {
    ExpectedFailure one{Word(entry, "case"), Word(entry, "requirement"), Word(entry, "reason"),
                        fmt::format("{}:{}", path, entry.Mark().line + 1)};
    if (one.case_id.empty() || one.requirement.empty() || one.reason.empty() || entry.size() != 3) {
      complaints.push_back(one.where + ": an entry has case, requirement and reason, and no more");
    }
    expected.push_back(std::move(one));
  }
  if (!complaints.empty()) {
    return complaints;
  }
  return expected;
}

std::vector<std::string> UnknownCases(const std::vector<ExpectedFailure>& expected,
                                      const std::vector<scenario::Case>& all) {
  std::vector<std::string> complaints, ids;
  for (const scenario::Case& one : all) {
    ids.push_back(one.id);
  }
  for (const ExpectedFailure& entry : expected) {
    if (std::find(ids.begin(), ids.end(), entry.case_id) == ids.end()) {
      complaints.push_back(entry.where + ": there is no case " + entry.case_id +
                           scenario::Suggestion(entry.case_id, ids));
    }
  }
  return complaints;
}

std::vector<std::string> ApplyExpected(const std::vector<ExpectedFailure>& expected,
                                       report::RunReport& report) {
  std::vector<std::string> complaints;
  auto by_id = ById(report);
  for (const ExpectedFailure& entry : expected) {
    const auto found = by_id.find(entry.case_id);
    if (found == by_id.end() || !found->second->was_run) {
      continue;
    }
    const std::string fault = FaultOf(entry, *found->second);
    if (fault.empty()) {
      found->second->expected = entry.reason;
    } else {
      complaints.push_back(fault);
    }
  }
  return complaints;
}

std::string ExpectedText(const std::vector<ExpectedFailure>& before,
                         const report::RunReport& report) {
  std::map<std::string, std::string> text;  // By case.
  std::map<std::string, std::string> reasons;
  for (const ExpectedFailure& entry : before) {
    reasons[entry.case_id] = entry.reason;
    text[entry.case_id] = EntryText(entry.case_id, entry.requirement, entry.reason);
  }
  for (const CaseRecord& record : report.cases) {
    const std::string& id = record.result.case_id;
    if (record.was_run) {
      text.erase(id);
    }
    if (report::NeedsWords(record)) {
      text[id] = EntryText(id, BlameOf(record), reasons.contains(id) ? reasons[id] : kNoReason);
    }
  }
  std::string all;
  for (const auto& [id, entry] : text) {
    all += entry;
  }
  return all.empty() ? "[]\n" : all;
}

}  // namespace cmb::conformance::runner
