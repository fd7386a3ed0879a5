#include "reference/harness/replay_check.h"

#include <fmt/format.h>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

std::string Told(const ack::v1::TransactionRecord& record, bool with_attempt) {
  std::string told = fmt::format("{} ({}) {}", wire::Word(record.state()),
                                 wire::Word(record.reason()), wire::Word(record.certainty()));
  return with_attempt ? fmt::format("{} attempt {}", told, record.attempt()) : told;
}

}  // namespace

void ReplayCheck::Begin(bool recovered) {
  replay_ = Replay();
  first_fault_.reset();
  recovered_ = recovered;
}

void ReplayCheck::Write(const ack::v1::Event& event) {
  if (recovered_ || first_fault_) {
    return;
  }
  if (auto fault = replay_.Apply(event)) {
    first_fault_ = fmt::format("event {}: {}", event.number(), *fault);
  }
}

std::optional<std::string> ReplayCheck::Fault(const Finder& find, std::uint64_t now_ms,
                                              bool timers_are_due) const {
  if (recovered_ || first_fault_) {
    return first_fault_;
  }
  for (const auto& replayed : replay_.Records(now_ms)) {
    const auto record = find(replayed.source(), replayed.message_id());
    if (!record) {
      continue;  // Forgotten since, which no event tells.
    }
    const bool with_attempt = replayed.role() == ack::v1::ROLE_SENDER && !timers_are_due;
    const auto want = Told(*record, with_attempt);
    const auto got = Told(replayed, with_attempt);
    if (want != got) {
      return fmt::format("the events of {} of {} give {}, and its record is {}",
                         replayed.message_id(), replayed.source(), got, want);
    }
  }
  return std::nullopt;
}

}  // namespace cmb::reference
