#include "conformance/report/cause.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace cmb::conformance::report {
namespace {

Cause OfMiss(const Miss& miss) {
  Cause cause;
  cause.kind = CauseKind::kExpectation;
  cause.moment = miss.moment;
  cause.requirement = miss.requirement;
  cause.row = miss.row;
  cause.about = miss.about;
  cause.place = miss.place;
  cause.step = miss.step;
  cause.want = miss.want;
  cause.got = miss.got;
  cause.window = miss.window;
  return cause;
}

Cause OfStop(const Stop& stop) {
  Cause cause;
  cause.kind = CauseKind::kStop;
  cause.moment = stop.moment;
  cause.requirement = stop.requirement;
  cause.place = stop.place;
  cause.step = stop.step;
  cause.got = stop.sentence;
  return cause;
}

Cause OfFinding(const oracle::Finding& finding, const Transcript& transcript, Place place) {
  place.line = finding.line != 0 ? finding.line : place.line;
  place.column = finding.line != 0 ? 1 : place.column;
  Cause cause;
  const bool known = finding.entry < transcript.entries.size();
  cause.moment = {finding.entry, known ? transcript.entries[finding.entry].at_ms : 0};
  cause.requirement = finding.requirement;
  cause.place = std::move(place);
  cause.step = "rule " + finding.rule + " of the oracle" +
               (finding.step == kGivenStep ? ", while `given` was reached" : "");
  cause.want = finding.holds;
  cause.got = finding.sentence;
  return cause;
}

bool IsOfIut(const Entry& entry) {
  const auto* frame = std::get_if<DataFrame>(&entry.what);
  return std::holds_alternative<IutEvent>(entry.what) ||
         (frame != nullptr && frame->direction == Direction::kFromIut);
}

// Of several of one kind at one place the one that the scenario is about.
struct Before {
  const std::vector<std::string>& listed;
  const std::vector<Entry>& entries;

  // Nothing follows from the order of what the IUT did in one exchange, and its frames are written
  // down first: an answer that is not the expected one comes behind what the oracle says of all.
  std::size_t PlaceOf(const Cause& cause) const {
    std::size_t at = cause.moment.entry;
    if (cause.kind != CauseKind::kExpectation || at >= entries.size() || !IsOfIut(entries[at])) {
      return at;
    }
    while (at + 1 < entries.size() && entries[at + 1].exchange == entries[at].exchange) {
      ++at;
    }
    return at;
  }
  std::tuple<std::size_t, CauseKind, bool> Rank(const Cause& cause) const {
    const bool is_listed =
        std::find(listed.begin(), listed.end(), cause.requirement) != listed.end();
    return {PlaceOf(cause), cause.kind, !is_listed};
  }
  bool operator()(const Cause& a, const Cause& b) const { return Rank(a) < Rank(b); }
};

// Of one rule and requirement the first, and how many more.
std::vector<Cause> Folded(std::vector<Cause> causes) {
  std::vector<Cause> folded;
  for (Cause& cause : causes) {
    const auto same = std::find_if(folded.begin(), folded.end(), [&cause](const Cause& other) {
      return cause.kind == CauseKind::kOracle && other.kind == cause.kind &&
             other.step == cause.step && other.requirement == cause.requirement;
    });
    if (same == folded.end()) {
      folded.push_back(std::move(cause));
    } else {
      ++same->more;
    }
  }
  return folded;
}

}  // namespace

std::vector<Cause> CausesOf(const CaseResult& result, const std::vector<oracle::Finding>& findings,
                            const Transcript& transcript, const Place& scenario) {
  std::vector<Cause> causes;
  for (const oracle::Finding& finding : findings) {
    causes.push_back(OfFinding(finding, transcript, scenario));
  }
  for (const Miss& miss : result.misses) {
    causes.push_back(OfMiss(miss));
  }
  std::stable_sort(causes.begin(), causes.end(), Before{result.requirements, transcript.entries});
  if (result.stop) {
    const auto place = std::find_if(causes.begin(), causes.end(), [&result](const Cause& cause) {
      return result.stop->explains_misses && cause.kind == CauseKind::kExpectation;
    });
    causes.insert(place, OfStop(*result.stop));
  }
  return Folded(std::move(causes));
}

std::string WhenText(const Cause& cause) {
  return cause.timeless ? "" : fmt::format(", at {} ms", cause.moment.at_ms);
}

const char* CauseWord(CauseKind kind) {
  switch (kind) {
    case CauseKind::kOracle:
      return "oracle";
    case CauseKind::kExpectation:
      return "expectation";
    case CauseKind::kStop:
      return "stop";
  }
  return "";
}

}  // namespace cmb::conformance::report
