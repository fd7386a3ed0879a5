#include "conformance/check/event_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "conformance/oracle/tables/changes.h"
#include "proto/wire/words.h"

namespace cmb::conformance::check {
namespace {

using ack::v1::Event;
using ack::v1::State;
using wire::Word;

// 7.1. A log does not say what was configured.
constexpr std::uint64_t kKeyWindowMs = 3'600'000;

constexpr char kNotJudged[] =
    "not judged, since no log has it: frames, timers, requests, and what they should have caused; "
    "a work that starts again after the default key window of an hour";

using Name = std::tuple<int, std::string, std::string>;          // Role, source, message_id.
using Work = std::tuple<std::string, std::string, std::string>;  // Source, target, key.

struct Record {
  State state = ack::v1::STATE_UNSPECIFIED;
  std::size_t run = 0;
};

// A failure that an alert is expected to tell of.
struct Failure {
  std::size_t entry = 0;
  std::uint64_t at_ms = 0;
};

// States in which a record begins without an event of its own (CMB-OBS-003).
bool IsFirst(ack::v1::Role role, State state) {
  return (role == ack::v1::ROLE_SENDER && state == ack::v1::STATE_IDLE) ||
         (role == ack::v1::ROLE_ROUTER &&
          (state == ack::v1::STATE_FORWARDING || state == ack::v1::STATE_REJECTED)) ||
         (role == ack::v1::ROLE_TARGET &&
          (state == ack::v1::STATE_RECEIVED || state == ack::v1::STATE_CANCELLED));
}

}  // namespace

std::uint64_t InstantOf(const Event& event) {
  switch (event.kind_case()) {
    case Event::kTransition:
      return event.transition().monotonic_ms();
    case Event::kRetry:
      return event.retry().monotonic_ms();
    case Event::kProgress:
      return event.progress().monotonic_ms();
    case Event::kAnomaly:
      return event.anomaly().monotonic_ms();
    case Event::kAlert:
      return event.alert().monotonic_ms();
    case Event::kExecution:
      return event.execution().monotonic_ms();
    case Event::KIND_NOT_SET:
      return 0;
  }
  return 0;
}

namespace {

template <typename Body>
Name NameOf(ack::v1::Role role, const Body& body) {
  return {static_cast<int>(role), body.source(), body.message_id()};
}

class Judgement {
 public:
  explicit Judgement(const EventLog& log) : log_(log) {}

  EventsJudged Run() {
    for (at_ = 0; at_ < log_.size(); ++at_) {
      Order(log_[at_]);
      Take(log_[at_]);
    }
    SilentFailures();
    std::stable_sort(judged_.findings.begin(), judged_.findings.end(),
                     [](const auto& a, const auto& b) { return a.entry < b.entry; });
    judged_.notes.push_back(kNotJudged);
    return std::move(judged_);
  }

 private:
  void Breach(const char* requirement, const char* rule, const char* holds, std::string seen) {
    oracle::Finding finding{rule, requirement, holds, std::move(seen)};
    finding.entry = at_;
    judged_.findings.push_back(std::move(finding));
  }

  void Order(const Event& event) {
    const bool begins_run = event.number() == 1 || at_ == 0;
    const std::uint64_t now_ms = InstantOf(event);
    if (!begins_run && event.number() != last_number_ + 1) {
      Breach("CMB-OBS-011", "events-numbered", "Events are numbered from 1, rising by 1.",
             fmt::format("event {} after event {}", event.number(), last_number_));
    } else if (!begins_run && now_ms < last_ms_) {
      Breach("CMB-OBS-011", "events-in-order", "Events stand in the order of what happened.",
             fmt::format("{} ms after {} ms", now_ms, last_ms_));
    }
    if (at_ == 0 && event.number() != 1) {
      cut_ = true;
      judged_.notes.push_back(
          fmt::format("the log begins with event {}: what a record was before is taken from the "
                      "first event that names it",
                      event.number()));
    }
    run_ += begins_run ? 1 : 0;
    last_number_ = event.number();
    last_ms_ = now_ms;
  }

  void Take(const Event& event) {
    switch (event.kind_case()) {
      case Event::kTransition:
        return Transition(event.transition());
      case Event::kRetry:
        return Retry(event.retry());
      case Event::kAnomaly:
        return Anomaly(event.anomaly());
      case Event::kAlert:
        return Alert(event.alert());
      case Event::kExecution:
        return Execution(event.execution());
      case Event::kProgress:
      case Event::KIND_NOT_SET:
        return;
    }
  }

  void Transition(const ack::v1::TransitionEvent& event) {
    const std::string change =
        fmt::format("'{}' {} -> {} ({})", event.message_id(), Word(event.old_state()),
                    Word(event.new_state()), Word(event.reason()));
    const auto reasons =
        oracle::tables::ReasonsOf(event.role(), event.old_state(), event.new_state());
    if (event.old_state() == event.new_state()) {
      Breach("CMB-OBS-002", "changes-change", "A transition leads to another state.", change);
    } else if (reasons.empty()) {
      Breach("CMB-OBS-013", "changes-of-the-table",
             "Each change of state is one that the table of the machine has.", change);
    } else if (!reasons.contains(event.reason())) {
      Breach("CMB-OBS-013", "reasons-of-the-table",
             "Each change of state has a reason that the table of the machine has.", change);
    }
    Chain(event, change);
    records_[NameOf(event.role(), event)] = {event.new_state(), run_};
    Failed(event);
  }

  void Chain(const ack::v1::TransitionEvent& event, const std::string& change) {
    const bool is_first = IsFirst(event.role(), event.old_state());
    const auto known = records_.find(NameOf(event.role(), event));
    std::string wrong;
    if (known == records_.end()) {
      // A message attached to the work of another one may reopen it (6.3).
      const bool reopens = event.reason() == ack::v1::REASON_RESEND;
      wrong = cut_ || is_first || reopens ? "" : "which nothing was told of before";
    } else if (event.old_state() != known->second.state) {
      // A record that was forgotten begins anew; a sender's id is used once in a life.
      const bool anew =
          is_first && (event.role() != ack::v1::ROLE_SENDER || known->second.run != run_);
      wrong = anew ? "" : "which was in " + Word(known->second.state);
    }
    if (!wrong.empty()) {
      Breach("CMB-OBS-012", "chain-unbroken",
             "Each change begins in the state in which the one before ended.",
             change + ", " + wrong);
    }
  }

  void Failed(const ack::v1::TransitionEvent& event) {
    const bool failed = event.new_state() == ack::v1::STATE_COMPLETED_FAILURE ||
                        event.new_state() == ack::v1::STATE_TIMEOUT_ABORT;
    if (event.role() == ack::v1::ROLE_SENDER && failed &&
        event.reason() != ack::v1::REASON_CANCEL) {
      failures_.try_emplace(NameOf(event.role(), event), Failure{at_, event.monotonic_ms()});
    }
  }

  void Retry(const ack::v1::RetryEvent& event) {
    const auto known = records_.find(NameOf(event.role(), event));
    if (event.role() == ack::v1::ROLE_SENDER && known != records_.end() &&
        known->second.state != ack::v1::STATE_SEND_PENDING) {
      Breach("CMB-OBS-013", "retries-of-the-table", "A sender's retry waits in SEND_PENDING.",
             fmt::format("a retry of '{}', which is in {}", event.message_id(),
                         Word(known->second.state)));
    }
  }

  void Anomaly(const ack::v1::Anomaly& event) {
    if (event.kind() == ack::v1::ANOMALY_KIND_CONFLICT) {
      judged_.notes.push_back(
          fmt::format("line {}: CONFLICT, two ends of '{}' were told; the later one came from '{}'",
                      at_ + 1, event.message_id(), event.peer()));
    }
  }

  void Alert(const ack::v1::Alert& event) {
    const Name name = NameOf(ack::v1::ROLE_SENDER, event);
    const auto [before, is_new] = alerts_.try_emplace(name, event.state());
    const bool raised = event.state() == ack::v1::ALERT_STATE_RAISED;
    if (raised != is_new && !(is_new && cut_)) {
      Breach("CMB-OBS-008", "one-alert-per-failure",
             "A failure raises one alert, which is updated and resolved afterwards.",
             fmt::format("the alert of '{}' is {}, {}", event.message_id(), Word(event.state()),
                         is_new ? "and was not raised" : "and was " + Word(before->second)));
    }
    before->second = event.state();
  }

  void Execution(const ack::v1::Execution& event) {
    const Work work{event.source(), event.target(), event.idempotency_key()};
    const auto [before, is_new] = starts_.try_emplace(work, std::make_pair(run_, last_ms_));
    if (!is_new && before->second.first == run_ &&
        last_ms_ - before->second.second <= kKeyWindowMs) {
      Breach("CMB-DUP-003", "executed-once", "The handler of one work starts once.",
             fmt::format("the work '{}' of {} starts again, by '{}'", event.idempotency_key(),
                         event.source(), event.message_id()));
    }
    before->second = {run_, last_ms_};
  }

  // The last instant may have been cut off before its alert.
  void SilentFailures() {
    for (const auto& [name, failure] : failures_) {
      if (!alerts_.contains(name) && failure.at_ms < last_ms_) {
        at_ = failure.entry;
        Breach("CMB-OBS-008", "one-alert-per-failure",
               "A failure raises one alert, which is updated and resolved afterwards.",
               fmt::format("no alert of '{}' stands in the log", std::get<2>(name)));
      }
    }
  }

  const EventLog& log_;
  EventsJudged judged_;
  std::size_t at_ = 0;
  std::size_t run_ = 0;  // Processes so far.
  std::uint64_t last_number_ = 0, last_ms_ = 0;
  bool cut_ = false;  // The log does not begin with the first event.
  std::map<Name, Record> records_;
  std::map<Name, Failure> failures_;
  std::map<Name, ack::v1::AlertState> alerts_;
  std::map<Work, std::pair<std::size_t, std::uint64_t>> starts_;
};

}  // namespace

EventsJudged JudgeEvents(const EventLog& log) { return Judgement(log).Run(); }

}  // namespace cmb::conformance::check
