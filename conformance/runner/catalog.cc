#include "conformance/runner/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "conformance/runner/glob.h"
#include "conformance/runner/options/iut_options.h"
#include "conformance/scenario/nearest.h"
#include "proto/wire/profiles.h"
#include "proto/wire/words.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;

bool MatchesAny(const std::vector<std::string>& globs, const scenario::Case& one) {
  return std::any_of(globs.begin(), globs.end(), [&one](const std::string& glob) {
    return GlobMatches(glob, one.id) || GlobMatches(glob, one.document_id);
  });
}

std::string Nearest(const std::string& glob, const std::vector<scenario::Case>& cases) {
  std::vector<std::string> ids;
  for (const scenario::Case& one : cases) {
    ids.push_back(one.document_id);
    ids.push_back(one.id);
  }
  return scenario::Suggestion(glob, ids);
}

bool IsOf(const scenario::Case& one, const Options& options) {
  const auto profile = wire::ParseWord<ack::v1::Profile>(options.profile);
  const auto is_role = [&one](const std::string& word) {
    return one.is_system ? word == "system" : RoleOf(word) == one.role;
  };
  if ((options.command == Command::kRun && one.is_system) ||
      (options.command == Command::kInterop && !one.is_system)) {
    return false;
  }
  return (options.roles.empty() ||
          std::any_of(options.roles.begin(), options.roles.end(), is_role)) &&
         (!profile || wire::Holds(*profile, one.profile)) &&
         (options.run.empty() || MatchesAny(options.run, one)) && !MatchesAny(options.skip, one);
}

// Every N-th, so that each part has its share of what takes long.
std::vector<scenario::Case> PartOf(std::vector<scenario::Case> cases, const std::string& shard) {
  const auto part = ShardOf(shard);
  if (!part) {
    return cases;
  }
  std::vector<scenario::Case> kept;
  for (std::size_t i = part->first - 1; i < cases.size(); i += part->second) {
    kept.push_back(std::move(cases[i]));
  }
  return kept;
}

void ComplainOfVainGlobs(const char* option, const std::vector<std::string>& globs,
                         const std::vector<scenario::Case>& cases, Complaints& complaints) {
  for (const std::string& glob : globs) {
    if (std::none_of(cases.begin(), cases.end(),
                     [&glob](const scenario::Case& one) { return MatchesAny({glob}, one); })) {
      complaints.push_back(std::string(option) + " '" + glob + "' matches no case" +
                           Nearest(glob, cases));
    }
  }
}

// The options that choose, as they were given.
std::string Selecting(const Options& options) {
  std::vector<std::string> given;
  const auto add = [&given](const char* name, const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      given.push_back(fmt::format("{} {}", name, value));
    }
  };
  add("--run", options.run);
  add("--skip", options.skip);
  add("--role", options.roles);
  add("--profile", options.profile.empty() ? Complaints{} : Complaints{options.profile});
  add("--shard", options.shard.empty() ? Complaints{} : Complaints{options.shard});
  return given.empty() ? "the scenarios" : fmt::format("{}", fmt::join(given, ", "));
}

}  // namespace

std::variant<Catalog, Complaints> LoadCatalog(const Options& options) {
  const Places places = FindPlaces(options);
  Complaints complaints;
  for (const std::string& path : places.scenarios) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      complaints.push_back("scenarios " + path + ": no such file or directory; check the path");
    }
  }
  Catalog catalog;
  auto requirements = report::ReadRequirements(places.spec + "/requirements.json");
  if (auto* sentence = std::get_if<std::string>(&requirements)) {
    complaints.push_back(*sentence + "; --spec names the directory of the specification");
  }
  if (!complaints.empty()) {
    return complaints;
  }
  catalog.requirements = std::get<report::RequirementIndex>(std::move(requirements));
  std::vector<scenario::Diagnostic> errors;
  catalog.request.paths = places.scenarios;
  catalog.request.root = places.root;
  catalog.request.knowledge = scenario::ReadKnowledge(places.spec + "/requirements.json",
                                                      places.spec + "/choices.yaml", &errors);
  for (const scenario::Diagnostic& error : errors) {
    complaints.push_back(ToString(error));
  }
  if (!complaints.empty()) {
    return complaints;
  }
  catalog.loaded = scenario::Load(catalog.request);
  return catalog;
}

Complaints Broken(const Catalog& catalog) {
  Complaints complaints;
  for (const scenario::Diagnostic& error : catalog.loaded.errors) {
    complaints.push_back(ToString(error));
  }
  for (const scenario::Diagnostic& refusal : catalog.loaded.refusals) {
    complaints.push_back(ToString(refusal));
  }
  return complaints;
}

std::variant<std::vector<scenario::Case>, Complaints> Select(
    const std::vector<scenario::Case>& cases, const Options& options) {
  if (cases.empty()) {
    return Complaints{fmt::format("there is no case to run in {}",
                                  fmt::join(FindPlaces(options).scenarios, ", ")) +
                      "; --scenarios names files and directories of .yaml files"};
  }
  Complaints complaints;
  ComplainOfVainGlobs("--run", options.run, cases, complaints);
  ComplainOfVainGlobs("--skip", options.skip, cases, complaints);
  std::vector<scenario::Case> selected;
  for (const scenario::Case& one : cases) {
    if (IsOf(one, options)) {
      selected.push_back(one);
    }
  }
  selected = PartOf(std::move(selected), options.shard);
  if (complaints.empty() && selected.empty()) {
    complaints.push_back(Selecting(options) + " leave no case; what is of role system is run by " +
                         "interop, and nothing else is");
  }
  if (!complaints.empty()) {
    return complaints;
  }
  return selected;
}

}  // namespace cmb::conformance::runner
