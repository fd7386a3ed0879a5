// Takes a harness through the control channel request by request, in the order in which one is
// written, provokes what a run never asks for, and says what is missing and what to do next. Called
// by the smoke command. RunSmoke starts a second thread, which ends with it.
// Spec: chapter control channel.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cmb/ack/v1/vocabulary.pb.h"
#include "conformance/lower_tester/lock_step_options.h"

namespace cmb::conformance::smoke {

enum class Outcome {
  kThere,
  kMissing,
  kNotTried,  // It needs what is missing, or what this harness does not claim.
};

struct Finding {
  Outcome outcome = Outcome::kThere;
  std::string sentence;     // Of what is missing, or why it was not tried.
  std::string requirement;  // Of what is missing.
  std::string remedy;       // In place of the step's. Empty: that.
};

class Probe;

// One thing that a harness must do.
struct Step {
  std::string_view requirements;  // "CMB-CTL-001 CMB-CTL-002": what it provokes.
  std::string_view title;
  std::string_view remedy;  // What to write, if it is missing.
  Finding (*run)(Probe& probe);
};

struct Tried {
  const Step* step = nullptr;
  Finding finding;
};

struct Smoked {
  std::string iut_name;  // Empty: it said no Hello.
  std::vector<Tried> steps;
  std::string iut_stderr;      // Its last lines, where something is missing.
  bool no_process = false;     // There is no such command.
  bool without_clock = false;  // It claims no virtual_clock: the steps that need one were left out.
};

struct SmokeSettings {
  LockStepOptions iut;
  ack::v1::Role role = ack::v1::ROLE_UNSPECIFIED;
  std::function<void(const Tried&)> tried;  // After each step. Null: nobody.
};

// In the order in which a harness is written.
const std::vector<Step>& Steps();

Smoked RunSmoke(const SmokeSettings& settings);

// One line for a step, and what follows all of them.
std::string LineOf(const Tried& tried);
// `program`: how this one was called. `run`: what a run of the harness is called by.
std::string SummaryOf(const Smoked& smoked, const std::string& program, const std::string& run);

}  // namespace cmb::conformance::smoke
