#include "conformance/oracle/tables/sender_circuit.h"

#include <algorithm>
#include <array>

namespace cmb::conformance::oracle::tables::sender {
namespace {

// Neither (19.1).
bool HasNoOutcome(const Record& record) {
  return record.attempt == 0 || record.reason == ack::v1::REASON_CANCEL;
}

}  // namespace

std::uint64_t Circuits::OpenMs() const {
  return settings_.has_open_ms() ? settings_.open_ms() : 30'000;
}

bool Circuits::Refuses(const std::string& target, std::uint64_t now_ms) const {
  const auto found = circuits_.find(target);
  if (found == circuits_.end() || found->second.closed) {
    return false;
  }
  const Circuit& circuit = found->second;
  if (now_ms < Later(circuit.opened_ms, OpenMs())) {
    return true;
  }
  return std::any_of(circuit.probes.begin(), circuit.probes.end(),
                     [&](const auto& probe) { return now_ms < Later(probe.second, OpenMs()); });
}

std::string_view Circuits::Reason(const std::string& target, std::uint64_t now_ms) const {
  const auto found = circuits_.find(target);
  if (found == circuits_.end()) {
    return "";
  }
  const Circuit& circuit = found->second;
  if (WasToBeUnheard(circuit, Refuses(target, now_ms), now_ms)) {
    return "CMB-CBR-009";
  }
  if (!circuit.closed) {
    const bool open = now_ms < Later(circuit.opened_ms, OpenMs());
    return !open             ? Refuses(target, now_ms) ? "CMB-CBR-007" : "CMB-CBR-004"
           : circuit.refused ? "CMB-CBR-003"
                             : circuit.opened_by;
  }
  const bool failed = std::any_of(circuit.outcomes.begin(), circuit.outcomes.end(),
                                  [](const Outcome& outcome) { return outcome.failure; });
  return failed ? "CMB-CBR-001" : circuit.opened_by.empty() ? "" : "CMB-CBR-005";
}

bool Circuits::WasToBeUnheard(const Circuit& circuit, bool refuses, std::uint64_t now_ms) const {
  return circuit.unheard &&
         (circuit.unheard->failure ? !refuses && now_ms < Later(circuit.unheard->at_ms, OpenMs())
                                   : refuses);
}

bool Circuits::AnotherIsOpen(const std::string& target) const {
  return std::any_of(circuits_.begin(), circuits_.end(), [&](const auto& circuit) {
    return circuit.first != target && !circuit.second.closed;
  });
}

void Circuits::Sent(const Record& record, std::uint64_t now_ms) {
  Circuit& circuit = circuits_[record.target()];
  if (!circuit.closed) {
    circuit.probes[record.message_id] = now_ms;
  }
}

void Circuits::Started(const Record& record) {
  Circuit& circuit = circuits_[record.target()];
  if (circuit.probes.count(record.message_id) != 0) {
    Close(circuit);
  }
}

void Circuits::Open(Circuit& circuit, std::uint64_t now_ms, std::string_view requirement) {
  circuit.opened_by = requirement;
  circuit.refused = false;
  circuit.closed = false;
  circuit.opened_ms = now_ms;
  circuit.probes.clear();
  circuit.unheard.reset();
}

void Circuits::Close(Circuit& circuit) {
  circuit.closed = true;
  circuit.outcomes.clear();
  circuit.probes.clear();
  circuit.unheard.reset();
}

bool Circuits::IsFailureCode(ack::v1::ErrorCode code) const {
  constexpr std::array kDefault = {
      ack::v1::ERROR_CODE_AGENT_UNAVAILABLE, ack::v1::ERROR_CODE_AGENT_SHUTDOWN,
      ack::v1::ERROR_CODE_OVERLOADED,        ack::v1::ERROR_CODE_BUFFER_FULL,
      ack::v1::ERROR_CODE_NO_ROUTE,          ack::v1::ERROR_CODE_ACK_TIMEOUT,
      ack::v1::ERROR_CODE_TOOL_TIMEOUT,      ack::v1::ERROR_CODE_INTERRUPTED,
      ack::v1::ERROR_CODE_PARTIAL_DELIVERY,  ack::v1::ERROR_CODE_INTERNAL_ERROR};
  const auto& own = settings_.failure_codes();
  return own.empty() ? std::count(kDefault.begin(), kDefault.end(), code) != 0
                     : std::count(own.begin(), own.end(), static_cast<int>(code)) != 0;
}

bool Circuits::IsFailure(const Record& record, std::uint64_t now_ms) const {
  switch (record.state) {
    case ack::v1::STATE_COMPLETED_SUCCESS:
      return settings_.has_slow_ms() && now_ms > Later(record.created_ms, settings_.slow_ms());
    case ack::v1::STATE_COMPLETED_FAILURE:
      return IsFailureCode(record.error_code);
    default:  // open enum; TIMEOUT_ABORT for another reason than CANCEL.
      return true;
  }
}

// CMB-CBR-001.
bool Circuits::MustOpen(const Circuit& circuit, std::uint64_t now_ms) const {
  const std::uint64_t window_ms = settings_.has_window_ms() ? settings_.window_ms() : 60'000;
  const std::size_t last = settings_.has_outcomes() ? settings_.outcomes() : 10;
  const std::size_t least = settings_.has_failures() ? settings_.failures() : 5;
  std::size_t all = 0, failures = 0;
  for (auto one = circuit.outcomes.rbegin(); one != circuit.outcomes.rend() && all < last; ++one) {
    if (now_ms > Later(one->at_ms, window_ms)) {
      break;
    }
    ++all;
    failures += one->failure ? 1 : 0;
  }
  return failures >= least && failures * 2 >= all;
}

void Circuits::Ended(const Record& record, std::uint64_t now_ms) {
  Circuit& circuit = circuits_[record.target()];
  const bool probe = circuit.probes.erase(record.message_id) != 0;
  if (HasNoOutcome(record)) {
    return;
  }
  const bool failure = IsFailure(record, now_ms);
  if (!circuit.closed && !probe) {
    circuit.unheard = {now_ms, failure};
    return;
  }
  if (probe && failure) {
    return Open(circuit, now_ms, "CMB-CBR-006");
  }
  if (probe) {
    Close(circuit);  // CMB-CBR-005: the success is the first outcome after it.
  }
  circuit.outcomes.push_back({now_ms, failure});
  const bool shutdown = record.error_code == ack::v1::ERROR_CODE_AGENT_SHUTDOWN;
  if (failure && (shutdown || MustOpen(circuit, now_ms))) {
    Open(circuit, now_ms, shutdown ? "CMB-CBR-002" : "CMB-CBR-001");
  }
}

}  // namespace cmb::conformance::oracle::tables::sender
