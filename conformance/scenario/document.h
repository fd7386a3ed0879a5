// One document on its way from nodes to cases. Called by the loader and by
// the printer of effective documents. No state.
#pragma once

#include <vector>

#include "conformance/scenario/loader.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

struct LoadedDocument {
  DocumentInfo info;
  // Expanded documents and their cases, in the same order. Empty after an
  // error or a refusal.
  std::vector<Node> expanded;
  std::vector<Case> cases;
};

// `document` is merged with its defaults. `broken`: it comes from no proper
// YAML; its keys and ids are judged and no case is built.
LoadedDocument LoadDocument(const Node& document, const Knowledge& knowledge, bool broken,
                            Report& report);

}  // namespace cmb::conformance::scenario
