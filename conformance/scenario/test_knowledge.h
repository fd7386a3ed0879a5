// Requirements, choices and moves that the tests of the loader know.
#pragma once

#include <string>
#include <vector>

#include "conformance/scenario/loader.h"

namespace cmb::conformance::scenario {

// The real ones: the states and reasons of the examples are real too.
inline const std::vector<Move>& MovesOfTheSpec() {
  static const std::vector<Move> moves = [] {
    const std::string spec = std::string(CMB_SOURCE_DIR) + "/spec/";
    std::vector<Diagnostic> errors;
    return ReadKnowledge(spec + "requirements.json", spec + "choices.yaml", &errors).moves;
  }();
  return moves;
}

inline Knowledge TestKnowledge() {
  Knowledge knowledge;
  knowledge.moves = MovesOfTheSpec();
  knowledge.requirements = {{"CMB-TST-001", Level::kMust},
                            {"CMB-TST-002", Level::kMust},
                            {"CMB-TST-003", Level::kShould},
                            {"CMB-TST-004", Level::kMay},
                            {"CMB-TST-005", Level::kMust}};
  knowledge.bound = {{"CMB-TST-002", {"harness"}}, {"CMB-TST-005", {"router"}}};
  knowledge.choices = {{"CHO-001", {"refuses", "queues"}}};
  return knowledge;
}

// For testdata/examples.yaml, whose ids are placeholders: whatever they name is known.
inline Knowledge KnowledgeOf(const std::string& text) {
  Knowledge knowledge;
  knowledge.moves = MovesOfTheSpec();
  for (std::size_t at = text.find("CMB-"); at != std::string::npos;
       at = text.find("CMB-", at + 1)) {
    knowledge.requirements[text.substr(at, text.find_first_of(",]} \n", at) - at)] = Level::kMust;
  }
  knowledge.requirements["CMB-VER-007"] = Level::kShould;
  knowledge.requirements["CMB-PRG-002"] = Level::kMay;
  knowledge.choices["CHO-003"] = {};
  return knowledge;
}

}  // namespace cmb::conformance::scenario
