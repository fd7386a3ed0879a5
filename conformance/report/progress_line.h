// How far something long is. On a terminal one line that is overwritten, and gone at the end; else
// a line after kProgressEvery, another one twice as long after that and so on, so that a log shows
// that it goes on and stays short. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <ostream>
#include <string>

namespace cmb::conformance::report {

inline constexpr std::chrono::milliseconds kProgressEvery{5'000};

class ProgressLine {
 public:
  ProgressLine(std::ostream& out, bool terminal, std::chrono::milliseconds every = kProgressEvery)
      : out_(out), terminal_(terminal), every_(every) {}
  ~ProgressLine() { Clear(); }

  // `text` is asked for only where it is shown.
  void Say(const std::function<std::string()>& text);
  // Before something else is written.
  void Clear();

 private:
  std::ostream& out_;
  bool terminal_;
  std::chrono::milliseconds every_;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
  bool shown_ = false;
  std::mutex mutex_;
};

}  // namespace cmb::conformance::report
