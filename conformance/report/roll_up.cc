#include "conformance/report/roll_up.h"

#include <map>

#include "proto/wire/profiles.h"
#include "proto/wire/words.h"

namespace cmb::conformance::report {
namespace {

std::string VerdictOf(const Counts& counts, bool is_partial) {
  if (counts.fail + counts.iut_crashed > 0) {
    return "fail";
  }
  const std::uint64_t open =
      counts.no_answer + counts.harness_error + counts.inconclusive + counts.not_run;
  if (open > 0 || counts.pass == 0) {
    return "no verdict";
  }
  if (counts.expected > 0) {
    return "fail";  // Known to whoever runs it, and a failure all the same.
  }
  return is_partial ? "partial" : "pass";
}

}  // namespace

std::vector<ProfileResult> ProfileResults(const RunReport& report) {
  const bool is_partial = !report.selection.empty() || !report.shard.empty() || report.interrupted;
  std::vector<ProfileResult> results;
  for (const control::v1::RoleClaim& claim : report.pics.roles()) {
    for (const std::string& word : wire::AllWords<ack::v1::Profile>()) {
      const auto profile = wire::ParseWord<ack::v1::Profile>(word).value();
      if (!wire::Holds(claim.profile(), profile)) {
        continue;
      }
      ProfileResult one;
      one.role = RoleWord(claim.role());
      one.profile = word;
      for (const CaseRecord& record : report.cases) {
        const auto needed = wire::ParseWord<ack::v1::Profile>(record.profile);
        if (record.role == one.role && needed && wire::Holds(profile, *needed)) {
          one.counts.Add(record);
        }
      }
      one.verdict = VerdictOf(one.counts, is_partial);
      results.push_back(std::move(one));
    }
  }
  return results;
}

std::vector<RequirementResult> RequirementResults(const RunReport& report) {
  std::map<std::string, RequirementResult> by_id;
  for (const CaseRecord& record : report.cases) {
    for (const std::string& id : record.result.requirements) {
      by_id[id].passed += record.was_run && record.result.verdict == Verdict::kPass ? 1 : 0;
    }
    for (const std::string& id : Blamed(record)) {
      ++by_id[id].blamed;
    }
  }
  std::vector<RequirementResult> results;
  for (auto& [id, result] : by_id) {
    result.id = id;
    result.verdict = result.blamed > 0 ? "fail" : result.passed > 0 ? "pass" : "not shown";
    results.push_back(result);
  }
  return results;
}

}  // namespace cmb::conformance::report
