#include "conformance/alter/alter_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "conformance/report/outer_text.h"
#include "conformance/report/run_report.h"

namespace cmb::conformance::alter {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFormat[] = "cmb-alterations-1";
constexpr const char* kRoles[] = {"sender", "router", "target"};

double Share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

using Line = std::pair<Kind, Count>;

// The kinds of which some were not caught, the most first.
std::vector<Line> Missed(const Tally& tally) {
  std::vector<Line> missed;
  std::copy_if(tally.begin(), tally.end(), std::back_inserter(missed),
               [](const auto& line) { return line.second.not_caught() > 0; });
  std::stable_sort(missed.begin(), missed.end(), [](const Line& a, const Line& b) {
    return a.second.not_caught() > b.second.not_caught();
  });
  return missed;
}

std::string ShareText(const std::string& name, const Count& count) {
  return fmt::format("{:<8}{:>9} alterations, {:>6.2f} % caught, {:>6.2f} % by then, {} missed\n",
                     name, count.all, CaughtShare(count), InPlaceShare(count), count.not_caught());
}

std::uint64_t Subtracted(const std::vector<FreeKind>& free) {
  return std::accumulate(
      free.begin(), free.end(), std::uint64_t{0},
      [](std::uint64_t sum, const FreeKind& entry) { return sum + entry.subtracted; });
}

}  // namespace

double CaughtShare(const Count& count) { return Share(count.caught, count.all); }
double InPlaceShare(const Count& count) { return Share(count.in_place, count.all); }

std::string ReportText(const Altered& altered, const std::vector<FreeKind>& free) {
  std::string text;
  for (const auto& [kind, count] : Missed(altered.tally)) {
    text += fmt::format("{:>7} of {:<7} {}\n{:19}{}:{}\n", count.not_caught(), count.all,
                        kind.Text(), "", count.missed.file, count.missed.line);
  }
  text += text.empty() ? "" : "\n";
  text += report::Counted(altered.recordings, "recording");
  text += altered.not_clean == 0 ? ""
                                 : fmt::format(", {} left out since they have a breach as they are",
                                               altered.not_clean);
  text +=
      altered.possible == 0 ? "" : fmt::format("; a sample of {} alterations", altered.possible);
  text += altered.passed_over == 0
              ? ""
              : fmt::format("; {} of long recordings passed over", altered.passed_over);
  text += fmt::format("; {} more alterations are free\n", Subtracted(free));
  for (const char* role : kRoles) {
    text += ShareText(role, Total(altered.tally, role));
  }
  return report::Printable(text + ShareText("all", Total(altered.tally)));
}

std::string ReportJson(const Altered& altered, const std::vector<FreeKind>& free) {
  const Count total = Total(altered.tally);
  Json json{{"format", kFormat},
            {"recordings", altered.recordings},
            {"not_clean", altered.not_clean},
            {"passed_over", altered.passed_over},
            {"possible", altered.possible},
            {"alterations", total.all},
            {"caught", total.caught},
            {"in_place", total.in_place},
            {"free", Json::array()},
            {"kinds", Json::array()}};
  for (const FreeKind& entry : free) {
    json["free"].push_back({{"kind", entry.kind}, {"by", entry.by}, {"count", entry.subtracted}});
  }
  for (const auto& [kind, count] : altered.tally) {
    Json line{{"role", kind.role},         {"item", kind.item},        {"done", kind.done},
              {"field", kind.field},       {"alterations", count.all}, {"caught", count.caught},
              {"in_place", count.in_place}};
    if (count.not_caught() > 0) {
      line["example"] = {
          {"file", count.missed.file}, {"case", count.missed.case_id}, {"line", count.missed.line}};
    }
    json["kinds"].push_back(std::move(line));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cmb::conformance::alter
