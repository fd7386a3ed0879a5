// What there is to run: requirements, scenarios and their cases, found, loaded and selected. Called
// by every command. Reads files; afterwards a value.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/report/requirement_index.h"
#include "conformance/runner/options/options.h"
#include "conformance/runner/options/places.h"
#include "conformance/scenario/loader.h"

namespace cmb::conformance::runner {

struct Catalog {
  report::RequirementIndex requirements;
  scenario::LoadRequest request;
  scenario::LoadResult loaded;
};

// The complaints are lines, one for each thing that is wrong; loader errors are in the catalog.
using Complaints = std::vector<std::string>;
std::variant<Catalog, Complaints> LoadCatalog(const Options& options);

// Loader errors and refusals as lines. Empty: everything can be run.
Complaints Broken(const Catalog& catalog);

// The cases that --run, --skip, --role, --profile and --shard leave, in order. A glob that matches
// nothing is a complaint.
std::variant<std::vector<scenario::Case>, Complaints> Select(
    const std::vector<scenario::Case>& cases, const Options& options);

}  // namespace cmb::conformance::runner
