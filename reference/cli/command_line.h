// What the programs here do with their command lines: read them, and say what is
// wrong in one sentence with the program, the cause and the remedy.
//
//   CLI::App app{"What it does."};
//   …
//   if (const auto code = ParseCommandLine(app, argc, argv)) {
//     return *code;
//   }
//
// Called by main functions. Threads: the main one. Spec: none.
#pragma once

#include <optional>

namespace CLI {
class App;
}

namespace cmb::reference {

// Exit code of a program that was called wrongly.
inline constexpr int kWrongUse = 64;

// Absent: it was read. Else the program ends with this: 0 after --help or --version, which were
// printed, kWrongUse after a mistake, which was said on stderr.
std::optional<int> ParseCommandLine(CLI::App& app, int argc, const char* const* argv);

}  // namespace cmb::reference
