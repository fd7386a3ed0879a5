// The recordings that `check` and `alter` read: files named one by one, or all of a directory.
// Called by the commands. Reads files; no threads of its own.
#pragma once

#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "conformance/check/event_log.h"
#include "conformance/transcript/transcript_json.h"

namespace cmb::conformance::check {

struct Recordings {
  std::vector<std::string> files;       // Of a directory all *.jsonl below it, by name.
  std::vector<std::string> complaints;  // What names nothing: path, cause, remedy.
};
Recordings FindRecordings(const std::vector<std::string>& paths);

// A file that cannot be opened is an error of line 0.
std::variant<Transcript, TranscriptError> ReadRecording(const std::string& file);

// Either kind, told by the first line. A transcript, or the log of a system in production.
using Either = std::variant<Transcript, EventLog, TranscriptError>;
Either ReadEither(const std::string& file);
Either EitherOf(std::stringstream& text);

// "FILE:LINE: cause; remedy".
std::string ErrorText(const std::string& file, const TranscriptError& error);

}  // namespace cmb::conformance::check
