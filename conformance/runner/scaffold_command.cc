// The scaffold command: a harness to begin with, for one role in one language.
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <system_error>

#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"

namespace cmb::conformance::runner {
namespace {

namespace fs = std::filesystem;

struct Language {
  std::string_view name, file;
  std::string_view comment;      // What its lines of comment begin with.
  std::string_view interpreter;  // Empty: it is compiled.
};

constexpr std::array kLanguages{Language{"python", "harness.py", "#", "python3"},
                                Language{"node", "harness.mjs", "//", "node"},
                                Language{"cpp", "harness.cc", "//", ""}};

std::string Replaced(std::string text, const std::string& word, const std::string& by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
  return text;
}

// `text` with the lines between <role> and </role> of this role, and of no other.
std::string ForRole(std::istream& text, const Language& language, const std::string& role) {
  std::string result, line;
  bool kept = true;
  while (std::getline(text, line)) {
    const std::string begin = std::string(language.comment) + "<";
    if (line.starts_with(begin) && line.ends_with('>')) {
      kept = line.starts_with(begin + "/") || line == begin + role + ">";
    } else if (kept) {
      result += line + '\n';
    }
  }
  std::string upper = role;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return Replaced(Replaced(result, "{{role}}", role), "{{ROLE}}", upper);
}

// What to type next.
std::string NextOf(const Options& options, const Language& language, const fs::path& file) {
  const std::string program =
      language.interpreter.empty() ? (fs::path(options.into) / "harness").string() : file.string();
  std::vector<std::string> words{options.program, "smoke", "--stdio", "--role", options.role, "--"};
  if (!language.interpreter.empty()) {
    words.emplace_back(language.interpreter);
  }
  words.push_back(program);
  const std::string smoke = ShellQuoted(words);
  return language.interpreter.empty()
             ? ShellQuoted({"g++", "-std=c++20", "-O1", file.string(), "-o", program}) + " && " +
                   smoke
             : smoke;
}

}  // namespace

int ScaffoldCommand(const Options& options, Console& console) {
  if (options.into.empty()) {
    return Complain({"DIR is empty; name the directory of the harness"}, console);
  }
  const auto* language =
      std::find_if(kLanguages.begin(), kLanguages.end(),
                   [&](const Language& one) { return one.name == options.language; });
  const fs::path from = fs::path(FindPlaces(options).scaffold) / language->name / language->file;
  std::ifstream text(from);
  if (!text) {
    return Complain({from.string() + ": cannot be read; the folder conformance/scaffold of the "
                                     "project must stand beside this program"},
                    console);
  }
  const fs::path into = fs::path(options.into) / language->file;
  std::error_code failed;
  if (fs::exists(into, failed)) {
    return Complain({into.string() + " is there already; name another directory, or remove it"},
                    console);
  }
  fs::create_directories(options.into, failed);
  std::ofstream out(into);
  out << ForRole(text, *language, options.role);
  if (!out.flush()) {
    return Complain({into.string() + ": cannot be written; name a directory where this user may "
                                     "write"},
                    console);
  }
  out.close();
  fs::permissions(into, fs::perms::owner_exec, fs::perm_options::add, failed);
  console.out << "wrote " << into.string() << "\nnext: " << NextOf(options, *language, into)
              << '\n';
  return kAllPassed;
}

}  // namespace cmb::conformance::runner
