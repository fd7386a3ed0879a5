// Reads what the spec says about requirements and choices.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "conformance/scenario/loader.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"
#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/vocabulary.h"
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

// A cell names some reasons by what its event is.
std::vector<words::Reason> ReasonsOf(const std::string& word) {
  if (word == "phase") {
    return {words::REASON_ROUTER_ACK_TIMEOUT, words::REASON_DELIVERY_ACK_TIMEOUT,
            words::REASON_EXECUTION_TIMEOUT};
  }
  if (word == "type") {
    return {words::REASON_EXECUTION_ACK, words::REASON_PROGRESS_ACK, words::REASON_RECEIPT};
  }
  const auto reason = wire::ParseWord<words::Reason>(word);
  return reason ? std::vector<words::Reason>{*reason} : std::vector<words::Reason>();
}

void ReadMove(const nlohmann::json& cell, Knowledge& knowledge) {
  std::string machine = cell.value("machine", "");
  std::transform(machine.begin(), machine.end(), machine.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto role = wire::ParseWord<words::Role>(machine);
  const auto from = wire::ParseWord<words::State>(cell.value("state", ""));
  const auto to = wire::ParseWord<words::State>(cell.value("new_state", ""));
  if (role && from && to && cell.value("kind", "") == "go") {
    for (const words::Reason reason : ReasonsOf(cell.value("reason", ""))) {
      knowledge.moves.push_back({*role, *from, *to, reason});
    }
  }
}

void ReadMoves(const std::string& file, Knowledge& knowledge, Report& report) {
  const std::string text = ReadOrReport(file, report);
  const auto cells = nlohmann::json::parse(text, nullptr, false);
  if (!text.empty() && !cells.is_array()) {
    report.Error({file, 1, 1}, ErrorNumber::kRequirement, "is no list of the cells of tables");
    return;
  }
  for (const auto& cell : cells) {
    if (cell.is_object()) {
      ReadMove(cell, knowledge);
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
  ReadMoves(std::filesystem::path(requirements_json).replace_filename("machines.json"), knowledge,
            report);
  ReadChoices(choices_yaml, knowledge, report);
  const auto found = report.TakeErrors();
  errors->insert(errors->end(), found.begin(), found.end());
  return knowledge;
}

}  // namespace cmb::conformance::scenario
