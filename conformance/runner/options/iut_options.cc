#include "conformance/runner/options/iut_options.h"

#include <CLI/CLI.hpp>
#include <chrono>

#include "conformance/runner/options/common_options.h"

namespace cmb::conformance::runner {
namespace {

constexpr char kFrames[] = "frames";
constexpr char kHeaders[] = "headers";

}  // namespace

void AddIut(CLI::App& command, Options& options) {
  command
      .add_option("--hello-ms", options.hello_ms,
                  "How long a process may take to its Hello, which is tried twice, or a router "
                  "without a harness to its first PONG (default: 10000; 0: for ever)")
      ->type_name("N")
      ->check(WholeNumber());
  command
      .add_option("--reply-ms", options.reply_ms,
                  "How long a reply may take, else there is no answer (default: 5000; 0: for "
                  "ever, for debuggers)")
      ->type_name("N")
      ->check(WholeNumber());
  command.add_flag("--stdio", options.stdio,
                   "Speak with the harness by lines of JSON on its standard input and output");
  command
      .add_option("--binding", options.binding,
                  "How frames travel: sockets; frames (ZeroMQ parts) or headers (decoded) in the "
                  "control channel (default: sockets; with --stdio: headers)")
      ->type_name("WORD")
      ->transform(OneOfWords({"sockets", kFrames, kHeaders}));
}

void AddAttach(CLI::App& run, Options& options) {
  run.add_option(
         "--attach", options.attach,
         "Wait for a harness that is started by hand, in a debugger or on another host (then "
         "with --binding frames); no guards, one case at a time (default: a port of "
         "127.0.0.1, which is printed)")
      ->type_name("[ENDPOINT]")
      ->expected(0, 1);
}

std::string TakeAttach(const CLI::App& run, Options& options) {
  if (run.count("--attach") == 0) {
    return "";
  }
  options.attach = options.attach.empty() ? kOwnHost : options.attach;
  if (!options.attach.starts_with("tcp://")) {
    return "--attach: '" + options.attach + "' is no ENDPOINT, as in tcp://127.0.0.1:PORT";
  }
  if (!options.iut.empty()) {
    return "--attach starts no COMMAND; leave it out, and start it by hand";
  }
  if (options.stdio || !options.mutants.empty()) {
    return "--attach goes with neither --stdio nor --mutants";
  }
  if (options.jobs > 1) {
    return "--attach has one harness; leave out --jobs";
  }
  options.jobs = 1;
  return "";
}

void AddOneRole(CLI::App& command, Options& options) {
  command.add_option("--role", options.role, "sender, router or target")
      ->type_name("ROLE")
      ->transform(OneOfWords({"sender", "router", "target"}))
      ->required();
}

ack::v1::Role RoleOf(const std::string& word) {
  if (word == "sender") {
    return ack::v1::ROLE_SENDER;
  }
  return word == "router" ? ack::v1::ROLE_ROUTER : ack::v1::ROLE_TARGET;
}

void AddSmoke(CLI::App& app, Options& options) {
  CLI::App* smoke =
      app.add_subcommand("smoke",
                         "Take a harness through the control channel, step by step:\n"
                         "  cmb-conformance smoke --role ROLE [OPTIONS] -- COMMAND...");
  AddOneRole(*smoke, options);
  AddIut(*smoke, options);
  smoke->footer("Exit codes of smoke: 0 nothing is missing, 1 something is, 2 the command cannot "
                "be started, 64 wrong use.");
}

void AddScaffold(CLI::App& app, Options& options) {
  CLI::App* scaffold = app.add_subcommand("scaffold", "Write a harness to begin with");
  scaffold->add_option("language", options.language, "python, node or cpp")
      ->type_name("LANGUAGE")
      ->transform(OneOfWords({"python", "node", "cpp"}))
      ->required();
  scaffold->add_option("directory", options.into, "Made if it is not there")
      ->type_name("DIR")
      ->required();
  AddOneRole(*scaffold, options);
  scaffold->footer("Exit codes of scaffold: 0 written, 64 wrong use, or it cannot be written.");
}

Guards GuardsOf(const Options& options) {
  constexpr std::chrono::milliseconds kNever{0};
  const Guards usual = options.attach.empty() ? Guards{} : Guards{kNever, kNever};
  return {options.hello_ms ? std::chrono::milliseconds(*options.hello_ms) : usual.hello,
          options.reply_ms ? std::chrono::milliseconds(*options.reply_ms) : usual.reply};
}

LockStepOptions LockStepOf(const Options& options) {
  LockStepOptions bench;
  bench.command = options.iut;
  bench.attach = options.attach;
  bench.guards = GuardsOf(options);
  bench.stdio = options.stdio;
  if (options.binding == kFrames) {
    bench.binding = control::v1::BINDING_INLINE_FRAMES;
  } else if (options.binding == kHeaders || (options.stdio && options.binding.empty())) {
    bench.binding = control::v1::BINDING_INLINE_HEADERS;
  }
  return bench;
}

std::vector<std::string> IutWords(const Options& options) {
  std::vector<std::string> words;
  if (!options.attach.empty()) {
    words.insert(words.end(), {"--attach", options.attach});
  }
  if (options.stdio) {
    words.emplace_back("--stdio");
  }
  if (!options.binding.empty()) {
    words.insert(words.end(), {"--binding", options.binding});
  }
  return words;
}

}  // namespace cmb::conformance::runner
