// What is drawn is legal, is what its text says, and is the same each time.
#include <gtest/gtest.h>

#include "conformance/explore/acts.h"
#include "conformance/explore/document.h"
#include "conformance/scenario/yaml_writer.h"

namespace cmb::conformance::explore {
namespace {

constexpr int kDraws = 150;

scenario::Knowledge Known() {
  scenario::Knowledge knowledge;
  knowledge.requirements["CMB-OBS-011"] = scenario::Level::kMust;
  return knowledge;
}

Claims Everything(const std::string& role) {
  return {role,
          "DURABLE",
          {"ordered", "batch_ack", "fallback", "circuit_breaker", "conditional_ack"},
          true};
}

scenario::Node Drawn(const Claims& claims, std::uint64_t seed) {
  const Drawing drawing(seed);
  return DrawScenario(claims, "explore/x", DrawGenome());
}

class Drawing : public testing::TestWithParam<const char*> {};

TEST_P(Drawing, NearlyEveryDrawIsAScenario) {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    refused += Mended(Drawn(Everything(GetParam()), seed), Known()) ? 0 : 1;
  }
  EXPECT_LE(refused, kDraws / 20);
}

TEST_P(Drawing, TheSameSeedDrawsTheSame) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(scenario::WriteDocument(Drawn(Everything(GetParam()), seed)),
              scenario::WriteDocument(Drawn(Everything(GetParam()), seed)));
  }
}

TEST_P(Drawing, AsksNothingThatIsNotClaimed) {
  const Claims little{GetParam(), "BASIC", {}};
  for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
    const std::string text = scenario::WriteDocument(Drawn(little, seed));
    for (const char* word :
         {"{cancel: ", "stream: ", "hold: ", "progress: ", "cancel_on_timeout"}) {
      EXPECT_EQ(text.find(word), std::string::npos) << word << "\n" << text;
    }
  }
}

TEST(Queues, AreFilledAndDrainedAtARouterThatCanBeToldOfIt) {
  const auto drawn = [](bool fills) {
    Claims claims = Everything("router");
    claims.fills = fills;
    std::string all;
    for (std::uint64_t seed = 0; seed < kDraws; ++seed) {
      all += scenario::WriteDocument(Drawn(claims, seed));
    }
    return all;
  };
  const std::string told = drawn(true), untold = drawn(false);
  for (const char* word : {"fill: ", "drain: "}) {
    EXPECT_NE(told.find(word), std::string::npos) << word;
    EXPECT_EQ(untold.find(word), std::string::npos) << word;
  }
}

INSTANTIATE_TEST_SUITE_P(Roles, Drawing, testing::Values("sender", "router", "target"));

}  // namespace
}  // namespace cmb::conformance::explore
