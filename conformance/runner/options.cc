#include "conformance/runner/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "conformance/runner/catalog.h"
#include "conformance/runner/common_options.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/explore_options.h"
#include "conformance/runner/recording_options.h"
#include "conformance/scenario/nearest.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kLintFooter[] =
    "Exit codes of lint: 0 nothing found, 1 something found, 64 wrong use.";
constexpr char kOtherFooter[] = "Exit codes: 0 printed, 64 wrong use or a broken scenario.";
constexpr char kFooter[] =
    "Exit codes of run: 0 all passed (unsupported is neutral), 1 something failed or the\n"
    "implementation crashed in a case, 2 nothing failed but something had no answer, was\n"
    "inconclusive or could not run, or nothing passed, 64 wrong use, 130 interrupted.";

void AddSources(CLI::App& command, Options& options) {
  const Places places = FindPlaces({});
  command
      .add_option(
          "--scenarios", options.scenarios,
          "Scenario file or directory; may be repeated (default: " + places.scenarios.front() + ")")
      ->type_name("PATH")
      ->expected(1)
      ->take_all();
  AddSpec(command, options);
}

// The same as --scenarios, for commands that take nothing else.
void AddPaths(CLI::App& command, Options& options) {
  command.add_option("path", options.paths, "Scenario files or directories, as with --scenarios")
      ->type_name("PATH");
}

void AddSelection(CLI::App& command, Options& options) {
  command
      .add_option("--run", options.run,
                  "Only cases whose id, or whose scenario's id, matches; may be repeated")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all();
  command.add_option("--skip", options.skip, "Not these; may be repeated")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all();
}

CLI::App* AddRun(CLI::App& app, Options& options) {
  CLI::App* run = app.add_subcommand("run",
                                     "Run scenarios against an implementation:\n"
                                     "  cmb-conformance run [OPTIONS] -- COMMAND...");
  AddSources(*run, options);
  AddSelection(*run, options);
  run->add_option("--junit", options.junit, "Write a JUnit report")->type_name("FILE");
  run->add_option("--json", options.json, "Write a JSON report")->type_name("FILE");
  run->add_option("--transcript", options.transcripts, "Write one transcript for each case")
      ->type_name("DIR");
  AddSeed(*run, options);
  run->add_option("--hello-ms", options.hello_ms,
                  "How long a process may take to its Hello; it is tried twice (default: 10000; "
                  "0: for ever)")
      ->type_name("N");
  run->add_option("--reply-ms", options.reply_ms,
                  "How long a reply may take, else there is no answer (default: 5000; 0: for "
                  "ever, for debuggers)")
      ->type_name("N");
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
  CLI::App* schema =
      app.add_subcommand("schema", "Print the JSON Schema of scenario files, for editors");
  schema->footer("Exit codes of schema: 0, 64 wrong use.");
}

Command CommandOf(const CLI::App& app) {
  if (app.got_subcommand("explore")) {
    return Command::kExplore;
  }
  if (app.got_subcommand("alter")) {
    return Command::kAlter;
  }
  if (app.got_subcommand("check")) {
    return Command::kCheck;
  }
  if (app.got_subcommand("list")) {
    return Command::kList;
  }
  if (app.got_subcommand("lint")) {
    return Command::kLint;
  }
  if (app.got_subcommand("schema")) {
    return Command::kSchema;
  }
  return app.got_subcommand("explain") ? Command::kExplain : Command::kRun;
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

const std::vector<std::string> kCommands{"run",  "explore", "check",   "alter",
                                         "list", "lint",    "explain", "schema"};

bool IsCommand(const std::string& word) {
  return std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
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

}  // namespace

std::variant<Options, Ending> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  options.program = arguments.empty() ? "cmb-conformance" : arguments.front();
  std::vector<std::string> words(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  const bool has_dashes = TakeIut(words, options);
  if (words.empty() || (words[0].rfind('-', 0) != 0 && !IsCommand(words[0]))) {
    return Complaint(
        words.empty()
            ? "no command; it is one of run, explore, check, alter, list, lint, explain, schema"
            : "unknown command '" + words[0] + "'" + scenario::Suggestion(words[0], kCommands));
  }
  CLI::App app("Conformance suite of the CMB-ACK protocol", "cmb-conformance");
  app.require_subcommand(1);
  app.footer(kFooter);
  AddRun(app, options);
  AddExplore(app, options);
  AddCheck(app, options);
  AddAlter(app, options);
  AddOthers(app, options);
  std::reverse(words.begin(), words.end());  // As CLI11 wants a vector.
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return Ending{0, app.help()};
  } catch (const CLI::ExtrasError&) {
    return Complaint(Unexpected(app));
  } catch (const CLI::ParseError& error) {
    return Complaint(error.what());
  }
  options.command = CommandOf(app);
  if (options.command != Command::kCheck && options.command != Command::kAlter) {
    options.scenarios.insert(options.scenarios.end(), options.paths.begin(), options.paths.end());
  }
  const bool takes_iut = options.command == Command::kRun || options.command == Command::kExplore;
  if (takes_iut && options.iut.empty()) {
    return Complaint("no COMMAND; write it after --, as in: cmb-conformance run -- ./my-iut");
  }
  if (!takes_iut && has_dashes) {
    return Complaint("only run and explore take a COMMAND");
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
