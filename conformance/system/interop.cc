#include "conformance/system/interop.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

#include "conformance/control/caught.h"

namespace cmb::conformance::system {

bool Implementation::Plays(ack::v1::Role role) const {
  return std::ranges::any_of(claims.roles(),
                             [role](const auto& claim) { return claim.role() == role; });
}

report::Counts CombinationResult::counts() const {
  report::Counts counts;
  for (const SystemResult& one : cases) {
    report::CaseRecord record;
    record.was_run = true;
    record.result.verdict = one.result.verdict;
    counts.Add(record);
  }
  return counts;
}

std::vector<Combination> CombinationsOf(const std::vector<Implementation>& implementations) {
  const auto playing = [&implementations](ack::v1::Role role) {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < implementations.size(); ++i) {
      if (implementations[i].Plays(role)) {
        indices.push_back(i);
      }
    }
    return indices;
  };
  std::vector<Combination> combinations;
  for (const std::size_t sender : playing(ack::v1::ROLE_SENDER)) {
    for (const std::size_t router : playing(ack::v1::ROLE_ROUTER)) {
      for (const std::size_t target : playing(ack::v1::ROLE_TARGET)) {
        combinations.push_back({sender, router, target});
      }
    }
  }
  return combinations;
}

namespace {

SystemResult NotRun(const scenario::Case& scenario, const std::string& why) {
  SystemResult none;
  none.result.case_id = scenario.id;
  none.result.verdict = Verdict::kHarnessError;
  none.result.reason = why;
  return none;
}

void RunOne(const std::vector<Implementation>& implementations,
            const std::vector<scenario::Case>& cases, const InteropSettings& settings,
            const std::atomic<bool>& stop, CombinationResult& result) {
  const Combination& combination = result.combination;
  SystemBench bench(implementations[combination.sender].make_bench(),
                    implementations[combination.router].make_bench(),
                    implementations[combination.target].make_bench(),
                    implementations[combination.router].make_bench());
  for (const scenario::Case& one : cases) {
    if (stop) {
      break;
    }
    auto claims = bench.Claims();
    SystemResult ran = claims ? RunSystemCase(bench, one, claims.value(), settings.seed)
                              : NotRun(one, claims.trouble().sentence);
    if (claims && settings.keep_transcript) {
      for (const Part& part : bench.parts()) {
        settings.keep_transcript(combination, part.name(), part.transcript());
      }
    }
    result.cases.push_back(std::move(ran));
  }
}

// What is thrown ends the combination, in the case that was in hand.
void RunGuarded(const std::vector<Implementation>& implementations,
                const std::vector<scenario::Case>& cases, const InteropSettings& settings,
                const std::atomic<bool>& stop, CombinationResult& result) {
  const std::string thrown =
      Caught([&] { RunOne(implementations, cases, settings, stop, result); });
  if (!thrown.empty() && result.cases.size() < cases.size()) {
    result.cases.push_back(NotRun(cases[result.cases.size()], thrown));
  }
}

}  // namespace

std::vector<CombinationResult> RunCombinations(const std::vector<Implementation>& implementations,
                                               const std::vector<scenario::Case>& cases,
                                               const InteropSettings& settings,
                                               const std::atomic<bool>& stop) {
  const auto combinations = CombinationsOf(implementations);
  std::vector<CombinationResult> results(combinations.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t at = next++; at < combinations.size() && !stop; at = next++) {
      results[at].combination = combinations[at];
      RunGuarded(implementations, cases, settings, stop, results[at]);
      const std::lock_guard<std::mutex> lock(mutex);
      settings.done(results[at]);
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min<std::size_t>(settings.jobs, combinations.size()); ++i) {
    others.emplace_back(work);
  }
  work();
  for (std::thread& other : others) {
    other.join();
  }
  return results;
}

}  // namespace cmb::conformance::system
