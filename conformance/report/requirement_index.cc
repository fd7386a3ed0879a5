#include "conformance/report/requirement_index.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace cmb::conformance::report {
namespace {

using Json = nlohmann::json;

Requirement FromJson(const Json& json) {
  Requirement requirement;
  requirement.id = json.at("id").get<std::string>();
  requirement.level = json.at("level").get<std::string>();
  requirement.roles = json.at("roles").get<std::vector<std::string>>();
  requirement.profile = json.value("profile", "");
  requirement.verification = json.value("verification", "");
  requirement.why = json.value("why", "");
  requirement.sentence = json.at("sentence").get<std::string>();
  requirement.chapter = json.value("chapter", "");
  requirement.line = json.value("line", 0);
  requirement.order = json.value("order", 0);
  return requirement;
}

}  // namespace

std::string Requirement::Place() const {
  return line == 0 ? chapter : chapter + ":" + std::to_string(line);
}

std::string Requirement::LevelWord() const {
  const std::string forbidding = level + " NOT";
  const std::size_t at = sentence.find(level);
  const bool forbids =
      at != std::string::npos && sentence.compare(at, forbidding.size(), forbidding) == 0;
  return forbids ? forbidding : level;
}

RequirementIndex::RequirementIndex(std::vector<Requirement> requirements) {
  for (Requirement& requirement : requirements) {
    std::string id = requirement.id;
    by_id_.emplace(std::move(id), std::move(requirement));
  }
}

const Requirement* RequirementIndex::Find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

std::variant<RequirementIndex, std::string> ReadRequirements(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    return path + ": cannot be read";
  }
  try {
    const Json json = Json::parse(in);
    const Json& list = json.is_object() ? json.at("requirements") : json;
    std::vector<Requirement> requirements;
    for (const Json& one : list) {
      requirements.push_back(FromJson(one));
    }
    return RequirementIndex(std::move(requirements));
  } catch (const Json::exception& fault) {
    return path + ": is no list of requirements: " + fault.what();
  }
}

}  // namespace cmb::conformance::report
