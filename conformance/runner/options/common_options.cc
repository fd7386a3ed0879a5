#include "conformance/runner/options/common_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "conformance/runner/options/places.h"

namespace cmb::conformance::runner {
namespace {

// Empty: it is I/N with 1 <= I <= N.
std::string ShardFault(std::string& word) {
  const auto shard = ShardOf(word);
  return shard ? "" : "'" + word + "' is no I/N with I from 1 to N, as in 2/5";
}

}  // namespace

CLI::Validator OneOfWords(const std::vector<std::string>& words) {
  return CLI::IsMember(words, CLI::ignore_case).description("");
}

CLI::Validator NotEmpty() {
  return {[](const std::string& word) { return word.empty() ? "its name is empty" : ""; }, ""};
}

CLI::Validator WholeNumber(std::uint64_t least) {
  const auto fault = [least](const std::string& word) {
    std::uint64_t number = 0;
    const auto* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, number);
    return error == std::errc() && stopped == end && number >= least
               ? std::string()
               : fmt::format("'{}' is no whole number from {} up", word, least);
  };
  return {fault, ""};
}

void AddSpec(CLI::App& command, Options& options) {
  command
      .add_option("--spec", options.spec,
                  "Directory of the specification (default: " + FindPlaces({}).spec + ")")
      ->type_name("DIR");
}

void AddSeed(CLI::App& command, Options& options) {
  command.add_option("--seed", options.seed, "For everything that is drawn (default: 1)")
      ->type_name("N")
      ->check(WholeNumber());
}

void AddJobs(CLI::App& command, Options& options, const std::string& what) {
  command
      .add_option("--jobs", options.jobs,
                  what +
                      " at the same time, 1 to 256 (default: one for each processor, "
                      "16 on a wall clock)")
      ->type_name("N")
      ->check(CLI::Validator(CLI::Range(1U, 256U)).description(""));
}

void AddSources(CLI::App& command, Options& options) {
  const Places places = FindPlaces({});
  command
      .add_option(
          "--scenarios", options.scenarios,
          "Scenario file or directory; may be repeated (default: " + places.scenarios.front() + ")")
      ->type_name("PATH")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  AddSpec(command, options);
}

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
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--skip", options.skip, "Not these; may be repeated")
      ->type_name("GLOB")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--role", options.roles, "Only cases of this role; may be repeated")
      ->type_name("ROLE")
      ->transform(OneOfWords({"sender", "router", "target", "system"}))
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--profile", options.profile, "Only cases that need no higher profile")
      ->type_name("PROFILE")
      ->transform(OneOfWords({"CORE", "BASIC", "TRACKED", "DURABLE"}));
  command
      .add_option("--shard", options.shard, "Only the I-th of N parts of what is left, as in 2/5")
      ->type_name("I/N")
      ->check(CLI::Validator(ShardFault, ""));
}

}  // namespace cmb::conformance::runner
