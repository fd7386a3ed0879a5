// The schema that is committed for editors is what the table of the language says now. Whether it
// takes the scenarios and refuses mistakes: schema_test.py.
#include "conformance/scenario/json_schema.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "conformance/scenario/scenario_files.h"

namespace cmb::conformance::scenario {
namespace {

void CollectRefs(const nlohmann::json& node, std::set<std::string>& refs) {
  if (node.is_object() && node.contains("$ref")) {
    refs.insert(node["$ref"].get<std::string>());
  }
  for (const auto& child : node.is_structured() ? node : nlohmann::json::array()) {
    CollectRefs(child, refs);
  }
}

// CMB_REWRITE_TESTDATA=1 writes down what the table says now.
TEST(JsonSchema, IsTheOneInTheFolderOfTheScenarios) {
  const std::string path = std::string(CMB_SOURCE_DIR) + "/scenarios/scenario.schema.json";
  if (std::getenv("CMB_REWRITE_TESTDATA") != nullptr) {
    std::ofstream(path) << JsonSchema();
    return;
  }
  EXPECT_TRUE(ReadWholeFile(path) == JsonSchema())
      << path << " is out of date: cmb-conformance schema > scenarios/scenario.schema.json";
}

TEST(JsonSchema, DefinesWhatItRefersTo) {
  const auto schema = nlohmann::json::parse(JsonSchema());
  std::set<std::string> refs;
  CollectRefs(schema, refs);
  EXPECT_FALSE(refs.empty());
  for (const std::string& ref : refs) {
    EXPECT_TRUE(schema.contains(nlohmann::json::json_pointer(ref.substr(1)))) << ref;
  }
}

}  // namespace
}  // namespace cmb::conformance::scenario
