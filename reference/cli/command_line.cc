#include "reference/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "reference/cli/nearest.h"

namespace cmb::reference {
namespace {

std::vector<std::string> FlagsOf(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) {
      flags.push_back("--" + name);
    }
  }
  return flags;
}

// The first flag among them is what went wrong; the rest may be its value.
std::string Unexpected(const CLI::App& app) {
  const auto words = app.remaining();
  for (const auto& word : words) {
    if (word.starts_with('-')) {
      const std::string flag = word.substr(0, word.find('='));
      return "there is no " + flag + "; " + DidYouMean(flag, FlagsOf(app));
    }
  }
  return "nothing is expected where \"" + words.front() + "\" stands; see --help";
}

}  // namespace

std::optional<int> ParseCommandLine(CLI::App& app, int argc, const char* const* argv) {
  const std::string program = std::filesystem::path(argv[0]).filename();
  app.set_version_flag("--version", program + " " CMB_VERSION);
  std::string mistake;
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& asked) {  // For help, or for the version.
    return app.exit(asked);
  } catch (const CLI::ExtrasError&) {
    mistake = Unexpected(app);
  } catch (const CLI::ParseError& error) {
    mistake = std::string(error.what()) + "; see --help";
  }
  std::fprintf(stderr, "%s: %s\n", program.c_str(), mistake.c_str());
  return kWrongUse;
}

}  // namespace cmb::reference
