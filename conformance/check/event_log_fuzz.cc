// Any text as an event log: it is one or it is not, and what is one can be judged.
#include <sstream>
#include <string>
#include <variant>

#include "conformance/check/event_rules.h"
#include "proto/wire/fuzzing.h"

namespace cmb::conformance::check {
namespace {

using wire::MustHold;

void TryLog(const std::string& text) {
  std::istringstream in(text);
  const auto read = ReadEventLog(in);
  if (const auto* error = std::get_if<TranscriptError>(&read)) {
    MustHold(error->line >= 1 && !error->sentence.empty(), "an error has a line and a sentence");
    return;
  }
  const EventLog& log = std::get<EventLog>(read);
  MustHold(log.empty() == text.empty(), "every line is an event");
  for (const oracle::Finding& finding : JudgeEvents(log).findings) {
    MustHold(finding.entry < log.size(), "a finding is about an event");
    MustHold(!finding.sentence.empty() && !finding.requirement.empty(), "a finding says why");
  }
}

}  // namespace
}  // namespace cmb::conformance::check

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::conformance::check::TryLog(std::string(cmb::wire::Pieces(data, size).TakeRest()));
  return 0;
}
