#include "conformance/system/run_system.h"

#include <algorithm>
#include <utility>

#include "conformance/engine/run_case.h"
#include "conformance/oracle/oracle.h"

namespace cmb::conformance::system {
namespace {

const char* NameOf(ack::v1::Role role) {
  return role == ack::v1::ROLE_SENDER   ? "sender"
         : role == ack::v1::ROLE_ROUTER ? "router"
                                        : "target";
}

void Add(const std::string& part, std::vector<report::Cause> causes,
         std::vector<SystemCause>& all) {
  for (report::Cause& cause : causes) {
    all.push_back({part, std::move(cause)});
  }
}

// A fault that was not applied in full proves nothing.
void JudgeFaults(CaseResult& result) {
  for (const FaultCount& fault : result.faults) {
    if (!fault.in_full && result.verdict == Verdict::kPass) {
      result.verdict = Verdict::kInconclusive;
      result.reason = "a fault was not applied in full, " + fault.missing;
    }
  }
}

void JudgeCauses(SystemResult& judged) {
  std::stable_sort(judged.causes.begin(), judged.causes.end(),
                   [](const SystemCause& a, const SystemCause& b) {
                     return a.cause.moment.at_ms < b.cause.moment.at_ms;
                   });
  for (const SystemCause& one : judged.causes) {
    if (one.cause.IsBreach()) {
      judged.result.verdict = Verdict::kFail;
      judged.result.reason = "want " + one.cause.want + ", got " + one.cause.got;
      return;
    }
  }
}

}  // namespace

SystemResult RunSystemCase(SystemBench& bench, const scenario::Case& scenario,
                           const control::v1::Pics& claims, std::uint64_t seed) {
  bench.Prepare(scenario, seed);
  scenario::Case played = scenario;  // The links bend the frames, not the suite's peers.
  played.well_behaved = false;
  played.faults.clear();
  Transcript heard;
  SystemResult judged;
  judged.result = RunCase(bench, played, claims, RunOptions{seed}, heard);
  if (judged.result.verdict == Verdict::kUnsupported) {
    return judged;
  }
  judged.result.faults = bench.Faults();
  const Place place{scenario.where.file, scenario.where.line, scenario.where.column};
  for (const Part& part : bench.parts()) {
    const auto findings = oracle::Judge(part.transcript());
    Add(NameOf(part.role()), report::CausesOf({}, findings, part.transcript(), place),
        judged.causes);
  }
  Add("", report::CausesOf(judged.result, {}, heard, place), judged.causes);
  JudgeFaults(judged.result);
  JudgeCauses(judged);
  if (judged.result.verdict != Verdict::kPass) {
    bench.Discard();
  }
  return judged;
}

}  // namespace cmb::conformance::system
