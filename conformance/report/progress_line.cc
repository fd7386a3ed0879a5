#include "conformance/report/progress_line.h"

#include <utility>

namespace cmb::conformance::report {
namespace {

constexpr char kClearLine[] = "\r\x1b[K";

}  // namespace

void ProgressLine::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (std::exchange(shown_, false)) {
    out_ << kClearLine << std::flush;
  }
}

void ProgressLine::Say(const std::function<std::string()>& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (terminal_) {
    out_ << kClearLine << text() << std::flush;
    shown_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - said_ >= every_) {
    out_ << text() << std::endl;
    said_ = now;
    every_ += every_;
  }
}

}  // namespace cmb::conformance::report
