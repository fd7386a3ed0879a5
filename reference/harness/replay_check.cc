#include "reference/harness/replay_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

std::string Told(const ack::v1::TransactionRecord& record) {
  return fmt::format("{} ({}) {} attempt {}", wire::Word(record.state()),
                     wire::Word(record.reason()), wire::Word(record.certainty()), record.attempt());
}

// A copy makes no event, and neither does an ACK that proves more of a record
// that has ended, or that a proof about it was wrong: attempt and certainty may have
// risen since the last event.
bool Gives(const ack::v1::TransactionRecord& replayed, const ack::v1::TransactionRecord& record) {
  return replayed.state() == record.state() && replayed.reason() == record.reason() &&
         replayed.attempt() <= record.attempt() &&
         (replayed.certainty() == record.certainty() ||
          replayed.certainty() == ack::v1::CERTAINTY_UNKNOWN ||
          record.certainty() == ack::v1::CERTAINTY_EXECUTED);
}

// A message that came back after a refusal and found its key with other work has that
// work's record (CMB-DUP-010), and its events name the message that made it; those of work
// that several messages bring name the one that made or last reopened it. Attempts are each
// message's own.
bool AnotherGives(const std::vector<ack::v1::TransactionRecord>& replayed,
                  const ack::v1::TransactionRecord& record) {
  return record.role() == ack::v1::ROLE_TARGET &&
         std::any_of(replayed.begin(), replayed.end(), [&record](const auto& other) {
           return other.source() == record.source() && other.state() == record.state() &&
                  other.reason() == record.reason();
         });
}

// A router or target that has forgotten a record, which no event tells, makes it anew
// without one where it begins.
bool IsMadeAnew(const ack::v1::TransactionRecord& record) {
  return record.role() != ack::v1::ROLE_SENDER && record.reason() == ack::v1::REASON_UNSPECIFIED;
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

std::optional<std::string> ReplayCheck::Fault(const Finder& find) const {
  if (recovered_ || first_fault_) {
    return first_fault_;
  }
  // At the instant of the last event, no wait that it tells of is over yet.
  const auto all = replay_.Records(replay_.last_ms());
  for (const auto& replayed : all) {
    const auto record = find(replayed.source(), replayed.message_id());
    // Without: forgotten, which no event tells.
    if (record && !IsMadeAnew(*record) && !Gives(replayed, *record) &&
        !AnotherGives(all, *record)) {
      return fmt::format("the events of {} of {} give {}, and its record is {}",
                         replayed.message_id(), replayed.source(), Told(replayed), Told(*record));
    }
  }
  return std::nullopt;
}

}  // namespace cmb::reference
