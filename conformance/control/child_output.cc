// What a child writes: the last bytes of it, or its lines one by one; and the lines that it is
// written.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "conformance/control/child_process.h"

namespace cmb::conformance {

void ChildProcess::DrainOutput() {
  stdout_.Drain();
  stderr_.Drain();
}

std::string ChildProcess::StderrTail() const { return stderr_.Tail(); }
std::string ChildProcess::StdoutTail() const { return stdout_.lines ? "" : stdout_.Tail(); }

void ChildProcess::ClearOutput() {
  DrainOutput();
  for (Output* output : {&stdout_, &stderr_}) {
    if (output->lines) {
      continue;
    }
    output->kept.clear();
    output->dropped = 0;
  }
}

// At most one pipe's worth a call: a child that never stops writing must not keep the suite here.
void ChildProcess::Output::Drain() {
  std::array<char, 16 * 1024> buffer;
  for (int reads = 0; fd >= 0 && reads < 8; ++reads) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
      break;
    }
    if (count <= 0) {
      close(fd);
      fd = -1;
      break;
    }
    Keep(buffer.data(), static_cast<std::size_t>(count));
  }
}

void ChildProcess::Output::Keep(const char* bytes, std::size_t count) {
  const std::size_t before = kept.size();
  kept.append(bytes, count);
  if (lines) {
    if (line_end == std::string::npos) {
      FindLine(before);
    }
  } else if (kept.size() > 2 * kKeptOutputBytes) {
    dropped += kept.size() - kKeptOutputBytes;
    kept.erase(0, kept.size() - kKeptOutputBytes);
  }
}

void ChildProcess::Output::FindLine(std::size_t from) {
  line_end = kept.find('\n', from);
  if (line_end == std::string::npos && kept.size() > kLongestLineBytes) {
    line_end = kLongestLineBytes;
  }
}

std::optional<std::string> ChildProcess::TakeLine() {
  if (!HasLine()) {
    DrainOutput();
  }
  if (!HasLine()) {
    return std::nullopt;
  }
  std::string line = stdout_.kept.substr(0, stdout_.line_end);
  stdout_.kept.erase(0, stdout_.line_end + 1);
  stdout_.FindLine(0);
  return line;
}

bool ChildProcess::WriteLine(std::string line) {
  line += '\n';
  const Deadline deadline = Deadline::In(kWriteGuard);
  for (std::size_t written = 0; written < line.size();) {
    const ssize_t count = write(stdin_, line.data() + written, line.size() - written);
    if (count > 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno != EAGAIN && errno != EINTR) {
      return false;
    } else if (deadline.Passed()) {
      return false;
    } else {
      WaitWritable(deadline);
    }
  }
  return true;
}

// Until stdin takes more, or the child says something: one that writes may not read.
void ChildProcess::WaitWritable(Deadline deadline) {
  std::array<pollfd, 3> fds{pollfd{stdin_, POLLOUT, 0}, pollfd{stdout_.fd, POLLIN, 0},
                            pollfd{stderr_.fd, POLLIN, 0}};
  static_cast<void>(poll(fds.data(), fds.size(), static_cast<int>(deadline.Left().count())));
  DrainOutput();
}

std::string ChildProcess::Output::Tail() const {
  const std::size_t excess = kept.size() > kKeptOutputBytes ? kept.size() - kKeptOutputBytes : 0;
  if (dropped + excess == 0) {
    return kept;
  }
  return fmt::format("[{} bytes before this were dropped]\n{}", dropped + excess,
                     std::string_view(kept).substr(excess));
}

}  // namespace cmb::conformance
