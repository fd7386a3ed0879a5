#include "conformance/runner/options/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

#include "conformance/runner/exit_code.h"
#include "conformance/runner/options/common_options.h"
#include "conformance/runner/options/explore_options.h"
#include "conformance/runner/options/interop_options.h"
#include "conformance/runner/options/iut_options.h"
#include "conformance/runner/options/places.h"
#include "conformance/runner/options/recording_options.h"
#include "conformance/runner/options/report_options.h"
#include "conformance/runner/options/router_options.h"
#include "conformance/scenario/nearest.h"

namespace cmb::conformance::runner {

std::optional<std::pair<std::size_t, std::size_t>> ShardOf(const std::string& text) {
  std::size_t part = 0, of = 0;
  const char* const end = text.data() + text.size();
  const auto [slash, bad_part] = std::from_chars(text.data(), end, part);
  if (bad_part != std::errc() || slash == end || *slash != '/') {
    return std::nullopt;
  }
  const auto [stopped, bad_of] = std::from_chars(slash + 1, end, of);
  if (bad_of != std::errc() || stopped != end || part < 1 || part > of) {
    return std::nullopt;
  }
  return std::pair(part, of);
}

std::string VersionText() { return "cmb-conformance " CMB_VERSION ", schema version 1"; }
namespace {

constexpr char kLintFooter[] =
    "Exit codes of lint: 0 nothing found, 1 something found, 64 wrong use.";
constexpr char kOtherFooter[] = "Exit codes: 0 printed, 64 wrong use or a broken scenario.";
constexpr char kFooter[] =
    "Exit codes of run: 0 all passed (unsupported and expected failures are neutral), 1 something\n"
    "failed or the implementation crashed in a case, or is not as expected, 2 nothing failed but\n"
    "something had no answer, was inconclusive or could not run, or nothing passed, 64 wrong use,\n"
    "130 interrupted.";

CLI::App* AddRun(CLI::App& app, Options& options) {
  CLI::App* run = app.add_subcommand("run",
                                     "Run scenarios against an implementation:\n"
                                     "  cmb-conformance run [OPTIONS] -- COMMAND...\n"
                                     "  cmb-conformance run [OPTIONS] --router ADDRESSES");
  AddSources(*run, options);
  AddSelection(*run, options);
  AddReports(*run, options);
  AddSeed(*run, options);
  AddIut(*run, options);
  AddAttach(*run, options);
  AddRouter(*run, options);
  run->add_flag("--fail-fast", options.fail_fast, "Begin no case after one that did not pass");
  run->add_option("--time-scale", options.time_scale,
                  "With an IUT without virtual_clock: at most so many times faster than a case is "
                  "written (default: as fast as its times allow)")
      ->check(WholeNumber(1));
  run->add_option(
         "--longest", options.longest_s,
         "The same: no case that would last longer than so many seconds (default: 20; with "
         "--router: 40)")
      ->check(WholeNumber(1));
  run->add_option("--repeat", options.repeat,
                  "Run all so often; a case with more than one verdict fails (default: 1)")
      ->type_name("N")
      ->check(CLI::Validator(CLI::Range(1U, 1'000'000U)).description(""));
  run->add_option("--expected-failures", options.expected,
                  "YAML list of {case, requirement, reason}: these may fail so, and must")
      ->type_name("FILE")
      ->check(NotEmpty());
  run->add_flag("--fix", options.fix, "Write --expected-failures anew, from what failed");
  run->add_option("--mutants", options.mutants,
                  "Not COMMAND but each bug that COMMAND --list-mutants names and that matches, by "
                  "name or requirement: does a case that names what it breaks fail for it? May be "
                  "repeated; '*' is all")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  run->add_flag("--verbose", options.verbose,
                "Print each case that did not pass, and each scenario");
  AddJobs(*run, options, "Cases");
  run->footer(kFooter);
  return run;
}

void AddOthers(CLI::App& app, Options& options) {
  CLI::App* list = app.add_subcommand("list", "Print the ids and titles of all cases");
  AddPaths(*list, options);
  AddSources(*list, options);
  list->footer(kOtherFooter);
  AddSelection(*list, options);
  list->add_flag("--json", options.as_json,
                 "As JSON: id, title, role, profile, needs, lacks, requirements, place");
  list->add_option("--effective", options.effective,
                   "Print this case as a document: merged, expanded, defaults written out")
      ->type_name("ID");
  CLI::App* lint = app.add_subcommand("lint", "Check scenario files");
  AddPaths(*lint, options);
  AddSources(*lint, options);
  lint->footer(kLintFooter);
  CLI::App* explain =
      app.add_subcommand("explain", "Print a requirement and what checks it, or a choice");
  AddSources(*explain, options);
  explain->add_option("id", options.explain, "Ids: CMB-AREA-nnn, AREA-nnn or CHO-nnn")
      ->type_name("ID")
      ->required();
  explain->footer(kOtherFooter);
  CLI::App* schema = app.add_subcommand(
      "schema", "Print a JSON Schema: of scenario files, for editors, or of JSON reports");
  schema->add_option("of", options.schema, "scenario (default) or report")
      ->type_name("KIND")
      ->transform(OneOfWords({"scenario", "report"}));
  schema->footer("Exit codes of schema: 0, 64 wrong use.");
}

const std::vector<std::pair<std::string, Command>> kCommandsByName{
    {"run", Command::kRun},           {"smoke", Command::kSmoke},
    {"scaffold", Command::kScaffold}, {"explore", Command::kExplore},
    {"interop", Command::kInterop},   {"check", Command::kCheck},
    {"alter", Command::kAlter},       {"merge", Command::kMerge},
    {"diff", Command::kDiff},         {"list", Command::kList},
    {"lint", Command::kLint},         {"explain", Command::kExplain},
    {"schema", Command::kSchema}};

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const auto& [name, command] : kCommandsByName) {
    names.push_back(name);
  }
  return names;
}

// One of them was parsed.
Command CommandOf(const CLI::App& app) {
  return std::find_if(kCommandsByName.begin(), kCommandsByName.end(),
                      [&app](const auto& entry) { return app.got_subcommand(entry.first); })
      ->second;
}

Ending Complaint(std::string sentence) {
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  return {kWrongUse, "cmb-conformance: " + sentence + " (see --help)"};
}

// The first flag that the command does not have is what went wrong; the rest may
// be its value.
std::string Unexpected(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        flags.push_back("--" + name);
      }
    }
  }
  const auto words = app.remaining(true);
  for (const std::string& word : words) {
    if (word.rfind('-', 0) == 0) {
      const std::string flag = word.substr(0, word.find('='));
      return "unknown option '" + flag + "'" + scenario::Suggestion(flag, flags);
    }
  }
  return "nothing is expected where '" + words.front() + "' stands";
}

bool IsCommand(const std::string& word) {
  const auto names = CommandNames();
  return std::find(names.begin(), names.end(), word) != names.end();
}

// Takes what stands after the first `--` out of `words`. False: there is no `--`.
bool TakeIut(std::vector<std::string>& words, Options& options) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes == words.end()) {
    return false;
  }
  options.iut.assign(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return true;
}

// Options that do not go together, and takes what --attach says. Empty: there are none.
std::string Contradiction(const CLI::App& app, const std::string& command, bool has_dashes,
                          Options& options) {
  if (options.fix && options.expected.empty()) {
    return "--fix needs --expected-failures, the file that it writes";
  }
  if (options.stdio && options.binding == "sockets") {
    return "--stdio has no data sockets; leave out --binding, or say frames or headers";
  }
  if (auto fault = TakeAttach(*app.get_subcommand("run"), options); !fault.empty()) {
    return fault;
  }
  if (auto fault = TakeRouter(*app.get_subcommand("run"), options); !fault.empty()) {
    return fault;
  }
  const bool takes_iut = options.command == Command::kRun || options.command == Command::kSmoke ||
                         options.command == Command::kExplore;
  if (takes_iut && options.iut.empty() && options.attach.empty() && !options.router) {
    return "no COMMAND; write it after --, as in: cmb-conformance " + command + " -- ./my-iut";
  }
  if (!takes_iut && has_dashes) {
    return "only run, smoke and explore take a COMMAND";
  }
  return "";
}

}  // namespace

std::variant<Options, Ending> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  options.program = arguments.empty() ? "cmb-conformance" : arguments.front();
  std::vector<std::string> words(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  const bool has_dashes = TakeIut(words, options);
  if (words.empty() || (words[0].rfind('-', 0) != 0 && !IsCommand(words[0]))) {
    return Complaint(
        words.empty() ? fmt::format("no command; it is one of {}", fmt::join(CommandNames(), ", "))
                      : "unknown command '" + words[0] + "'" +
                            scenario::Suggestion(words[0], CommandNames()));
  }
  CLI::App app("Conformance suite of the CMB-ACK protocol", "cmb-conformance");
  app.require_subcommand(1);
  app.set_version_flag("--version", VersionText());
  app.footer(kFooter);
  AddRun(app, options);
  AddSmoke(app, options);
  AddScaffold(app, options);
  AddExplore(app, options);
  AddInterop(app, options);
  AddCheck(app, options);
  AddAlter(app, options);
  AddMerge(app, options);
  AddDiff(app, options);
  AddOthers(app, options);
  std::reverse(words.begin(), words.end());  // As CLI11 wants a vector.
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return Ending{0, app.help()};
  } catch (const CLI::CallForVersion&) {
    return Ending{0, VersionText()};
  } catch (const CLI::ExtrasError&) {
    return Complaint(Unexpected(app));
  } catch (const CLI::ParseError& error) {
    return Complaint(error.what());
  }
  options.command = CommandOf(app);
  if (options.command == Command::kList || options.command == Command::kLint) {
    options.scenarios.insert(options.scenarios.end(), options.paths.begin(), options.paths.end());
  }
  if (auto fault = Contradiction(app, arguments[1], has_dashes, options); !fault.empty()) {
    return Complaint(fault);
  }
  return options;
}

std::string ShellQuoted(const std::vector<std::string>& words) {
  constexpr char kPlain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@,+%";
  std::string line;
  for (const std::string& word : words) {
    line += line.empty() ? "" : " ";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) {
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += '\'';
  }
  return line;
}

}  // namespace cmb::conformance::runner
