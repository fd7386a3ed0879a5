// How the implementation under test (IUT) is started and spoken to: the same options for every
// command that runs one. Called by the command line and the commands. Pure.
#pragma once

#include <string>
#include <vector>

#include "conformance/lower_tester/lock_step_options.h"
#include "conformance/runner/options/options.h"

// The library is read by the files of this folder alone.
namespace CLI {
class App;
}  // namespace CLI

namespace cmb::conformance::runner {

// --hello-ms, --reply-ms, --stdio, --binding.
void AddIut(CLI::App& command, Options& options);

// run: --attach.
void AddAttach(CLI::App& run, Options& options);
// What was parsed of it, completed. What is wrong with it; empty: nothing.
std::string TakeAttach(const CLI::App& run, Options& options);

// smoke and scaffold: --role.
void AddOneRole(CLI::App& command, Options& options);
ack::v1::Role RoleOf(const std::string& word);

// The commands smoke and scaffold.
void AddSmoke(CLI::App& app, Options& options);
void AddScaffold(CLI::App& app, Options& options);

Guards GuardsOf(const Options& options);
LockStepOptions LockStepOf(const Options& options);

// The words of the command line that say the same again, where they are not the defaults.
std::vector<std::string> IutWords(const Options& options);

}  // namespace cmb::conformance::runner
