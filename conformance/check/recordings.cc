#include "conformance/check/recordings.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace cmb::conformance::check {
namespace {

namespace fs = std::filesystem;

constexpr char kEnding[] = ".jsonl";

void AddDirectory(const std::string& path, Recordings& recordings) {
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(path, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::error_code ignored;
    if (at->path().extension() == kEnding && !at->is_directory(ignored)) {
      found.push_back(at->path().string());
    }
  }
  if (failed) {
    recordings.complaints.push_back(path + ": " + failed.message() +
                                    "; name a directory that this user may read");
  } else if (found.empty()) {
    recordings.complaints.push_back(path + ": holds no file that ends in " + kEnding +
                                    "; `run --transcript DIR` writes them");
  }
  std::sort(found.begin(), found.end());
  recordings.files.insert(recordings.files.end(), found.begin(), found.end());
}

template <typename Good>
Either Widened(std::variant<Good, TranscriptError> read) {
  if (auto* good = std::get_if<Good>(&read)) {
    return std::move(*good);
  }
  return std::get<TranscriptError>(std::move(read));
}

}  // namespace

Recordings FindRecordings(const std::vector<std::string>& paths) {
  Recordings recordings;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      AddDirectory(path, recordings);
    } else if (fs::exists(path, ignored)) {
      recordings.files.push_back(path);
    } else {
      recordings.complaints.push_back(path + ": no such file or directory; check the path");
    }
  }
  return recordings;
}

Either ReadEither(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    return TranscriptError{0, std::error_code(errno, std::generic_category()).message()};
  }
  std::stringstream text;  // A pipe is read once.
  text << in.rdbuf();
  if (in.bad()) {  // A device, or a disk that fails.
    return TranscriptError{0, "cannot be read"};
  }
  return EitherOf(text);
}

Either EitherOf(std::stringstream& text) {
  std::string first_line;
  std::getline(text, first_line);
  text.clear();
  text.seekg(0);
  if (IsEventLog(first_line)) {
    return Widened(ReadEventLog(text));
  }
  return Widened(ReadTranscript(text));
}

std::variant<Transcript, TranscriptError> ReadRecording(const std::string& file) {
  auto read = ReadEither(file);
  if (auto* transcript = std::get_if<Transcript>(&read)) {
    return std::move(*transcript);
  }
  const auto* error = std::get_if<TranscriptError>(&read);
  return error != nullptr ? *error : TranscriptError{1, "an event log and no transcript"};
}

std::string ErrorText(const std::string& file, const TranscriptError& error) {
  if (error.line == 0) {
    return file + ": " + error.sentence + "; name a file that this user may read";
  }
  return file + ":" + std::to_string(error.line) + ": " + error.sentence +
         (error.line == 1
              ? "; this is no recording: `run --transcript DIR` writes transcripts, and "
                "`cmb-router --events FILE` an event log"
              : "; the file is broken here: record it again, or cut this line and what follows");
}

}  // namespace cmb::conformance::check
