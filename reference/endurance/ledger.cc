#include "reference/endurance/ledger.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

// A process that was killed before it could note anything made no file.
void ReadLines(const std::string& path, const std::function<void(const std::string&)>& take) {
  if (!std::filesystem::exists(path)) {
    return;
  }
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error(fmt::format("cannot read {}", path));
  }
  for (std::string line; std::getline(file, line);) {
    take(line);
  }
}

// Only a ROUTER_ACK/SUCCESS, or what implies it, leads to these.
bool ImpliesAcceptance(ack::v1::State state) {
  return state == ack::v1::STATE_ROUTED || state == ack::v1::STATE_DELIVERED ||
         state == ack::v1::STATE_EXECUTING || state == ack::v1::STATE_COMPLETED_SUCCESS;
}

}  // namespace

bool IsOutcome(ack::v1::State state) {
  return state == ack::v1::STATE_COMPLETED_SUCCESS || state == ack::v1::STATE_COMPLETED_FAILURE ||
         state == ack::v1::STATE_TIMEOUT_ABORT;
}

std::optional<Standing> StandingOf(const ack::v1::Event& event) {
  if (!event.has_transition() || event.transition().role() != ack::v1::ROLE_SENDER) {
    return std::nullopt;
  }
  const auto& transition = event.transition();
  return Standing{transition.new_state(), transition.certainty(),
                  transition.details().error_code()};
}

Standing StandingOf(const ack::v1::TransactionRecord& record) {
  return {record.state(), record.certainty(), record.error_code()};
}

std::string SentLine(const std::string& id, ack::v1::AckType required) {
  return fmt::format("sent {} {}", id, ack::v1::AckType_Name(required));
}

std::string HasLine(const std::string& id, const Standing& standing) {
  return fmt::format("has {} {} {} {}", id, ack::v1::State_Name(standing.state),
                     ack::v1::Certainty_Name(standing.certainty),
                     ack::v1::ErrorCode_Name(standing.code));
}

std::string StartedLine(const std::string& id) { return "started " + id; }

std::string InterruptedLine(const std::string& id) { return "interrupted " + id; }

Deeds ReadDeeds(const std::string& path) {
  Deeds deeds;
  ReadLines(path, [&](const std::string& line) {
    const auto id = line.substr(line.find(' ') + 1);
    if (line == StartedLine(id)) {
      ++deeds.starts[id];
    } else if (line == InterruptedLine(id)) {
      deeds.interrupted.insert(id);
    } else {
      throw std::runtime_error(fmt::format("\"{}\" is no line of a target's notes", line));
    }
  });
  return deeds;
}

void Ledger::ReadNotes(const std::string& path) {
  ReadLines(path, [this](const std::string& line) { Read(line); });
}

void Ledger::Read(const std::string& line) {
  std::istringstream words(line);
  std::string kind;
  std::string id;
  std::string state;  // Or what was asked for.
  std::string certainty;
  std::string code;
  words >> kind >> id >> state >> certainty >> code;
  Standing standing;
  auto required = ack::v1::ACK_TYPE_UNSPECIFIED;
  if (kind == "sent" && ack::v1::AckType_Parse(state, &required)) {
    Sent(id, required);
  } else if (kind == "has" && ack::v1::State_Parse(state, &standing.state) &&
             ack::v1::Certainty_Parse(certainty, &standing.certainty) &&
             ack::v1::ErrorCode_Parse(code, &standing.code)) {
    Has(id, standing);
  } else {
    throw std::runtime_error(fmt::format("\"{}\" is no line of a sender's notes", line));
  }
}

void Ledger::Sent(const std::string& id, ack::v1::AckType required) {
  const auto [message, is_new] = messages_.try_emplace(id);
  message->second.required = required;
  message->second.reused = !is_new;
}

void Ledger::Has(const std::string& id, const Standing& standing) {
  Message& message = messages_[id];
  message.standing = standing;
  message.accepted = message.accepted || ImpliesAcceptance(standing.state);
}

Totals Ledger::totals() const {
  Totals totals;
  for (const auto& [id, message] : messages_) {
    const auto state = message.standing.state;
    ++totals.sent;
    totals.returned += message.required ? 1 : 0;
    totals.accepted += message.accepted ? 1 : 0;
    totals.entrusted +=
        message.accepted && message.required == ack::v1::ACK_TYPE_ROUTER_ACK ? 1 : 0;
    totals.succeeded += state == ack::v1::STATE_COMPLETED_SUCCESS ? 1 : 0;
    const bool failed = state == ack::v1::STATE_COMPLETED_FAILURE;
    totals.failed += failed ? 1 : 0;
    totals.interrupted +=
        failed && message.standing.code == ack::v1::ERROR_CODE_INTERRUPTED ? 1 : 0;
    totals.aborted += state == ack::v1::STATE_TIMEOUT_ABORT ? 1 : 0;
    totals.open += IsOutcome(state) ? 0 : 1;
  }
  return totals;
}

std::vector<std::string> Ledger::Faults(const Deeds& deeds) const {
  std::vector<std::string> faults;
  for (const auto& [id, times] : deeds.starts) {
    if (times > 1) {
      faults.push_back(fmt::format("{} was started {} times", id, times));
    }
    if (!messages_.contains(id)) {
      faults.push_back(fmt::format("{} was started and never sent", id));
    }
  }
  for (const auto& [id, message] : messages_) {
    for (auto& fault : FaultsOf(id, message, deeds)) {
      faults.push_back(std::move(fault));
    }
  }
  return faults;
}

std::vector<std::string> Ledger::FaultsOf(const std::string& id, const Message& message,
                                          const Deeds& deeds) {
  std::vector<std::string> faults;
  const bool started = deeds.starts.contains(id);
  const auto state = message.standing.state;
  const std::string word = wire::Word(state);
  if (message.reused) {
    faults.push_back(fmt::format("{} is the id of two messages", id));
  }
  if (message.accepted && (!IsOutcome(state) || state == ack::v1::STATE_TIMEOUT_ABORT)) {
    faults.push_back(fmt::format("{} was accepted and lost: its sender has {}", id, word));
  }
  if (!message.accepted && !IsOutcome(state)) {
    faults.push_back(fmt::format("{} has no outcome: its sender has {}", id, word));
  }
  if (state == ack::v1::STATE_COMPLETED_SUCCESS && !started) {
    // The target may have been killed between its record of the start and the start.
    if (message.required == ack::v1::ACK_TYPE_EXECUTION_ACK) {
      faults.push_back(fmt::format("{} succeeded and was never started", id));
    } else if (!deeds.interrupted.contains(id)) {
      faults.push_back(fmt::format("{} was accepted by the router, and never came", id));
    }
  }
  if (message.standing.certainty == ack::v1::CERTAINTY_NOT_EXECUTED && started) {
    faults.push_back(fmt::format("{} was started, and its sender is certain it was not", id));
  }
  return faults;
}

}  // namespace cmb::reference
