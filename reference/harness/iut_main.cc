// cmb-reference-iut: the reference behind its harness. Started by a conformance
// runner, which gives it CMB_CONTROL and CMB_INCARNATION.
#include <google/protobuf/stubs/logging.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "reference/cli/command_line.h"
#include "reference/harness/harness.h"

namespace {

using cmb::reference::kWrongUse;

constexpr int kCannotRun = 2;

std::string FromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

int Run(const cmb::reference::Claims& claims) {
  const std::string control = FromEnvironment("CMB_CONTROL");
  if (control.empty()) {
    std::fprintf(stderr,
                 "cmb-reference-iut: CMB_CONTROL is not set; a conformance runner starts this "
                 "program and sets it, for example: cmb-conformance run -- cmb-reference-iut\n");
    return kWrongUse;
  }
  // A malformed frame is an anomaly of the protocol, not an error of ours.
  google::protobuf::SetLogHandler(nullptr);
  try {
    cmb::reference::RunHarness({control, FromEnvironment("CMB_INCARNATION"), claims,
                                FromEnvironment("CMB_REFERENCE_REPLAY") == "1"});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cmb-reference-iut: %s\n", error.what());
    return kCannotRun;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "The CMB-ACK reference as an implementation under test. Reads CMB_CONTROL and "
      "CMB_INCARNATION; ends when stdin closes. With CMB_REFERENCE_REPLAY=1 it checks at the end "
      "of "
      "each case that its events, replayed, give its records."};
  std::string profile = "DURABLE";
  std::vector<std::string> without;
  app.add_option("--profile", profile, "How much every role claims, and does")
      ->transform(CLI::IsMember(cmb::reference::ProfileWords(), CLI::ignore_case))
      ->capture_default_str();
  app.add_option("--without", without, "A feature that is not claimed, and not there; repeatable")
      ->transform(CLI::IsMember(cmb::reference::FeatureWords(), CLI::ignore_case));
  if (const auto code = cmb::reference::ParseCommandLine(app, argc, argv)) {
    return *code;
  }
  return Run(cmb::reference::ClaimsOf(profile, without));
}
