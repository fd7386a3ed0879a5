#include "conformance/runner/options/places.h"

#include <filesystem>
#include <system_error>

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;

bool IsProject(const fs::path& directory) {
  std::error_code ignored;
  return fs::is_directory(directory / "scenarios", ignored) &&
         fs::is_directory(directory / "spec", ignored);
}

// The tree in which this program stands, or what is installed beside it. Empty: neither is there.
fs::path Project() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  for (const char* const beside : {"", "share/cmb-ack"}) {
    for (fs::path at = self.parent_path(); at.has_relative_path(); at = at.parent_path()) {
      if (IsProject(at / beside)) {
        return *beside == 0 ? at : at / beside;
      }
    }
  }
  return {};
}

// As a user would write it: relative where that is shorter.
std::string Shown(const fs::path& path) {
  std::error_code failed;
  const fs::path relative = fs::proximate(path, failed);
  return failed || relative.string().size() > path.string().size() ? path.string()
                                                                   : relative.string();
}

}  // namespace

Places FindPlaces(const Options& options) {
  const fs::path project = Project();
  Places places;
  places.spec = options.spec.empty() ? Shown(project / "spec") : options.spec;
  places.free =
      options.free.empty() ? Shown(project / "conformance/oracle/free.yaml") : options.free;
  places.scaffold = (project / "conformance/scaffold").string();
  places.scenarios = options.scenarios;
  if (places.scenarios.empty()) {
    places.scenarios = {Shown(project / "scenarios")};
    places.root = places.scenarios.front();
  }
  return places;
}

std::string MissingPlaces(const Options& options) {
  const bool all_named = !options.spec.empty() && !options.scenarios.empty();
  if (options.command == Command::kSchema || !Project().empty() ||
      (all_named && options.command != Command::kScaffold)) {
    return "";
  }
  return "the project's spec and scenarios are neither above nor beside this program; keep "
         "share/cmb-ack with it, or name them with --spec and --scenarios";
}

}  // namespace cmb::conformance::runner
