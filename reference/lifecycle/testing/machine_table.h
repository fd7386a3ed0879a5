// spec/machines/*.yaml as a test reads it: what the table says for one pair of
// event and state, and the comparison with what a core did. Header-only; used
// by tests alone.
#pragma once

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

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
    const YAML::Node file =
        YAML::LoadFile(std::string(CMB_SOURCE_DIR) + "/spec/machines/" + machine + ".yaml");
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
          EXPECT_TRUE(cells_.emplace(place, Read(column.second)).second)
              << place.first << " in " << place.second << " stands twice";
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

  // Every pair of a listed event and state stands, and nothing else.
  void ExpectTotal() const {
    EXPECT_EQ(cells_.size(), states_.size() * events_.size());
    for (const std::string& event : events_) {
      for (const std::string& state : states_) {
        EXPECT_TRUE(cells_.contains({event, state})) << event << " in " << state;
      }
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
        EXPECT_TRUE(cell.verb.empty()) << "two verbs: " << cell.verb << ", " << name;
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

// Each word of the table that shows as lines of text shows if, and only if, the
// cell lists it. `shown` maps the word to the start of its line.
inline void ExpectEffects(const Cell& cell, const std::string& text,
                          const std::map<std::string, std::string>& shown) {
  for (const auto& [word, start] : shown) {
    EXPECT_EQ(LinesThatStart(text, start).size(), cell.Has(word) ? 1u : 0u) << word << ", in\n"
                                                                            << text;
  }
}

}  // namespace cmb::lifecycle::testing
