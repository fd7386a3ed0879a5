// spec/machines/*.yaml as a test reads it: what the table says for one pair of
// event and state, and what a core did in its words. The working directory is the top
// of the project. Header-only; used by tests alone.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/check.h"

namespace cmb::lifecycle::testing {

struct Cell {
  std::string verb;    // go, stay, anomaly, forget, impossible, create.
  std::string object;  // The state, the anomaly, or why.
  std::string reason;
  std::vector<std::string> effects;
  std::string then;  // Event that follows in the same step.

  bool Has(const std::string& effect) const {
    for (const std::string& each : effects) {
      if (each == effect) {
        return true;
      }
    }
    return false;
  }
};

class MachineTable {
 public:
  explicit MachineTable(const std::string& machine) {
    const YAML::Node file = YAML::LoadFile("spec/machines/" + machine + ".yaml");
    for (const YAML::Node& state : file["states"]) {
      states_.push_back(state["name"].as<std::string>());
    }
    for (const YAML::Node& event : file["events"]) {
      events_.push_back(event["name"].as<std::string>());
    }
    for (const auto& row : file["table"]) {
      for (const auto& column : row.second) {
        for (const std::string& state : Split(column.first.as<std::string>())) {
          const auto place = std::pair(row.first.as<std::string>(), state);
          Check(cells_.emplace(place, Read(column.second)).second, "a pair stands once");
        }
      }
    }
  }

  const std::vector<std::string>& states() const { return states_; }
  const std::vector<std::string>& events() const { return events_; }
  std::size_t size() const { return cells_.size(); }

  const Cell& At(const std::string& event, const std::string& state) const {
    return cells_.at({event, state});
  }

  bool Has(const std::string& event, const std::string& state) const {
    return cells_.contains({event, state});
  }

  // Every cell of a state.
  template <typename Use>
  void ForEach(Use use) const {
    for (const auto& [place, cell] : cells_) {
      use(place.first, place.second, cell);
    }
  }

 private:
  static std::vector<std::string> Split(const std::string& names) {
    std::vector<std::string> parts;
    std::istringstream in(names);
    for (std::string part; std::getline(in, part, ',');) {
      parts.push_back(part.substr(part.find_first_not_of(' ')));
    }
    return parts;
  }

  static Cell Read(const YAML::Node& node) {
    Cell cell;
    for (const auto& entry : node) {
      const auto name = entry.first.as<std::string>();
      if (name == "reason") {
        cell.reason = entry.second.as<std::string>();
      } else if (name == "then") {
        cell.then = entry.second.as<std::string>();
      } else if (name == "effects") {
        cell.effects = entry.second.as<std::vector<std::string>>();
      } else if (name != "req" && name != "effect_req") {  // Whom a verdict blames.
        Check(cell.verb.empty(), "a cell has one verb");
        cell.verb = name;
        cell.object = entry.second.as<std::string>();
      }
    }
    return cell;
  }

  std::vector<std::string> states_;
  std::vector<std::string> events_;
  std::map<std::pair<std::string, std::string>, Cell> cells_;
};

// The lines of `text` that begin with `start`.
inline std::vector<std::string> LinesThatStart(const std::string& text, const std::string& start) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(start)) {
      lines.push_back(line);
    }
  }
  return lines;
}

// What a core did, in the words of the table: "go STATE (REASON)",
// "anomaly NAME", "" if neither; several joined by "; ".
inline std::string DoneAsCell(const std::string& text) {
  std::string done;
  for (const std::string& line : LinesThatStart(text, "event [m1] ")) {
    std::istringstream in(line.substr(std::string("event [m1] ").size()));
    std::string first, second, third, fourth;
    in >> first >> second >> third >> fourth;
    std::string words;
    if (second == "->") {
      words = "go " + third + " " + fourth;
    } else if (first == "anomaly") {
      words = "anomaly " + second;
    } else {
      continue;
    }
    done += (done.empty() ? "" : "; ") + words;
  }
  return done;
}

// The same for a cell; `reason` stands in for the words phase and type.
inline std::string WantedOfCell(const Cell& cell, const std::string& reason) {
  if (cell.verb == "go") {
    return "go " + cell.object + " (" + reason + ")";
  }
  return cell.verb == "anomaly" ? "anomaly " + cell.object : "";
}

}  // namespace cmb::lifecycle::testing
