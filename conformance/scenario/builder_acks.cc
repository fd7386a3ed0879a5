// ack and batch (scenario language, section 5).
#include <algorithm>
#include <utility>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/terms.h"

namespace cmb::conformance::scenario {
namespace {

std::optional<std::uint32_t> Count(const Node& node, const char* key, std::uint64_t max,
                                   Report& report) {
  const Node* value = node.Find(key);
  const auto count = value == nullptr ? std::nullopt : ParseCount(*value, report, max);
  return count ? std::optional<std::uint32_t>(static_cast<std::uint32_t>(*count)) : std::nullopt;
}

}  // namespace

std::optional<Step::Action> Builder::BuildAck(const Node& node) {
  constexpr std::uint64_t kHundred = 100;
  AckAct ack;
  const auto term = ParseTerm(*node.Find("ack"), TermUse::kAct, report_);
  ack.of = OfOrOnly(node);
  ack.by = LowerTesterModule(node, "by");
  ack.attempt = Count(node, "attempt", kMostAttempts, report_);
  ack.percent = Count(node, "percent", kHundred, report_);
  if (const Node* hold = node.Find("hold")) {
    ack.hold = ParseDuration(*hold, report_);
  }
  if (const Node* payload = node.Find("payload")) {
    ack.payload = ParsePayload(*payload, report_);
  }
  if (const Node* set = node.Find("set")) {
    ack.set = Changes(*set);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    ack.corrupt = ParseHarm(*corrupt, report_);
  }
  ack.on = Socket(node);
  if (!term) {
    return std::nullopt;
  }
  ack.term = *term;
  CheckAuthor(node, ack);
  return ack;
}

// Without `by` the rightful author speaks, and that must not be the IUT.
void Builder::CheckAuthor(const Node& node, const AckAct& ack) {
  if (!ack.by.empty() || node.Find("by") != nullptr) {
    return;
  }
  for (const std::string& alias : ack.of) {
    const auto message = case_.messages.find(alias);
    if (message == case_.messages.end()) {
      continue;
    }
    const std::string author = RightfulAuthor(case_.role, ack.term, message->second);
    if (IsIut(author)) {
      Error(node.where, ErrorNumber::kModule,
            ack.term.text + " is the " + author +
                "'s to send, which is the implementation under test; write by: for a forgery");
      return;
    }
  }
}

// One header has one author, one payload and one socket; its ACKs share them.
std::optional<Step::Action> Builder::BuildBatch(const Node& node) {
  Batch batch;
  for (const Node& member : node.Find("batch")->items) {
    if (member.Find("ack") == nullptr &&
        (&member == &node.Find("batch")->items.front() || member.Find("encoded") == nullptr)) {
      Error(member.where, ErrorNumber::kSense,
            "batch is a list of ack, and encoded behind the first");
      return std::nullopt;
    }
    for (const char* key : {"by", "payload", "corrupt", "on"}) {
      if (const Node* beside = member.Find(key)) {
        Error(beside->where, ErrorNumber::kShape,
              std::string(key) + " is the whole frame's: it stands beside batch, if anywhere");
      }
    }
  }
  batch.acks = BuildSteps(*node.Find("batch"), Place::kBatch);
  for (const Step& step : batch.acks) {
    const auto* ack = std::get_if<AckAct>(&step.action);
    for (const SetField& change : ack == nullptr ? std::vector<SetField>() : ack->set) {
      if (!change.path.starts_with("ack.")) {
        Error(change.where, ErrorNumber::kShape,
              "in a batch a member's set changes fields of its ack; " + change.path +
                  " is the whole frame's");
      }
    }
  }
  batch.by = LowerTesterModule(node, "by");
  if (const Node* set = node.Find("set")) {
    batch.set = Changes(*set);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    batch.corrupt = ParseHarm(*corrupt, report_);
  }
  batch.on = Socket(node);
  return batch;
}

}  // namespace cmb::conformance::scenario
