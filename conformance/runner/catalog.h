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
#include "conformance/scenario/loader.h"

namespace cmb::conformance::runner {

struct Places {
  std::vector<std::string> scenarios;
  std::string root;  // Of ids; empty: each path's own.
  std::string spec;
  std::string free;      // What the oracle leaves free.
  std::string scaffold;  // Harnesses to begin with.
};

// The project's folders: of the tree in which the program stands, else of share/cmb-ack beside it
// (where it is installed); what the options name comes first.
Places FindPlaces(const Options& options);
// Why a command cannot have what it reads; empty: it can.
std::string MissingPlaces(const Options& options);

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
