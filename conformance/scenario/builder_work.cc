// What executing a message amounts to: `work`, beside a message and beside `resend`.
#include <algorithm>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

std::string MillisecondsText(Milliseconds time) { return std::to_string(time.count()) + "ms"; }

}  // namespace

void Builder::SetWorkEnd(const std::string& text, const Where& where, Work& work) {
  const std::size_t space = text.find(' ');
  const std::string end = text.substr(0, space);
  work.ends = end == "FAILURE"    ? Work::End::kFailure
              : end == "REJECTED" ? Work::End::kRejected
              : end == "never"    ? Work::End::kNever
                                  : Work::End::kSuccess;
  if (space != std::string::npos) {
    work.code = ParseWordAt<words::ErrorCode>(where, text.substr(space + 1), "error code", report_)
                    .value_or(words::ERROR_CODE_UNSPECIFIED);
  }
}

Work Builder::BuildWork(const Node& node) {
  constexpr std::uint64_t kHundred = 100;
  Work work;
  if (const Node* starts = node.Find("starts")) {
    work.starts = ParseDuration(*starts, report_);
  }
  if (const Node* hold = node.Find("hold")) {
    work.hold = ParseDuration(*hold, report_);
  }
  if (const Node* after = node.Find("after")) {
    work.after = ParseDuration(*after, report_).value_or(work.after);
  }
  if (const Node* progress = node.Find("progress")) {
    for (const Node& item : progress->items) {
      const auto at = ParseDuration(*item.Find("at"), report_);
      const auto percent = ParseCount(*item.Find("percent"), report_, kHundred);
      work.progress.push_back(
          {at.value_or(Milliseconds(0)), static_cast<std::uint32_t>(percent.value_or(0))});
    }
  }
  if (const Node* ends = node.Find("ends")) {
    SetWorkEnd(ends->text, ends->where, work);
  }
  work.stop_on_cancel = node.TextOf("on_cancel") != "ignore";
  work.retryable = node.TextOf("retryable") == "true";
  work.ends_with_life = node.TextOf("ends_with_life") == "true";
  if (work.retryable && work.ends != Work::End::kRejected) {
    Error(node.Find("retryable")->where, ErrorNumber::kSense,
          "retryable says something of REJECTED alone");
  }
  CheckProgress(node, work);
  return work;
}

// When the handler starts; a hold delays that where it is declared.
Milliseconds Builder::StartOf(const Work& work) const {
  const bool holds =
      std::find(case_.lacks.begin(), case_.lacks.end(), "conditional_ack") == case_.lacks.end();
  return work.starts.value_or(holds ? work.hold.value_or(Milliseconds(0)) : Milliseconds(0));
}

// What comes after the end is told by nobody; it ends with the start if that is later (10.4).
void Builder::CheckProgress(const Node& node, const Work& work) {
  const Milliseconds end = std::max(StartOf(work), work.after);
  for (std::size_t i = 0; i < work.progress.size(); ++i) {
    if (work.progress[i].at > end && work.ends != Work::End::kNever) {
      Error(node.Find("progress")->items[i].Find("at")->where, ErrorNumber::kSense,
            "the work ends at " + MillisecondsText(end) +
                ", and nobody tells progress after that: write a later after");
    }
  }
}

}  // namespace cmb::conformance::scenario
