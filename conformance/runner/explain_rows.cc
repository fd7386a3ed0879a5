#include "conformance/runner/explain_rows.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace cmb::conformance::runner {
namespace {

using Json = nlohmann::json;

// Chapter 3.6 judges an ACK without a record before the table is asked.
bool IsDecidedBefore(const Json& pair) {
  return pair.value("machine", "") == "sender" && pair.value("state", "") == "IDLE" &&
         pair.value("kind", "") == "anomaly";
}

bool IsAskedBy(const Json& pair, const std::string& requirement) {
  const Json asked = pair.value("req", Json::array());
  return std::find(asked.begin(), asked.end(), Json(requirement)) != asked.end();
}

// " (TRACKED)" where the row, or this effect of it, is not there for everybody.
std::string ForWhom(const Json& pair, const std::string& what) {
  const Json only = pair.value("only", Json::object());
  return only.contains(what) ? " (" + only[what].get<std::string>() + ")" : "";
}

std::string CellText(const Json& pair) {
  const std::string kind = pair.value("kind", "");
  std::string text;
  if (kind == "go" || kind == "create") {
    const std::string reason = pair.value("reason", "");
    text = "-> " + pair.value("new_state", "") + (reason.empty() ? "" : " (" + reason + ")");
  } else if (kind == "anomaly") {
    text = "anomaly " + pair.value("anomaly", "");
  } else {
    text = kind + ": " + pair.value("why", "");
  }
  for (const Json& effect : pair.value("effects", Json::array())) {
    const auto name = effect.get<std::string>();
    text += "; " + name + ForWhom(pair, name);
  }
  return text;
}

}  // namespace

std::vector<std::string> RowsOf(const std::string& requirement, const std::string& machines_json) {
  std::ifstream in(machines_json);
  const Json pairs = Json::parse(in, nullptr, false);
  // Event and cell, with the states that share it, in the order of the file.
  std::vector<std::pair<std::string, std::pair<std::string, std::string>>> rows;
  for (const Json& pair : pairs.is_array() ? pairs : Json::array()) {
    if (!IsAskedBy(pair, requirement) || pair.value("kind", "") == "impossible" ||
        IsDecidedBefore(pair)) {
      continue;
    }
    const std::string event =
        pair.value("machine", "") + ", " + pair.value("event", "") + ForWhom(pair, "row");
    const std::string cell = CellText(pair), state = pair.value("state", "");
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
      return row.first == event && row.second.second == cell;
    });
    if (same == rows.end()) {
      rows.push_back({event, {state, cell}});
    } else {
      same->second.first += ", " + state;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [event, cell] : rows) {
    lines.push_back(event + ", in " + cell.first + ": " + cell.second);
  }
  return lines;
}

}  // namespace cmb::conformance::runner
