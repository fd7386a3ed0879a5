// The interop command: several implementations, each in every role that it claims.
#include <ostream>
#include <thread>

#include "conformance/lower_tester/lock_step_bench.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/options/interop_options.h"
#include "conformance/runner/outputs.h"
#include "conformance/system/interop_text.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kStdio[] = "stdio:";

LockStepOptions BenchOf(const std::string& command) {
  LockStepOptions options;
  options.stdio = command.starts_with(kStdio);
  options.command = WordsOf(options.stdio ? command.substr(sizeof kStdio - 1) : command);
  options.binding =
      options.stdio ? control::v1::BINDING_INLINE_HEADERS : control::v1::BINDING_UNSPECIFIED;
  return options;
}

// Each is started once, to hear what it claims.
std::variant<std::vector<system::Implementation>, Complaints> Meet(const Options& options) {
  std::vector<system::Implementation> all;
  Complaints complaints;
  for (const std::string& command : options.implementations) {
    LockStepBench bench(BenchOf(command));
    auto claims = bench.Claims();
    if (!claims) {
      complaints.push_back("'" + command + "': " + claims.trouble().sentence);
      continue;
    }
    system::Implementation& one = all.emplace_back();
    one.claims = claims.value();
    one.name = one.claims.name() + " " + one.claims.version();
    one.make_bench = [command] { return std::make_unique<LockStepBench>(BenchOf(command)); };
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
      one.name += all[i].name == one.name ? " #" + std::to_string(all.size()) : "";
    }
  }
  if (!complaints.empty()) {
    return complaints;
  }
  return all;
}

int CodeOf(const std::vector<system::CombinationResult>& results) {
  report::Counts all;
  bool failed = false, open = false;
  for (const system::CombinationResult& result : results) {
    const report::Counts counts = result.counts();
    all.pass += counts.pass;
    failed |= counts.fail + counts.iut_crashed > 0;
    open |= counts.no_answer + counts.harness_error + counts.inconclusive > 0;
  }
  return failed ? kFailed : open || all.pass == 0 ? kInconclusive : kAllPassed;
}

}  // namespace

int InteropCommand(const Options& options, Console& console, const std::atomic<bool>& stop) {
  auto loaded = LoadCatalog(options);
  if (const auto* complaints = std::get_if<Complaints>(&loaded)) {
    return Complain(*complaints, console);
  }
  const Catalog& catalog = std::get<Catalog>(loaded);
  if (const Complaints broken = Broken(catalog); !broken.empty()) {
    return Complain(broken, console);
  }
  const auto cases = Select(catalog.loaded.cases, options);
  if (const auto* complaints = std::get_if<Complaints>(&cases)) {
    return Complain(*complaints, console);
  }
  Outputs outputs(options);
  if (!outputs.complaints().empty()) {
    return Complain(outputs.complaints(), console);
  }
  const auto met = Meet(options);
  if (const auto* complaints = std::get_if<Complaints>(&met)) {
    Complain(*complaints, console);
    return kInconclusive;
  }
  const auto& implementations = std::get<0>(met);
  if (system::CombinationsOf(implementations).empty()) {
    Complain({"there is no combination: of these implementations none plays the sender, the router "
              "or the target"},
             console);
    return kInconclusive;
  }
  console.out << system::HeadingText(implementations);
  system::InteropSettings settings;
  settings.seed = options.seed;
  settings.jobs = options.jobs != 0 ? options.jobs : std::thread::hardware_concurrency();
  settings.done = [&](const system::CombinationResult& one) {
    console.out << system::LineOf(one, implementations) << std::flush;
  };
  if (!options.transcripts.empty()) {
    settings.keep_transcript = [&](const system::Combination& c, const std::string& part,
                                   const Transcript& transcript) {
      outputs.KeepPart({c.sender, c.router, c.target}, part, transcript);
    };
  }
  const auto results = system::RunCombinations(implementations, std::get<0>(cases), settings, stop);
  console.out << system::InteropCauses(results, implementations, catalog.requirements);
  outputs.WriteJsonText(system::InteropJson(results, implementations));
  return stop ? kInterrupted : CodeWritten(CodeOf(results), outputs, console);
}

}  // namespace cmb::conformance::runner
