#include "conformance/runner/catalog.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "conformance/runner/glob.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;

#ifndef CMB_BUILT_FROM
#define CMB_BUILT_FROM ""
#endif

bool IsProject(const fs::path& directory) {
  std::error_code ignored;
  return fs::is_directory(directory / "scenarios", ignored) &&
         fs::is_directory(directory / "spec", ignored);
}

// The tree in which this program stands, or from which it was built.
fs::path Project() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  for (fs::path at = self.parent_path(); !failed && at.has_relative_path(); at = at.parent_path()) {
    if (IsProject(at)) {
      return at;
    }
  }
  return CMB_BUILT_FROM;
}

// As a user would write it: relative where that is shorter.
std::string Shown(const fs::path& path) {
  std::error_code failed;
  const fs::path relative = fs::proximate(path, failed);
  return failed || relative.string().size() > path.string().size() ? path.string()
                                                                   : relative.string();
}

bool MatchesAny(const std::vector<std::string>& globs, const scenario::Case& one) {
  return std::any_of(globs.begin(), globs.end(), [&one](const std::string& glob) {
    return GlobMatches(glob, one.id) || GlobMatches(glob, one.document_id);
  });
}

void ComplainOfVainGlobs(const char* option, const std::vector<std::string>& globs,
                         const std::vector<scenario::Case>& cases, Complaints& complaints) {
  for (const std::string& glob : globs) {
    if (std::none_of(cases.begin(), cases.end(),
                     [&glob](const scenario::Case& one) { return MatchesAny({glob}, one); })) {
      complaints.push_back(std::string(option) + " '" + glob + "' matches no case");
    }
  }
}

}  // namespace

Places FindPlaces(const Options& options) {
  const fs::path project = Project();
  Places places;
  places.spec = options.spec.empty() ? Shown(project / "spec") : options.spec;
  places.free =
      options.free.empty() ? Shown(project / "conformance/oracle/free.yaml") : options.free;
  places.scenarios = options.scenarios;
  if (places.scenarios.empty()) {
    places.scenarios = {Shown(project / "scenarios")};
    places.root = places.scenarios.front();
  }
  return places;
}

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
  Complaints complaints;
  ComplainOfVainGlobs("--run", options.run, cases, complaints);
  ComplainOfVainGlobs("--skip", options.skip, cases, complaints);
  std::vector<scenario::Case> selected;
  for (const scenario::Case& one : cases) {
    if ((options.run.empty() || MatchesAny(options.run, one)) && !MatchesAny(options.skip, one)) {
      selected.push_back(one);
    }
  }
  if (complaints.empty() && selected.empty()) {
    complaints.push_back(
        cases.empty()
            ? "there is no case to run; --scenarios names files and directories of .yaml files"
            : "--run and --skip together leave no case");
  }
  if (!complaints.empty()) {
    return complaints;
  }
  return selected;
}

}  // namespace cmb::conformance::runner
