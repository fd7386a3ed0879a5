// Requirements and choices that the tests of the loader know.
#ifndef CONFORMANCE_SCENARIO_TEST_KNOWLEDGE_H_
#define CONFORMANCE_SCENARIO_TEST_KNOWLEDGE_H_

#include "conformance/scenario/loader.h"

namespace cmb::conformance::scenario {

inline Knowledge TestKnowledge() {
  Knowledge knowledge;
  knowledge.requirements = {{"CMB-TST-001", Level::kMust},
                            {"CMB-TST-002", Level::kMust},
                            {"CMB-TST-003", Level::kShould},
                            {"CMB-TST-004", Level::kMay}};
  knowledge.choices = {{"CHO-001", {"refuses", "queues"}}};
  return knowledge;
}

}  // namespace cmb::conformance::scenario

#endif  // CONFORMANCE_SCENARIO_TEST_KNOWLEDGE_H_
