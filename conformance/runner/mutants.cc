#include "conformance/runner/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "conformance/control/caught.h"
#include "conformance/control/child_process.h"
#include "conformance/control/wait.h"
#include "conformance/lower_tester/lock_step_bench.h"
#include "conformance/runner/glob.h"
#include "conformance/runner/options/iut_options.h"
#include "conformance/runner/processors.h"
#include "conformance/runner/suite.h"

namespace cmb::conformance::runner {
namespace {

constexpr std::size_t kLeastFields = 4;

std::vector<std::string> Split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) {
    if (at == '\t' || !part.empty()) {
      parts.push_back(part);
    }
  }
  return parts;
}

std::vector<scenario::Case> CasesFor(const Mutant& mutant,
                                     const std::vector<scenario::Case>& cases) {
  std::vector<scenario::Case> chosen;
  std::copy_if(cases.begin(), cases.end(), std::back_inserter(chosen), [&](const auto& one) {
    return std::any_of(mutant.globs.begin(), mutant.globs.end(), [&](const std::string& glob) {
      return GlobMatches(glob, one.id) || GlobMatches(glob, one.document_id);
    });
  });
  return chosen;
}

// Whether each of them fills a queue of ZeroMQ, which is done without data sockets.
bool NeedNoSockets(const std::vector<scenario::Case>& cases) {
  return !cases.empty() && std::all_of(cases.begin(), cases.end(), [](const scenario::Case& one) {
    return !scenario::ModulesFilled(one).empty();
  });
}

bool Fails(const report::CaseRecord& record) {
  return record.was_run && record.result.verdict == Verdict::kFail;
}

bool Kills(const report::CaseRecord& record, const std::string& requirement) {
  const auto has = [&](const std::vector<std::string>& ids) {
    return std::find(ids.begin(), ids.end(), requirement) != ids.end();
  };
  return Fails(record) && has(record.result.requirements) && has(report::Blamed(record));
}

Killed RunOne(const Mutant& mutant, const std::vector<scenario::Case>& cases,
              const Options& options, const std::atomic<bool>& stop) {
  LockStepOptions iut = LockStepOf(options);
  iut.command.insert(iut.command.end(), mutant.options.begin(), mutant.options.end());
  iut.command.insert(iut.command.end(), {"--mutant", mutant.name});
  SuiteSettings settings;
  const auto chosen = CasesFor(mutant, cases);
  if (iut.binding == control::v1::BINDING_UNSPECIFIED && NeedNoSockets(chosen)) {
    iut.binding = control::v1::BINDING_INLINE_FRAMES;
  }
  settings.make_bench = [&iut] { return std::make_unique<LockStepBench>(iut); };
  settings.run_case = RunCase;
  settings.seed = options.seed;
  const report::RunReport report = RunSuite(chosen, settings, stop);
  Killed killed{mutant, {}, {}, 0, chosen.size(), report.stopped_because};
  std::set<std::string> blamed;
  for (const report::CaseRecord& record : report.cases) {
    killed.failed += Fails(record) ? 1 : 0;
    if (Kills(record, mutant.requirement)) {
      killed.by.push_back(record.result.case_id);
    }
    const auto causes = report::Blamed(record);
    if (Fails(record) && !causes.empty()) {
      blamed.insert(causes.front());
    }
  }
  blamed.erase(mutant.requirement);
  killed.blamed_first.assign(blamed.begin(), blamed.end());
  return killed;
}

}  // namespace

std::variant<std::vector<Mutant>, std::vector<std::string>> ListMutants(const Options& options) {
  std::vector<std::string> command = options.iut;
  command.emplace_back("--list-mutants");
  auto spawned =
      ChildProcess::Spawn({.command = command, .environment = {}, .lines_on_stdout = true});
  if (const auto* error = std::get_if<SpawnError>(&spawned)) {
    return std::vector<std::string>{error->sentence};
  }
  ChildProcess& child = *std::get<std::unique_ptr<ChildProcess>>(spawned);
  const Deadline deadline = Deadline::OfGuard(GuardsOf(options).hello);
  std::vector<Mutant> mutants;
  while (true) {
    const Wake wake = WaitReadable({}, child, deadline);
    while (const auto line = child.TakeLine()) {
      const auto fields = Split(*line, '\t');
      if (fields.size() < kLeastFields) {
        return std::vector<std::string>{
            ShellQuoted(command) +
            " prints a line that is no mutant: expected name, requirement, "
            "scenarios and what is wrong, with tabs between them"};
      }
      if (fields[1] != "-") {
        mutants.push_back({fields[0], fields[1], Split(fields[2], ' '), fields[3],
                           fields.size() > 4 ? Split(fields[4], ' ') : std::vector<std::string>()});
      }
    }
    if (wake != Wake::kReadable) {
      break;
    }
  }
  if (mutants.empty()) {
    return std::vector<std::string>{ShellQuoted(command) + " names no mutant\n" +
                                    child.StderrTail()};
  }
  return mutants;
}

std::variant<std::vector<Mutant>, std::vector<std::string>> Choose(std::vector<Mutant> mutants,
                                                                   const Options& options) {
  std::vector<std::string> complaints;
  const auto matches = [](const Mutant& mutant, const std::string& glob) {
    return GlobMatches(glob, mutant.name) || GlobMatches(glob, mutant.requirement);
  };
  for (const std::string& glob : options.mutants) {
    if (std::none_of(mutants.begin(), mutants.end(),
                     [&](const Mutant& mutant) { return matches(mutant, glob); })) {
      complaints.push_back("--mutants '" + glob + "' matches no mutant");
    }
  }
  if (!complaints.empty()) {
    return complaints;
  }
  std::erase_if(mutants, [&](const Mutant& mutant) {
    return std::none_of(options.mutants.begin(), options.mutants.end(),
                        [&](const std::string& glob) { return matches(mutant, glob); });
  });
  return mutants;
}

std::vector<Killed> RunMutants(const std::vector<Mutant>& mutants,
                               const std::vector<scenario::Case>& cases, const Options& options,
                               const std::atomic<bool>& stop,
                               const std::function<void(const Killed&)>& done) {
  std::vector<Killed> all(mutants.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Processors processors;
  const auto work = [&] {
    processors.BindThread();
    for (std::size_t i = next++; i < mutants.size() && !stop; i = next++) {
      const std::string thrown = Caught([&] {
        all[i] = RunOne(mutants[i], cases, options, stop);
        const std::lock_guard<std::mutex> lock(mutex);
        done(all[i]);
      });
      if (!thrown.empty()) {
        all[i] = {mutants[i], {}, {}, 0, 0, thrown};
      }
    }
  };
  std::vector<std::thread> workers;
  const unsigned jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  for (unsigned i = 0; i < std::max(jobs, 1U); ++i) {
    workers.emplace_back(work);
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  return all;
}

std::vector<std::string> WithoutMutant(const std::vector<Mutant>& mutants,
                                       const std::vector<scenario::Case>& cases,
                                       const report::RequirementIndex& requirements) {
  std::set<std::string> missing;
  for (const scenario::Case& one : cases) {
    for (const std::string& id : one.requirements) {
      const auto* requirement = requirements.Find(id);
      if (requirement != nullptr && requirement->LevelWord().starts_with("MUST")) {
        missing.insert(id);
      }
    }
  }
  for (const Mutant& mutant : mutants) {
    missing.erase(mutant.requirement);
  }
  return {missing.begin(), missing.end()};
}

std::string LineOf(const Killed& killed) {
  std::string by = killed.by.empty() ? "NOBODY" : killed.by.front();
  if (killed.by.size() > 1) {
    by += fmt::format(" and {} more", killed.by.size() - 1);
  }
  if (killed.by.empty() && !killed.ended.empty()) {
    by += ": " + killed.ended;
  } else if (!killed.blamed_first.empty()) {
    by += fmt::format("; first blamed: {}", fmt::join(killed.blamed_first, " "));
  }
  return fmt::format("{:<40} {:<11} {:>3}/{:<3} {}\n", killed.mutant.name,
                     killed.mutant.requirement, killed.failed, killed.run, by);
}

namespace {

bool IsBlamedFirst(const Killed& one) { return !one.by.empty() && one.blamed_first.empty(); }

}  // namespace

std::string SummaryOf(const std::vector<Killed>& all, const std::vector<std::string>& without) {
  const auto killed =
      std::count_if(all.begin(), all.end(), [](const Killed& one) { return !one.by.empty(); });
  std::string text = fmt::format("{} of {} mutants killed by a case that names what they break\n",
                                 killed, all.size());
  const auto blamed = std::count_if(all.begin(), all.end(), IsBlamedFirst);
  text += fmt::format("{} of {} blamed first for what they break, in each case that fails{}\n",
                      blamed, all.size(), blamed == std::ssize(all) ? "" : "; the others:");
  for (const Killed& one : all) {
    if (!IsBlamedFirst(one)) {
      text += fmt::format("  {}, {}: {}\n", one.mutant.name, one.mutant.requirement,
                          fmt::join(one.blamed_first, " "));
    }
  }
  if (!without.empty()) {
    text +=
        fmt::format("MUSTs that cases name and no mutant breaks: {}\n", fmt::join(without, " "));
  }
  return text;
}

std::string JsonOf(const std::vector<Killed>& all, const std::vector<std::string>& without) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Killed& one : all) {
    rows.push_back({{"mutant", one.mutant.name},
                    {"what", one.mutant.what},
                    {"requirement", one.mutant.requirement},
                    {"killed", !one.by.empty()},
                    {"killed_by", one.by},
                    {"blamed_first", one.blamed_first},
                    {"cases_failed", one.failed},
                    {"cases_run", one.run},
                    {"ended", one.ended}});
  }
  const nlohmann::ordered_json json{
      {"format", "cmb-kill-matrix-1"}, {"mutants", rows}, {"musts_without_mutant", without}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cmb::conformance::runner
