// Any text as a recording: a transcript, the log of a system in production, or neither. A
// transcript is written and read again without a change, and both are judged, whatever frames,
// events and replies they hold.
#include <sstream>
#include <string>
#include <variant>

#include "conformance/check/event_rules.h"
#include "conformance/check/recordings.h"
#include "conformance/oracle/oracle.h"
#include "proto/wire/fuzzing.h"

namespace cmb::conformance::check {
namespace {

using wire::MustHold;

void LookAt(const std::vector<oracle::Finding>& findings, std::size_t entries) {
  for (const oracle::Finding& finding : findings) {
    MustHold(finding.entry < entries, "a finding is about an entry");
    MustHold(!finding.sentence.empty() && !finding.requirement.empty(), "a finding says why");
  }
}

void Try(const Transcript& transcript) {
  const std::string written = TranscriptLines(transcript);
  std::istringstream in(written);
  const auto again = ReadTranscript(in);
  MustHold(std::holds_alternative<Transcript>(again), "what was written can be read");
  MustHold(TranscriptLines(std::get<Transcript>(again)) == written, "and is the same");
  LookAt(oracle::Judge(transcript), transcript.entries.size());
}

void Try(const EventLog& log) { LookAt(JudgeEvents(log).findings, log.size()); }

void Try(const TranscriptError& error) {
  MustHold(error.line >= 1 && !error.sentence.empty(), "an error has a line and a sentence");
}

}  // namespace
}  // namespace cmb::conformance::check

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cmb::conformance::check;
  std::stringstream text(std::string(cmb::wire::Pieces(data, size).TakeRest()));
  std::visit([](const auto& read) { Try(read); }, EitherOf(text));
  return 0;
}
