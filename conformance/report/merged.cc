#include "conformance/report/merged.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace cmb::conformance::report {
namespace {

// What keeps two reports from being parts of one run. Empty: nothing.
std::string WhatDiffers(const RunReport& one, const RunReport& other) {
  if (!google::protobuf::util::MessageDifferencer::Equals(one.pics, other.pics)) {
    return "implementation or its claims";
  }
  return one.suite != other.suite       ? "version of the suite"
         : one.binding != other.binding ? "binding"
         : one.clock != other.clock     ? "clock"
         : one.seed != other.seed       ? "seed"
                                        : "";
}

// Whether the shards are all of one whole, each once.
bool AreWhole(const std::vector<RunReport>& parts) {
  std::set<std::string> wanted, there;
  const std::string& first = parts.front().shard;
  const std::string all = first.substr(std::min(first.find('/'), first.size()));
  for (std::size_t i = 1; i <= parts.size(); ++i) {
    wanted.insert(std::to_string(i) + all);
  }
  for (const RunReport& part : parts) {
    there.insert(part.shard);
    if (part.selection != parts.front().selection) {
      return false;
    }
  }
  return wanted == there && all == "/" + std::to_string(parts.size());
}

std::string Joined(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b ? a + (a == b ? "" : b) : a + "; " + b;
}

void Add(RunReport& whole, RunReport part) {
  whole.selection = Joined(whole.selection, part.selection);
  whole.shard = Joined(whole.shard, part.shard);
  whole.interrupted |= part.interrupted;
  whole.stopped_because = Joined(whole.stopped_because, part.stopped_because);
  whole.stopped_stderr += part.stopped_stderr;
  whole.date = std::max(whole.date, part.date);
  whole.wall_ms += part.wall_ms;
  std::move(part.cases.begin(), part.cases.end(), std::back_inserter(whole.cases));
}

}  // namespace

std::variant<RunReport, std::string> Merged(std::vector<RunReport> parts,
                                            const std::vector<std::string>& names) {
  std::map<std::string, std::string> file_of;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const std::string what = WhatDiffers(parts.front(), parts[i]); !what.empty()) {
      return fmt::format("{} and {}: not of one run, the {} differs", names.front(), names[i],
                         what);
    }
    for (const CaseRecord& record : parts[i].cases) {
      const auto [known, is_new] = file_of.emplace(record.result.case_id, names[i]);
      if (!is_new && known->second == names[i]) {
        return names[i] + ": is named twice";
      }
      if (!is_new) {
        return fmt::format("{} and {}: both have the case {}", known->second, names[i],
                           record.result.case_id);
      }
    }
  }
  const bool whole = AreWhole(parts);
  RunReport merged = std::move(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Add(merged, std::move(parts[i]));
  }
  merged.shard = whole ? "" : merged.shard;
  return merged;
}

}  // namespace cmb::conformance::report
