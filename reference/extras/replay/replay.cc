#include "reference/extras/replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "proto/wire/words.h"
#include "reference/sinks/event_facts.h"
#include "reference/sinks/json_line.h"

namespace cmb::reference {
namespace {

using ack::v1::Event;
using ack::v1::State;
using wire::Word;

// States in which a record can be made without an event of its own.
bool IsFirst(ack::v1::Role role, State state) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return state == ack::v1::STATE_IDLE;
    case ack::v1::ROLE_ROUTER:
      return state == ack::v1::STATE_FORWARDING || state == ack::v1::STATE_REJECTED;
    case ack::v1::ROLE_TARGET:
      return state == ack::v1::STATE_RECEIVED || state == ack::v1::STATE_CANCELLED;
    default:  // An open enum: a role that is not known has no states.
      return false;
  }
}

// A sender's id is used once; others forget a record in its time, and a late
// copy makes it anew.
bool MayBeginAnew(ack::v1::Role role) { return role != ack::v1::ROLE_SENDER; }

std::ifstream Open(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error(
        fmt::format("cannot read the event log {}: {}", path, std::strerror(errno)));
  }
  if (std::filesystem::is_directory(path)) {
    throw std::runtime_error(
        fmt::format("cannot read the event log {}: it is a directory; name the files", path));
  }
  return file;
}

}  // namespace

Replay::Replayed* Replay::Find(const ReplayKey& key) {
  const auto found = records_.find(key);
  return found == records_.end() ? nullptr : &found->second;
}

std::optional<std::string> Replay::Apply(const Event& event) {
  if (event.number() != last_number_ + 1 && (event.number() != 1 || last_number_ == 0)) {
    return fmt::format("event {} where event {} is expected", event.number(), last_number_ + 1);
  }
  const bool begins_run = event.number() == 1;
  const EventFacts facts = FactsOf(event);
  if (!begins_run && facts.monotonic_ms < last_ms_) {
    return fmt::format("its instant {} ms is before {} ms, that of the event before it",
                       facts.monotonic_ms, last_ms_);
  }
  run_ += begins_run ? 1 : 0;
  std::optional<std::string> fault;
  switch (event.kind_case()) {
    case Event::kTransition:
      fault = Take(event.transition());
      break;
    case Event::kRetry:
      fault = Take(event.retry());
      break;
    case Event::kProgress:
      fault = Take(event.progress());
      break;
    case Event::kAlert:
      fault = Take(event.alert());
      break;
    case Event::kExecution:
      fault = Take(event.execution());
      break;
    case Event::kAnomaly:
      break;  // Changes nothing, by its meaning.
    case Event::KIND_NOT_SET:
      fault = "it is of no kind that is known";
      break;
  }
  if (!fault) {
    last_number_ = event.number();
    last_ms_ = facts.monotonic_ms;
  }
  return fault;
}

std::optional<std::string> Replay::FaultOfOldState(const ack::v1::TransitionEvent& event) const {
  if (event.old_state() == event.new_state()) {
    return fmt::format("it goes from {} to itself", Word(event.old_state()));
  }
  const bool is_first = IsFirst(event.role(), event.old_state());
  const auto found = records_.find({event.role(), event.source(), event.message_id()});
  if (found == records_.end()) {
    // A message attached to work that another one began may reopen it.
    const bool reopens = event.role() == ack::v1::ROLE_TARGET &&
                         event.old_state() == ack::v1::STATE_REJECTED &&
                         event.reason() == ack::v1::REASON_RESEND;
    return is_first || reopens
               ? std::nullopt
               : std::optional(fmt::format("nothing was told of {} before, and {} is no first "
                                           "state of a {}",
                                           event.message_id(), Word(event.old_state()),
                                           Word(event.role())));
  }
  const auto& known = found->second;
  const bool begins_anew = is_first && (MayBeginAnew(event.role()) || known.run != run_);
  if (event.old_state() == known.record.state() || begins_anew) {
    return std::nullopt;
  }
  return fmt::format("{} is in {}, not in {}", event.message_id(), Word(known.record.state()),
                     Word(event.old_state()));
}

std::optional<std::string> Replay::Take(const ack::v1::TransitionEvent& event) {
  if (auto fault = FaultOfOldState(event)) {
    return fault;
  }
  const ReplayKey key{event.role(), event.source(), event.message_id()};
  const auto* known = Find(key);
  Replayed next;
  if (known != nullptr && event.old_state() == known->record.state()) {
    next.record = known->record;
  }
  auto& record = next.record;
  record.set_role(event.role());
  record.set_source(event.source());
  record.set_message_id(event.message_id());
  record.set_target(event.target());
  record.set_channel(event.channel());
  record.set_state(event.new_state());
  record.set_certainty(event.certainty());
  record.set_reason(event.reason());
  record.set_error_code(event.details().error_code());
  record.set_attempt(event.attempt());
  record.set_retry_count(event.retry_count());
  record.set_changed_ms(event.monotonic_ms());
  next.run = run_;
  records_[key] = std::move(next);
  return std::nullopt;
}

std::optional<std::string> Replay::Take(const ack::v1::RetryEvent& event) {
  auto* known = Find({event.role(), event.source(), event.message_id()});
  if (event.role() != ack::v1::ROLE_SENDER) {
    return std::nullopt;  // A router forwards again: no field of the record but a count.
  }
  if (known == nullptr || known->record.state() != ack::v1::STATE_SEND_PENDING) {
    return fmt::format("a retry of {}, which is not in SEND_PENDING", event.message_id());
  }
  known->next_attempt = event.attempt();
  known->next_attempt_ms = event.monotonic_ms() + event.backoff_ms();
  return std::nullopt;
}

std::optional<std::string> Replay::Take(const ack::v1::ProgressEvent& event) {
  const auto* known = Find({event.role(), event.source(), event.message_id()});
  if (known == nullptr || known->record.state() != ack::v1::STATE_EXECUTING) {
    return fmt::format("progress of {}, which is not in EXECUTING", event.message_id());
  }
  return std::nullopt;
}

std::optional<std::string> Replay::Take(const ack::v1::Alert& event) {
  auto* known = Find({ack::v1::ROLE_SENDER, event.source(), event.message_id()});
  if (known == nullptr) {
    return fmt::format("an alert of {}, of which nothing was told", event.message_id());
  }
  const bool is_raised = known->record.alert() != ack::v1::ALERT_STATE_UNSPECIFIED;
  if (is_raised == (event.state() == ack::v1::ALERT_STATE_RAISED)) {
    return fmt::format("the alert of {} is {}, which {} cannot follow", event.message_id(),
                       is_raised ? Word(known->record.alert()) : "not raised", Word(event.state()));
  }
  known->record.set_alert(event.state());
  return std::nullopt;
}

std::optional<std::string> Replay::Take(const ack::v1::Execution& event) {
  auto* known = Find({ack::v1::ROLE_TARGET, event.source(), event.message_id()});
  if (known == nullptr || known->record.state() != ack::v1::STATE_EXECUTING) {
    return fmt::format("an execution of {}, which is not in EXECUTING", event.message_id());
  }
  known->record.set_execution_count(known->record.execution_count() + 1);
  return std::nullopt;
}

std::vector<ack::v1::TransactionRecord> Replay::Records(std::uint64_t now_ms) const {
  std::vector<ack::v1::TransactionRecord> records;
  for (const auto& [key, replayed] : records_) {
    auto& record = records.emplace_back(replayed.record);
    if (replayed.next_attempt > 0 && replayed.next_attempt_ms <= now_ms) {
      record.set_attempt(replayed.next_attempt);
      record.set_retry_count(replayed.next_attempt - 1);
    }
  }
  return records;
}

std::variant<Replay, ReplayFault> ReplayLog(const std::vector<std::string>& paths,
                                            EventSink* also) {
  Replay replay;
  for (const auto& path : paths) {
    std::ifstream file = Open(path);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      const auto event = FromJsonLine(line);
      if (!event) {
        return ReplayFault{path, number, "this is no line of an event log"};
      }
      if (auto fault = replay.Apply(*event)) {
        return ReplayFault{path, number, *std::move(fault)};
      }
      if (also != nullptr) {
        also->Write(*event);
      }
    }
  }
  return replay;
}

}  // namespace cmb::reference
