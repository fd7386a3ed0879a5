// Any text as a recording: it is a transcript or it is not; what is one is written and read
// again without a change, and the oracle judges it, whatever frames, events and replies it
// holds.
#include <sstream>
#include <string>
#include <variant>

#include "conformance/oracle/oracle.h"
#include "conformance/transcript/transcript_json.h"
#include "proto/wire/fuzzing.h"

namespace cmb::conformance::check {
namespace {

using wire::MustHold;

std::string Written(const Transcript& transcript) {
  std::ostringstream out;
  WriteTranscript(transcript, out);
  return out.str();
}

void TryTranscript(const std::string& text) {
  std::istringstream in(text);
  const auto read = ReadTranscript(in);
  if (const auto* error = std::get_if<TranscriptError>(&read)) {
    MustHold(error->line >= 1 && !error->sentence.empty(), "an error has a line and a sentence");
    return;
  }
  const auto& transcript = std::get<Transcript>(read);
  const std::string written = Written(transcript);
  std::istringstream in_again(written);
  const auto again = ReadTranscript(in_again);
  MustHold(std::holds_alternative<Transcript>(again), "what was written can be read");
  MustHold(Written(std::get<Transcript>(again)) == written, "and is the same");
  for (const oracle::Finding& finding : oracle::Judge(transcript)) {
    MustHold(finding.entry < transcript.entries.size(), "a finding is about an entry");
    MustHold(!finding.sentence.empty() && !finding.requirement.empty(), "a finding says why");
  }
}

}  // namespace
}  // namespace cmb::conformance::check

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::conformance::check::TryTranscript(std::string(cmb::wire::Pieces(data, size).TakeRest()));
  return 0;
}
