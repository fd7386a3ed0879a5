#include "conformance/check/check.h"

#include <algorithm>
#include <utility>

#include "conformance/check/event_rules.h"
#include "conformance/check/parallel.h"
#include "conformance/check/recordings.h"
#include "conformance/report/entry_text.h"

namespace cmb::conformance::check {
namespace {

void TakeCauses(const Transcript& transcript, Checked& checked) {
  checked.causes = report::CausesOf({}, checked.findings, transcript, {});
  for (report::Cause& cause : checked.causes) {
    cause.place.line = static_cast<int>(cause.moment.entry + checked.first_line);
  }
}

void Judge(const Transcript& transcript, Checked& checked) {
  if (transcript.entries.empty()) {
    checked.broken =
        checked.file + ": has a header alone, so nothing was observed; record the case again";
    return;
  }
  checked.case_id = transcript.header.case_id;
  checked.findings = oracle::Judge(transcript);
  TakeCauses(transcript, checked);
  if (!checked.findings.empty()) {
    checked.first_entry = report::EntryText(transcript.entries[checked.findings.front().entry]);
  }
}

void Judge(const EventLog& log, Checked& checked) {
  checked.case_id = "event log";
  checked.first_line = 1;
  EventsJudged judged = JudgeEvents(log);
  checked.findings = std::move(judged.findings);
  checked.notes = std::move(judged.notes);
  if (checked.findings.empty()) {
    return;
  }
  for (oracle::Finding& finding : checked.findings) {
    finding.step = 0;  // Not while `given` was reached, which no log has.
  }
  Transcript events;
  for (const ack::v1::Event& event : log) {
    events.entries.push_back({InstantOf(event), 0, 0, IutEvent{event}});
  }
  TakeCauses(events, checked);
  const bool timeless = std::all_of(
      log.begin(), log.end(), [](const ack::v1::Event& event) { return InstantOf(event) == 0; });
  for (report::Cause& cause : checked.causes) {
    cause.timeless = timeless;
  }
  const Entry& first = events.entries[checked.findings.front().entry];
  checked.first_entry = timeless ? report::WhatText(first) : report::EntryText(first);
}

void Judge(const TranscriptError& error, Checked& checked) {
  checked.broken = ErrorText(checked.file, error);
}

Checked CheckFile(const std::string& file) {
  Checked checked;
  checked.file = file;
  std::visit([&checked](const auto& read) { Judge(read, checked); }, ReadEither(file));
  return checked;
}

}  // namespace

std::vector<Checked> CheckFiles(const std::vector<std::string>& files, unsigned jobs,
                                const std::atomic<bool>& stop) {
  std::vector<Checked> all(files.size());
  ForEachIndex(
      files.size(), jobs, stop, [&](std::size_t i) { all[i] = CheckFile(files[i]); },
      [&](std::size_t i, const std::string& thrown) {
        all[i].file = files[i];
        all[i].broken = files[i] + ": " + thrown;
      });
  all.erase(
      std::remove_if(all.begin(), all.end(), [](const Checked& one) { return one.file.empty(); }),
      all.end());
  return all;
}

std::size_t LineOf(const Checked& checked, const oracle::Finding& finding) {
  return finding.entry + checked.first_line;
}

}  // namespace cmb::conformance::check
