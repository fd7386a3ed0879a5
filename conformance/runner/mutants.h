// The kill matrix: an implementation that carries one bug at a time, and which cases find it.
// Called by the run command. RunMutants starts threads, which end with it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "conformance/report/run_report.h"
#include "conformance/runner/options/options.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::runner {

// One line of what `COMMAND --list-mutants` prints, in fields that tabs part.
struct Mutant {
  std::string name;
  std::string requirement;           // That it breaks.
  std::vector<std::string> globs;    // Of the scenarios that must find it.
  std::string what;                  // Is wrong, for people.
  std::vector<std::string> options;  // Of COMMAND, besides --mutant NAME. Often none.
};

struct Killed {
  Mutant mutant;
  std::vector<std::string> by;  // Cases that name the requirement, fail, and blame it.
  // Other sentences that are the first cause of some case that failed.
  std::vector<std::string> blamed_first;
  std::size_t failed = 0, run = 0;  // Cases.
  std::string ended;                // Why it could not be run. Empty: it was.
};

// Asks the command for its mutants; lines whose requirement is "-" break none and are left out.
// Else complaints: it cannot be started, takes longer than the Hello guard, or prints what is no
// list.
std::variant<std::vector<Mutant>, std::vector<std::string>> ListMutants(const Options& options);

// Those that --mutants chooses. Complaints for globs that match none.
std::variant<std::vector<Mutant>, std::vector<std::string>> Choose(std::vector<Mutant> mutants,
                                                                   const Options& options);

// In the order of `mutants`. `done` is called after each, by one thread at a time. What is thrown
// ends that mutant alone, and stands in its `ended`.
std::vector<Killed> RunMutants(const std::vector<Mutant>& mutants,
                               const std::vector<scenario::Case>& cases, const Options& options,
                               const std::atomic<bool>& stop,
                               const std::function<void(const Killed&)>& done);

// The MUSTs that cases name and that no mutant breaks.
std::vector<std::string> WithoutMutant(const std::vector<Mutant>& mutants,
                                       const std::vector<scenario::Case>& cases,
                                       const report::RequirementIndex& requirements);

// One line: name, requirement, failed of run, by whom.
std::string LineOf(const Killed& killed);
// "596 of 598 mutants killed…", those that are first blamed for something else, and the MUSTs
// without one.
std::string SummaryOf(const std::vector<Killed>& all, const std::vector<std::string>& without);
std::string JsonOf(const std::vector<Killed>& all, const std::vector<std::string>& without);

}  // namespace cmb::conformance::runner
