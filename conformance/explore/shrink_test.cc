// A failure without an implementation: what fails is said by a predicate.
#include "conformance/explore/shrink.h"

#include <gtest/gtest.h>

#include <variant>

#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/yaml_reader.h"
#include "conformance/scenario/yaml_writer.h"

namespace cmb::conformance::explore {
namespace {

scenario::Knowledge Known() {
  scenario::Knowledge knowledge;
  knowledge.requirements["CMB-OBS-011"] = scenario::Level::kMust;
  return knowledge;
}

Loaded LoadedFrom(const std::string& steps) {
  const std::string text =
      "id: explore/x\ntitle: Found\nrole: target\nrequirements: [CMB-OBS-011]\n"
      "config: {key_window: 5s}\npeers: {other: connected}\nsteps:\n" +
      steps + "  - {check: target, anomalies: 0..1000000}\n";
  scenario::Report report;
  return Mended(scenario::ReadYaml(text, "x.yaml", report).at(0), Known()).value();
}

bool ResendsWithAttemptAbove(const scenario::Case& one, std::uint32_t least) {
  for (const scenario::Step& step : one.steps) {
    const auto* resend = std::get_if<scenario::Resend>(&step.action);
    if (resend != nullptr && resend->attempt.value_or(0) >= least) {
      return true;
    }
  }
  return false;
}

constexpr char kLong[] =
    "  - {send: m1, from: other, ttl: 20s, key: job}\n"
    "  - {advance: 1500ms}\n"
    "  - {send: m2, key: job, work: {ends: SUCCESS, after: 3s}}\n"
    "  - {ack: CANCEL, of: m2, attempt: 2}\n"
    "  - {advance: 20s, before_timers: [{ack: CANCEL, of: m1}]}\n"
    "  - {resend: m2, attempt: 70, set: {ttl_ms: 1}}\n"
    "  - {advance: until quiet}\n";

TEST(Shrink, LeavesWhatTheFailureNeeds) {
  const auto fails = [](const scenario::Case& one) { return ResendsWithAttemptAbove(one, 7); };
  const Loaded small = Shrunk(LoadedFrom(kLong), Known(), fails, 1'000);
  EXPECT_EQ(StepsOf(small.document), 2U);
  const std::string text = scenario::WriteDocument(small.document);
  EXPECT_NE(text.find("steps:\n  - {send: m2}\n  - {resend: m2, attempt: 7}\n"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("peers"), std::string::npos) << text;
  EXPECT_EQ(text.find("config"), std::string::npos) << text;
}

TEST(Shrink, NeverGivesWhatDoesNotFail) {
  const auto fails = [](const scenario::Case& one) { return ResendsWithAttemptAbove(one, 7); };
  for (std::size_t tries = 0; tries < 20; ++tries) {
    EXPECT_TRUE(fails(Shrunk(LoadedFrom(kLong), Known(), fails, tries).one)) << tries;
  }
}

TEST(Mended, TakesOutWhatTheLoaderRefuses) {
  const Loaded loaded = LoadedFrom(
      "  - {send: m1}\n"
      "  - {ack: CANCEL, of: m7}\n"
      "  - {start: target}\n"
      "  - {resend: m1}\n");
  EXPECT_EQ(StepsOf(loaded.document), 2U);
}

}  // namespace
}  // namespace cmb::conformance::explore
