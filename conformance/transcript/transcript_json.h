// Transcripts as JSON lines: the header first, then one entry a line. Called by the runner
// (--transcript) and by tests that read recorded ones. Written twice, the same transcript gives the
// same bytes; read back it is equal to what was written. Spec: chapter conformance.
#pragma once

#include <iosfwd>
#include <string>
#include <variant>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance {

struct TranscriptError {
  int line = 0;  // From 1.
  std::string sentence;
};

// A line for the header and for each entry, each with its line end.
std::string TranscriptLines(const Transcript& transcript);

// The first fault ends the reading. The decoded header of a frame is for people: it is read from
// the raw bytes again.
std::variant<Transcript, TranscriptError> ReadTranscript(std::istream& in);

// One entry on one line, without line end: its line in TranscriptLines.
std::string EntryLine(const Entry& entry);

// Name of the case's file: the case id with other characters than A-Za-z0-9_.+- turned to '_',
// and ".jsonl". Different ids may differ only there: the id's hash is added when one was turned.
std::string TranscriptFileName(const std::string& case_id);

}  // namespace cmb::conformance
