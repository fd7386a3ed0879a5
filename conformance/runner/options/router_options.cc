#include "conformance/runner/options/router_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>

#include "conformance/runner/options/iut_options.h"
#include "conformance/scenario/nearest.h"
#include "proto/wire/words.h"

namespace cmb::conformance::runner {
namespace {

// Its ticks are longer, and cases wait beside each other.
constexpr std::uint64_t kLongestSeconds = 40;

constexpr char kRouterRole[] = "router";

std::string Cased(std::string word, int (*change)(int)) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [change](unsigned char c) { return static_cast<char>(change(c)); });
  return word;
}

// Of the features those that show at a router's sockets.
std::vector<std::string> FeatureWords() {
  std::vector<std::string> words;
  for (const std::string& word : wire::AllWords<ack::v1::Feature>()) {
    words.push_back(Cased(word, std::tolower));
  }
  return words;
}

std::string FaultOfFeatures(const Options& options) {
  const auto known = FeatureWords();
  for (const std::string& word : options.features) {
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      return fmt::format("--features: there is no feature '{}'{}", word,
                         scenario::Suggestion(word, known));
    }
    if (word == "virtual_clock" || word == "curve") {
      return fmt::format("--features: {} needs a harness", word);
    }
  }
  return "";
}

// Options that speak of a harness.
std::string FaultOfOthers(const CLI::App& run, const Options& options) {
  if (!options.iut.empty()) {
    return "--router starts no COMMAND; leave it out: the router runs already";
  }
  for (const char* option : {"--attach", "--stdio", "--binding", "--mutants"}) {
    if (run.count(option) > 0) {
      return fmt::format("--router does not go with {}, which is of a harness", option);
    }
  }
  const bool of_others = std::any_of(options.roles.begin(), options.roles.end(),
                                     [](const auto& role) { return role != kRouterRole; });
  return of_others ? "--router plays cases of routers alone; leave out --role" : "";
}

}  // namespace

void AddRouter(CLI::App& run, Options& options) {
  run.add_option("--router", options.router_text,
                 "No COMMAND and no harness: a router that runs already, at these addresses. What "
                 "shows at its sockets is judged, what does not is unsupported. It is, with all "
                 "its other settings at their defaults, " +
                     std::string(kRouterForm))
      ->type_name("ADDRESSES")
      ->expected(0, 1);
  run.add_option("--features", options.features,
                 "With --router: what it claims, as in batch_ack,ordered (default: none); "
                 "--profile says its profile (default: BASIC)")
      ->type_name("A,B")
      ->delimiter(',')
      ->expected(1)
      ->take_all();
}

std::string TakeRouter(const CLI::App& run, Options& options) {
  if (run.count("--router") == 0) {
    return options.features.empty() ? "" : "--features goes with --router; a harness says its own";
  }
  auto parsed = ParseRouter(options.router_text);
  if (const auto* fault = std::get_if<std::string>(&parsed)) {
    return fmt::format("--router: {}; expected is {}",
                       options.router_text.empty() ? "no address is named" : *fault, kRouterForm);
  }
  options.router = std::get<RouterAddresses>(std::move(parsed));
  for (std::string& word : options.features) {
    word = Cased(word, std::tolower);
  }
  if (std::string fault = FaultOfOthers(run, options); !fault.empty()) {
    return fault;
  }
  options.roles = {kRouterRole};
  options.longest_s = run.count("--longest") > 0 ? options.longest_s : kLongestSeconds;
  return FaultOfFeatures(options);
}

BlackBoxOptions BlackBoxOf(const Options& options) {
  BlackBoxOptions bench;
  bench.addresses = *options.router;
  const Guards guards = GuardsOf(options);
  bench.hello = guards.hello;
  bench.answer = guards.reply;
  bench.pics.set_name("router at " + ToText(*options.router));
  control::v1::RoleClaim& claim = *bench.pics.add_roles();
  claim.set_role(ack::v1::ROLE_ROUTER);
  claim.set_profile(
      wire::ParseWord<ack::v1::Profile>(options.profile).value_or(ack::v1::PROFILE_BASIC));
  for (const std::string& word : options.features) {
    bench.pics.add_features(*wire::ParseWord<ack::v1::Feature>(Cased(word, std::toupper)));
  }
  return bench;
}

std::vector<std::string> RouterWords(const Options& options) {
  if (!options.router) {
    return {};
  }
  std::vector<std::string> words{"--router", ToText(*options.router)};
  if (!options.profile.empty()) {
    words.insert(words.end(), {"--profile", options.profile});
  }
  if (!options.features.empty()) {
    words.insert(words.end(), {"--features", fmt::format("{}", fmt::join(options.features, ","))});
  }
  return words;
}

}  // namespace cmb::conformance::runner
