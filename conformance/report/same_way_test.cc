// A row that is broken alike in most cases is what is wrong in the odd ones, too.
#include "conformance/report/same_way.h"

#include <gtest/gtest.h>

#include <utility>

namespace cmb::conformance::report {
namespace {

constexpr char kBrokenRow[] = "sender, phase timer [budget left] in SEND_PENDING";

CaseRecord Broken(const std::string& id, const std::string& want, const std::string& got) {
  CaseRecord record;
  record.result.verdict = Verdict::kFail;
  record.was_run = true;
  Cause cause;
  cause.requirement = id;
  cause.want = want;
  cause.got = got;
  record.causes.push_back(cause);
  return record;
}

std::string RetryAfter(const std::string& message, int expected, int seen) {
  return "a retry of '" + message + "': retry.backoff_ms expected " + std::to_string(expected) +
         ", seen " + std::to_string(seen);
}

RunReport RunOf(std::vector<CaseRecord> cases) {
  RunReport report;
  report.cases = std::move(cases);
  return report;
}

TEST(SameWay, BlamesWhomMostCasesBlame) {
  const RunReport report = RunOf({Broken("RTY-8", kBrokenRow, RetryAfter("1f-1", 1000, 2000)),
                                  Broken("TMR-2", kBrokenRow, RetryAfter("2e-1", 500, 1000)),
                                  Broken("RTY-8", kBrokenRow, RetryAfter("3d-1", 4000, 8000))});
  EXPECT_EQ(SameWay(report).BlamedFor(report.cases[1].causes[0]), "RTY-8");
  EXPECT_EQ(SameWay(report).BlamedFor(report.cases[0].causes[0]), "RTY-8");
}

TEST(SameWay, ATimerThatIsLateIsSoInOddCasesToo) {
  const auto late = [](const char* id, const char* kind) {
    return Broken(id, "next_deadline",
                  "the next protocol deadline is 10 ms, expected 9 ms, the timer " +
                      std::string(kind) + " of '1f-1'");
  };
  const RunReport report =
      RunOf({late("RTR-12", "DELIVERY_PHASE"), late("DUR-22", "DELIVERY_PHASE"),
             late("RTR-12", "DELIVERY_PHASE"), late("DUR-22", "TTL")});
  EXPECT_EQ(SameWay(report).BlamedFor(report.cases[1].causes[0]), "RTR-12");
  EXPECT_EQ(SameWay(report).BlamedFor(report.cases[3].causes[0]), "DUR-22");
}

TEST(SameWay, LeavesWhatIsBrokenInAnotherWayInAnotherRowOrAsOften) {
  const RunReport report = RunOf(
      {Broken("RTY-8", kBrokenRow, RetryAfter("1f-1", 1000, 2000)),
       Broken("RTY-8", kBrokenRow, RetryAfter("2e-1", 1000, 2000)),
       Broken("OBS-1", kBrokenRow, "a retry of '3d-1': retry.reason expected TIMEOUT, seen absent"),
       Broken("TMR-4", "sender, TTL ends in ROUTED", RetryAfter("4c-1", 1000, 2000)),
       Broken("TMR-3", "next_deadline", "the next protocol deadline is 1 ms, expected 2 ms"),
       Broken("PRG-3", "next_deadline", "the next protocol deadline is 3 ms, expected 4 ms"),
       Broken("PRG-3", "next_deadline", "the next protocol deadline is 5 ms, expected 6 ms")});
  for (const CaseRecord& record : report.cases) {
    EXPECT_EQ(SameWay(report).BlamedFor(record.causes[0]), record.causes[0].requirement);
  }
  const RunReport equal =
      RunOf({Broken("RTY-8", kBrokenRow, "x"), Broken("TMR-2", kBrokenRow, "x")});
  EXPECT_EQ(SameWay(equal).BlamedFor(equal.cases[0].causes[0]), "RTY-8");
  EXPECT_EQ(SameWay(equal).BlamedFor(equal.cases[1].causes[0]), "TMR-2");
}

}  // namespace
}  // namespace cmb::conformance::report
