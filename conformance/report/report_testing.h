// A report to write, for the tests of its writers.
#pragma once

#include <string>

#include "conformance/report/run_report.h"

namespace cmb::conformance::report {

inline constexpr char kSentence[] =
    "A router MUST NOT send DELIVERY_ACK/SUCCESS without a RECEIPT.";

inline CaseRecord ACase(const std::string& id, Verdict verdict) {
  CaseRecord record;
  record.scenario_id = id.substr(0, id.find('@'));
  record.role = id.substr(0, id.find('/'));
  record.place = {"scenarios/" + record.scenario_id + ".yaml", 1, 1};
  record.result.case_id = id;
  record.result.title = "The title of " + record.scenario_id;
  record.result.verdict = verdict;
  record.result.requirements = {"CMB-RTR-009"};
  record.rerun = "cmb-conformance run --run " + id + " -- ./iut";
  record.was_run = true;
  record.wall_ms = 12.5;
  return record;
}

inline CaseRecord AFailedCase() {
  CaseRecord record = ACase("router/no-receipt", Verdict::kFail);
  Cause cause;
  cause.kind = CauseKind::kExpectation;
  cause.place = {record.place.file, 7, 5};
  cause.requirement = "CMB-RTR-009";
  cause.step = "expect: nothing";
  cause.want = "nothing";
  cause.got = "DELIVERY_ACK/SUCCESS of m1";
  record.causes = {cause};
  record.result.iut_stderr = "warning: \x1b[31mred\nlast words\n";
  record.last_entries = {"0 ms  to IUT  MESSAGE", "0 ms  by IUT  DELIVERY_ACK"};
  return record;
}

inline CaseRecord AFindingCase() {
  CaseRecord record = ACase("sender/silent@by=a", Verdict::kFail);
  Cause cause;
  cause.requirement = "CMB-OBS-008";
  cause.place = {record.place.file, 9, 1};
  cause.step = "rule one-alert-per-failure of the oracle";
  cause.want = "One alert for each failure.";
  cause.got = "'m1': no alert says so";
  cause.more = 2;
  record.causes = {cause};
  return record;
}

inline RunReport AReport() {
  RunReport report;
  report.pics.set_name("an-iut");
  report.pics.set_version("2");
  report.seed = 5;
  report.wall_ms = 1234;
  Requirement requirement;
  requirement.id = "CMB-RTR-009";
  requirement.level = "MUST";
  requirement.sentence = kSentence;
  requirement.chapter = "spec/05-router.md";
  requirement.line = 44;
  report.requirements = RequirementIndex({requirement});
  report.cases = {ACase("router/plain", Verdict::kPass),
                  AFailedCase(),
                  AFindingCase(),
                  ACase("sender/silent@by=b", Verdict::kPass),
                  ACase("target/crash", Verdict::kIutCrashed),
                  ACase("target/tracked", Verdict::kUnsupported)};
  report.cases[4].result.reason = "the IUT was killed by signal 6";
  report.cases[5].result.reason = "the IUT does not claim TRACKED";
  report.cases[0].result.choices = {{"CHO-003", "queues", {}}};
  Miss advice;
  advice.requirement = "CMB-RTR-009";
  advice.step = "expect: PONG";
  report.cases[3].result.advice = {advice};
  report.cases[3].result.may = {{"CMB-RTR-009", "a PONG", true, {}}};
  return report;
}

}  // namespace cmb::conformance::report
