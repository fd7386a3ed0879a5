// The command line of cmb-conformance as a value. Called by main. Pure but for the environment of
// the program itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/lower_tester/router_addresses.h"

namespace cmb::conformance::runner {

enum class Command {
  kRun,
  kSmoke,
  kScaffold,
  kExplore,
  kInterop,
  kCheck,
  kAlter,
  kMerge,
  kDiff,
  kList,
  kLint,
  kExplain,
  kSchema
};

struct Options {
  Command command = Command::kRun;
  std::string program;                 // argv[0].
  std::vector<std::string> scenarios;  // Empty: the project's own.
  std::vector<std::string>
      paths;         // list, lint: as --scenarios. check, alter: recordings. Else reports.
  std::string spec;  // Directory. Empty: the project's own.
  std::vector<std::string> run, skip;  // Globs.
  // Files and directories of reports. Empty: not wanted.
  std::string junit, json, html, markdown, badge, transcripts, bundle;
  std::uint64_t seed = 1;
  bool verbose = false;              // run: each case.
  bool fail_fast = false;            // run.
  std::uint64_t repeat = 1;          // run: how often all is run.
  std::string expected;              // run: file of failures that are known. Empty: none are.
  bool fix = false;                  // run: writes it.
  std::vector<std::string> mutants;  // run: globs of mutants' names or requirements. Empty: none.
  std::string shard;                 // "2/5". Empty: all.
  std::string profile;               // Cases of no higher one. Empty: all.
  bool as_json = false;              // list.
  std::string attach;                // run: endpoint for a harness started by hand. Empty: none is.
  std::string router_text;           // run: --router as it is written.
  std::optional<RouterAddresses> router;  // The same, read. Absent: an IUT with a harness.
  std::vector<std::string> features;      // What that router claims.
  // Guards of the control channel; 0: never. Absent: 10 s and 5 s, and never where attached.
  std::optional<unsigned> hello_ms, reply_ms;
  bool stdio = false;            // Control by the harness's standard input and output.
  std::string binding;           // sockets, frames, headers. Empty: as --stdio says.
  unsigned jobs = 0;             // 0: one for each processor, or many on a wall clock.
  std::uint64_t time_scale = 0;  // run: at most so many times faster on a wall clock. 0: no bound.
  std::uint64_t longest_s = 20;  // run: that a case may last there, in seconds.
  std::uint64_t cases = 1'000;   // explore: scenarios to draw.
  std::uint64_t minutes = 0;     // explore. 0: no bound.
  std::vector<std::string> roles;  // explore. Empty: all that are claimed.
  std::string save;                // explore: directory of what failed.
  std::uint64_t sample = 0;        // alter: so many alterations. 0: all.
  std::size_t longest = 300;       // alter: recording, in entries, that is altered whole.
  double at_least = 0;             // alter: the share in per cent that must be caught.
  std::string free;                // alter: list of what is free. Empty: the project's own.
  std::vector<std::string> implementations;  // interop: commands.
  std::string role;                          // smoke, scaffold.
  std::string language, into;                // scaffold.
  bool quiet = false;                        // check: the causes only.
  std::string schema;                        // schema: of what.
  std::string effective;                     // list: print this case as a document.
  std::vector<std::string> explain;          // Requirement ids.
  std::vector<std::string> iut;              // What stands after --.
};

// The program ends at once: help, or wrong use.
struct Ending {
  int code = 0;
  std::string text;  // Help goes to stdout, one line of complaint to stderr.
};

std::variant<Options, Ending> ParseOptions(const std::vector<std::string>& arguments);

// `words` as one line that a shell reads back as the same words.
std::string ShellQuoted(const std::vector<std::string>& words);

// Part `first` of `second`; absent: `text` is no I/N.
std::optional<std::pair<std::size_t, std::size_t>> ShardOf(const std::string& text);

// Of this program and of the schemas that it speaks.
std::string VersionText();

}  // namespace cmb::conformance::runner
