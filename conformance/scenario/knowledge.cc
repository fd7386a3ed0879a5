// Reads what the spec says about requirements and choices.
#include <nlohmann/json.hpp>

#include "conformance/scenario/loader.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"
#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/yaml_reader.h"

namespace cmb::conformance::scenario {
namespace {

std::string ReadOrReport(const std::string& file, Report& report) {
  const auto text = ReadWholeFile(file);
  if (!text) {
    report.Error({file, 1, 1}, ErrorNumber::kRequirement, "cannot be read");
  }
  return text.value_or("");
}

Level LevelOf(const std::string& word) {
  return word.starts_with("SHOULD") ? Level::kShould : word == "MAY" ? Level::kMay : Level::kMust;
}

void ReadRequirements(const std::string& file, Knowledge& knowledge, Report& report) {
  const std::string text = ReadOrReport(file, report);
  const auto list = nlohmann::json::parse(text, nullptr, false);
  if (!text.empty() && !list.is_array()) {
    report.Error({file, 1, 1}, ErrorNumber::kRequirement, "is no list of requirements");
    return;
  }
  for (const auto& item : list) {
    if (item.is_object() && item.contains("id") && item["id"].is_string()) {
      const auto id = item["id"].get<std::string>();
      knowledge.requirements[id] = LevelOf(item.value("level", "MUST"));
      knowledge.bound[id] = item.value("roles", std::vector<std::string>());
      knowledge.declared_by[id] = item.value("profile", "BASIC");
      if (item.value("verification", "") == "inspection") {
        knowledge.by_inspection.insert(id);
      }
    }
  }
}

void ReadChoice(const Node& item, Knowledge& knowledge) {
  const std::string id = item.TextOf("id");
  if (id.empty()) {
    return;
  }
  auto& labels = knowledge.choices[id];
  const Node* branches = item.Find("branches");
  if (branches == nullptr) {
    return;
  }
  for (const Node& branch : branches->items) {
    labels.push_back(branch.IsScalar() ? branch.text : branch.TextOf("label"));
  }
  for (const Entry& branch : branches->entries) {
    labels.push_back(branch.key.text);
  }
}

void ReadChoices(const std::string& file, Knowledge& knowledge, Report& report) {
  for (const Node& document : ReadYaml(ReadOrReport(file, report), file, report)) {
    const Node* list = document.IsMapping() ? document.Find("choices") : &document;
    for (const Node& item : list == nullptr ? std::vector<Node>() : list->items) {
      ReadChoice(item, knowledge);
    }
    // One document for each choice is another way to write the register.
    ReadChoice(document, knowledge);
  }
}

}  // namespace

Knowledge ReadKnowledge(const std::string& requirements_json, const std::string& choices_yaml,
                        std::vector<Diagnostic>* errors) {
  Knowledge knowledge;
  Report report;
  ReadRequirements(requirements_json, knowledge, report);
  ReadChoices(choices_yaml, knowledge, report);
  const auto found = report.TakeErrors();
  errors->insert(errors->end(), found.begin(), found.end());
  return knowledge;
}

}  // namespace cmb::conformance::scenario
