// The account of an endurance run: what the sender was told of each message,
// against what the target really did.
//
//   ledger.Sent("m1"); … ledger.Take(event) for every event of the sender …
//   for (const auto& fault : ledger.Faults(ReadExecutions(file))) …
//
// Threads: one owner. Spec: CMB-DUR-001, -004, -005, -006, -009.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

// How often the target began to execute each message.
using Executions = std::map<std::string, int>;

// One line of the file is one start. Throws std::runtime_error where it cannot
// be read.
Executions ReadExecutions(const std::string& path);

struct Totals {
  std::size_t sent = 0;
  std::size_t accepted = 0;  // A ROUTER_ACK/SUCCESS, or what implies it, was seen.
  std::size_t succeeded = 0;
  std::size_t failed = 0;       // COMPLETED_FAILURE.
  std::size_t interrupted = 0;  // Of these, by INTERRUPTED work.
  std::size_t aborted = 0;      // TIMEOUT_ABORT.
  std::size_t open = 0;         // No outcome yet.
};

class Ledger {
 public:
  void Sent(const std::string& id);
  // An event of the sender; others are ignored.
  void Take(const ack::v1::Event& event);

  std::size_t open() const { return open_; }
  Totals totals() const;

  // One sentence each: accepted without an outcome, started more than once,
  // succeeded without a start, started though it is certain that it was not.
  std::vector<std::string> Faults(const Executions& executions) const;

 private:
  struct Message {
    ack::v1::State state = ack::v1::STATE_SEND_PENDING;
    ack::v1::Certainty certainty = ack::v1::CERTAINTY_UNSPECIFIED;
    ack::v1::ErrorCode code = ack::v1::ERROR_CODE_UNSPECIFIED;
    bool accepted = false;
  };

  std::map<std::string, Message> messages_;
  std::size_t open_ = 0;
};

}  // namespace cmb::reference
