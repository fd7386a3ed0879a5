#include "conformance/smoke/smoke.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "conformance/smoke/probe.h"

namespace cmb::conformance::smoke {
namespace {

constexpr std::size_t kFirstSteps = 2;             // Hello, and Configure to Begin.
constexpr std::string_view kSlow = "CMB-CTL-006";  // Takes 3 s: it has a process of its own.

std::string Word(Outcome outcome) {
  switch (outcome) {
    case Outcome::kThere:
      return "ok     ";
    case Outcome::kMissing:
      return "MISSING";
    case Outcome::kNotTried:
      return "-      ";
  }
  return "";
}

Finding RunAlone(const SmokeSettings& settings, const Step& step) {
  Probe probe(settings.iut, settings.role);
  return step.run(probe);
}

// After Hello. What comes after Begin moves the clock or compares with it.
bool HoldsItsClock(Probe& probe) {
  const auto& features = probe.session().claims().features();
  return std::find(features.begin(), features.end(), ack::v1::FEATURE_VIRTUAL_CLOCK) !=
         features.end();
}

}  // namespace

Smoked RunSmoke(const SmokeSettings& settings) {
  Probe probe(settings.iut, settings.role);
  std::future<Finding> slow;
  Smoked smoked;
  for (const Step& step : Steps()) {
    if (smoked.steps.size() == kFirstSteps && !HoldsItsClock(probe)) {
      smoked.without_clock = true;
      break;
    }
    if (smoked.steps.size() == kFirstSteps) {
      const auto& steps = Steps();
      const auto found = std::find_if(steps.begin(), steps.end(),
                                      [](const Step& one) { return one.requirements == kSlow; });
      slow = std::async(std::launch::async, RunAlone, settings, *found);
    }
    const bool elsewhere = step.requirements == kSlow && slow.valid();
    smoked.steps.push_back({&step, elsewhere ? slow.get() : step.run(probe)});
    if (settings.tried) {
      settings.tried(smoked.steps.back());
    }
    if (smoked.steps.size() <= kFirstSteps &&
        smoked.steps.back().finding.outcome == Outcome::kMissing) {
      break;  // Nothing can be tried without them.
    }
  }
  smoked.iut_name = probe.iut_name();
  smoked.iut_stderr = probe.Stderr();
  smoked.no_process = probe.no_process();
  return smoked;
}

std::string LineOf(const Tried& tried) {
  std::string line =
      fmt::format("{} {:<42} {}\n", Word(tried.finding.outcome), tried.step->title,
                  tried.finding.outcome == Outcome::kThere ? std::string(tried.step->requirements)
                                                           : tried.finding.sentence);
  if (tried.finding.outcome == Outcome::kMissing) {
    line += fmt::format("        {}\n", tried.finding.requirement);
  }
  return line;
}

std::string SummaryOf(const Smoked& smoked, const std::string& program, const std::string& run) {
  const auto missing = std::find_if(smoked.steps.begin(), smoked.steps.end(), [](const Tried& one) {
    return one.finding.outcome == Outcome::kMissing;
  });
  if (missing == smoked.steps.end()) {
    return fmt::format("{}\nnext: {}\n",
                       smoked.without_clock
                           ? smoked.iut_name +
                                 " does not claim virtual_clock, which the steps from here on "
                                 "need; a run plays cases on the real clock."
                           : "The harness of " + smoked.iut_name + " does what chapter 10 asks.",
                       run);
  }
  const Finding& finding = missing->finding;
  if (smoked.no_process) {
    return "";
  }
  std::string text =
      fmt::format("next: {}\n      {} explain {}\n",
                  finding.remedy.empty() ? std::string(missing->step->remedy) : finding.remedy,
                  program, finding.requirement);
  if (smoked.steps.size() < Steps().size()) {
    text = fmt::format("{} further steps can be tried when that is there\n",
                       Steps().size() - smoked.steps.size()) +
           text;
  }
  if (!smoked.iut_stderr.empty()) {
    text += "what it wrote to stderr:\n" + smoked.iut_stderr + "\n";
  }
  return text;
}

}  // namespace cmb::conformance::smoke
