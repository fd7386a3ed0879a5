#include "conformance/runner/options/common_options.h"

#include <fmt/format.h>

#include <charconv>

#include "conformance/runner/options/places.h"

namespace cmb::conformance::runner {

CLI::Validator OneOfWords(const std::vector<std::string>& words) {
  return CLI::IsMember(words, CLI::ignore_case).description("");
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
                  what + " at the same time, 1 to 256 (default: one for each processor)")
      ->type_name("N")
      ->check(CLI::Validator(CLI::Range(1U, 256U)).description(""));
}

}  // namespace cmb::conformance::runner
