#include "reference/endurance/ledger.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

bool IsOutcome(ack::v1::State state) {
  return state == ack::v1::STATE_COMPLETED_SUCCESS || state == ack::v1::STATE_COMPLETED_FAILURE ||
         state == ack::v1::STATE_TIMEOUT_ABORT;
}

}  // namespace

Executions ReadExecutions(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error(fmt::format("cannot read {}", path));
  }
  Executions executions;
  for (std::string id; std::getline(file, id);) {
    ++executions[id];
  }
  return executions;
}

void Ledger::Sent(const std::string& id) {
  messages_[id];
  ++open_;
}

void Ledger::Take(const ack::v1::Event& event) {
  if (!event.has_transition() || event.transition().role() != ack::v1::ROLE_SENDER) {
    return;
  }
  const auto& transition = event.transition();
  Message& message = messages_[transition.message_id()];
  const bool was_open = !IsOutcome(message.state);
  message.state = transition.new_state();
  message.certainty = transition.certainty();
  message.code = transition.details().error_code();
  const auto state = transition.new_state();
  message.accepted = message.accepted || state == ack::v1::STATE_ROUTED ||
                     state == ack::v1::STATE_DELIVERED || state == ack::v1::STATE_EXECUTING ||
                     state == ack::v1::STATE_COMPLETED_SUCCESS;
  if (was_open && IsOutcome(message.state)) {
    --open_;
  }
}

Totals Ledger::totals() const {
  Totals totals;
  for (const auto& [id, message] : messages_) {
    ++totals.sent;
    totals.accepted += message.accepted ? 1 : 0;
    totals.succeeded += message.state == ack::v1::STATE_COMPLETED_SUCCESS ? 1 : 0;
    const bool failed = message.state == ack::v1::STATE_COMPLETED_FAILURE;
    totals.failed += failed ? 1 : 0;
    totals.interrupted += failed && message.code == ack::v1::ERROR_CODE_INTERRUPTED ? 1 : 0;
    totals.aborted += message.state == ack::v1::STATE_TIMEOUT_ABORT ? 1 : 0;
    totals.open += IsOutcome(message.state) ? 0 : 1;
  }
  return totals;
}

std::vector<std::string> Ledger::Faults(const Executions& executions) const {
  std::vector<std::string> faults;
  for (const auto& [id, times] : executions) {
    if (times > 1) {
      faults.push_back(fmt::format("{} was started {} times", id, times));
    }
    if (!messages_.contains(id)) {
      faults.push_back(fmt::format("{} was started and never sent", id));
    }
  }
  for (const auto& [id, message] : messages_) {
    const bool executed = executions.contains(id);
    const std::string state = wire::Word(message.state);
    if (message.accepted &&
        (!IsOutcome(message.state) || message.state == ack::v1::STATE_TIMEOUT_ABORT)) {
      faults.push_back(fmt::format("{} was accepted and lost: its sender has {}", id, state));
    }
    if (!message.accepted && !IsOutcome(message.state)) {
      faults.push_back(fmt::format("{} has no outcome: its sender has {}", id, state));
    }
    if (message.state == ack::v1::STATE_COMPLETED_SUCCESS && !executed) {
      faults.push_back(fmt::format("{} succeeded and was never started", id));
    }
    if (message.certainty == ack::v1::CERTAINTY_NOT_EXECUTED && executed) {
      faults.push_back(fmt::format("{} was started, and its sender is certain it was not", id));
    }
  }
  return faults;
}

}  // namespace cmb::reference
