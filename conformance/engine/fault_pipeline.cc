#include "conformance/engine/fault_pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "conformance/engine/describe.h"
#include "conformance/engine/term_match.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Fault;

const scenario::Harm kUnharmed;

std::uint64_t MsOf(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

const std::string& MessageIdOf(const ack::v1::CognitiveMessage& header) {
  return header.has_ack() ? header.ack().correlation_id() : header.message_id();
}

bool Within(const std::optional<scenario::CountRange>& range, std::uint64_t value) {
  return !range || (range->low <= value && value <= range->high);
}

bool InTime(const std::optional<scenario::DurationRange>& during, std::uint64_t now_ms) {
  return !during || (MsOf(during->low) <= now_ms && now_ms <= MsOf(during->high));
}

bool Names(const std::vector<std::string>& aliases, const std::string& alias) {
  return aliases.empty() || std::find(aliases.begin(), aliases.end(), alias) != aliases.end();
}

std::string WayOf(const Crossing& crossing) { return crossing.link + " " + crossing.router; }

bool TakesWay(const Fault& fault, const Crossing& crossing) {
  return (fault.link.empty() || fault.link == crossing.link) &&
         (fault.toward.empty() || fault.toward == crossing.toward) &&
         (fault.router.empty() || fault.router == crossing.router);
}

}  // namespace

FaultPipeline::FaultPipeline(const scenario::Case& scenario, const MessageBook& book,
                             RandomSource random, Tell tell)
    : scenario_(scenario),
      book_(book),
      random_(random),
      tell_(std::move(tell)),
      tallies_(scenario.faults.size()) {}

FaultPipeline::Subject FaultPipeline::Count(const Crossing& crossing) {
  const auto& header = *crossing.header;
  Subject subject;
  subject.message_id = MessageIdOf(header);
  const Known* owner = book_.Owner(subject.message_id, header.source());
  subject.alias = owner == nullptr ? "" : owner->alias;
  subject.nth = ++counters_[{subject.message_id, KindOf(header), WayOf(crossing), crossing.toward}];
  subject.attempt = AttemptOf(header).value_or(0);
  return subject;
}

bool FaultPipeline::Selects(const Fault& fault, const Crossing& crossing, const Subject& subject,
                            std::uint64_t since_begin_ms) const {
  // Of a reorder only SECOND is held; FIRST is watched.
  const auto begin = fault.frames.begin() + (fault.kind == Fault::Kind::kReorder ? 1 : 0);
  const bool kind = std::any_of(begin, fault.frames.end(), [&](const scenario::Term& term) {
    return Agrees(term, *crossing.header);
  });
  return kind && Names(fault.of, subject.alias) && Within(fault.nth, subject.nth) &&
         Within(fault.attempt, subject.attempt) && TakesWay(fault, crossing) &&
         InTime(fault.during, since_begin_ms);
}

bool FaultPipeline::Hold(std::size_t index, const Subject& subject, const Arrive& arrive) {
  Tally& tally = tallies_[index];
  if (tally.first_passed[subject.message_id]) {
    return false;
  }
  tally.held[subject.message_id].push_back(arrive);
  return true;
}

std::uint64_t FaultPipeline::WaitOf(std::size_t index, const Crossing& crossing,
                                    std::uint64_t since_begin_ms) {
  const Fault& fault = scenario_.faults[index];
  std::uint64_t& free_at = tallies_[index].free_at[{WayOf(crossing), crossing.toward}];
  const std::uint64_t end =
      fault.during ? MsOf(fault.during->high) : std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t taken_at =
      fault.each ? std::min(std::max(since_begin_ms, free_at), end) : end;
  free_at = taken_at + (fault.each ? MsOf(*fault.each) : 0);
  return taken_at - since_begin_ms;
}

bool FaultPipeline::Bend(std::size_t index, const Crossing& crossing, const Subject& subject,
                         const Arrive& arrive, std::uint64_t& delay_ms) {
  const Fault& fault = scenario_.faults[index];
  Tally& tally = tallies_[index];
  // A slow reader that was in time bent nothing.
  tally.applied += fault.kind == Fault::Kind::kSlow && delay_ms == 0 ? 0 : 1;
  tally.highest_nth = std::max(tally.highest_nth, subject.nth);
  tally.highest_attempt = std::max(tally.highest_attempt, subject.attempt);
  const std::string frame =
      fmt::format("{} toward {}", DescribeHeader(*crossing.header, book_), crossing.toward);
  const auto tell = [&](const std::string& done) {
    tell_(NoteKind::kFault, fmt::format("line {}: {} {}", fault.where.line, done, frame));
  };
  switch (fault.kind) {
    case Fault::Kind::kDrop:
      tell("dropped");
      return false;
    case Fault::Kind::kDelay:
      delay_ms = random_.Between(MsOf(fault.by.low), MsOf(fault.by.high));
      if (!fault.by.IsInstant()) {
        tell_(NoteKind::kDrawn, fmt::format("line {}: drew {} ms", fault.where.line, delay_ms));
      }
      tell("delayed by " + DurationText(delay_ms));
      arrive(delay_ms, kUnharmed);
      return true;
    case Fault::Kind::kDuplicate:
      tell(fmt::format("sent {} times", fault.copies));
      for (std::uint64_t copy = 0; copy < fault.copies; ++copy) {
        arrive(copy * MsOf(fault.by.low), kUnharmed);
      }
      return true;
    case Fault::Kind::kCorrupt:
      tell("corrupted (" + fault.how.name + ")");
      arrive(0, fault.how);
      return true;
    case Fault::Kind::kReorder:
      tell("held");
      return false;
    case Fault::Kind::kSlow:
      tell("for " + DurationText(delay_ms) + " unread:");
      arrive(delay_ms, kUnharmed);
      return true;
  }
  return true;
}

void FaultPipeline::LetGo(const Crossing& crossing, const Subject& subject,
                          std::uint64_t delay_ms) {
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    const Fault& fault = scenario_.faults[i];
    if (fault.kind != Fault::Kind::kReorder || fault.frames.empty() ||
        !Agrees(fault.frames.front(), *crossing.header) || !TakesWay(fault, crossing)) {
      continue;
    }
    tallies_[i].first_passed[subject.message_id] = true;
    for (const Arrive& arrive : std::exchange(tallies_[i].held[subject.message_id], {})) {
      arrive(delay_ms, kUnharmed);
    }
  }
}

void FaultPipeline::Cross(const Crossing& crossing, std::uint64_t since_begin_ms, Arrive arrive) {
  if (IsBarrier(KindOf(*crossing.header))) {
    arrive(0, kUnharmed);
    return;
  }
  const Subject subject = Count(crossing);
  std::uint64_t delay_ms = 0;
  bool passes = true;
  bool taken = false;
  for (std::size_t i = 0; i < tallies_.size() && !taken; ++i) {
    const Fault& fault = scenario_.faults[i];
    taken = Selects(fault, crossing, subject, since_begin_ms) &&
            (fault.kind != Fault::Kind::kReorder || Hold(i, subject, arrive));
    if (taken) {
      delay_ms = fault.kind == Fault::Kind::kSlow ? WaitOf(i, crossing, since_begin_ms) : 0;
      passes = Bend(i, crossing, subject, arrive, delay_ms);
    }
  }
  if (!taken) {
    arrive(0, kUnharmed);
  }
  if (passes) {
    LetGo(crossing, subject, delay_ms);
  }
}

FaultCount FaultPipeline::CountOf(const Fault& fault, const Tally& tally) const {
  FaultCount count;
  count.place = {fault.where.file, fault.where.line, fault.where.column};
  count.fault = fault.source_text;
  count.applied = tally.applied;
  const bool still_held = std::any_of(tally.held.begin(), tally.held.end(),
                                      [](const auto& entry) { return !entry.second.empty(); });
  if (tally.applied == 0) {
    count.missing = fault.kind == Fault::Kind::kSlow ? "no frame had to wait for its reader"
                                                     : "it selected no frame";
  } else if (fault.attempt && tally.highest_attempt < fault.attempt->high) {
    count.missing = fmt::format("attempt {} never came", fault.attempt->high);
  } else if (fault.nth && tally.highest_nth < fault.nth->high) {
    count.missing = fmt::format("number {} of its frames never came", fault.nth->high);
  } else if (still_held) {
    count.missing = "the frame that the held one waits for never came";
  }
  count.in_full = count.missing.empty();
  if (!count.in_full) {
    count.missing = fmt::format("line {}: {}", fault.where.line, count.missing);
  }
  return count;
}

std::vector<FaultCount> FaultPipeline::Counts() const {
  std::vector<FaultCount> counts;
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    counts.push_back(CountOf(scenario_.faults[i], tallies_[i]));
  }
  return counts;
}

}  // namespace cmb::conformance::engine
