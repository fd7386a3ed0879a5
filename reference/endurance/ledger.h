// The account of an endurance run: what the sender accepted and was told of each
// message, against what the target really did.
//
//   sender:  notes.Add(SentLine("m1", required)); notes.Add(HasLine("m1", *StandingOf(event)));
//   target:  notes.Add(StartedLine("m1")); … notes.Add(InterruptedLine("m1"));
//   after the run:
//     Ledger ledger;
//     ledger.ReadNotes(file);
//     for (const auto& fault : ledger.Faults(ReadDeeds(other_file))) …
//
// Threads: one owner. Spec: CMB-DUR-001, -004, -005, -006, -009, -010, -011.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

// Where a message stands at its sender.
struct Standing {
  ack::v1::State state = ack::v1::STATE_SEND_PENDING;
  ack::v1::Certainty certainty = ack::v1::CERTAINTY_UNSPECIFIED;
  ack::v1::ErrorCode code = ack::v1::ERROR_CODE_UNSPECIFIED;
};

bool IsOutcome(ack::v1::State state);

// Absent: the event is no transition of a sender.
std::optional<Standing> StandingOf(const ack::v1::Event& event);
Standing StandingOf(const ack::v1::TransactionRecord& record);

// Lines of the sender's notes, without their end: Send has returned; an event or
// the store tells where the message stands.
std::string SentLine(const std::string& id, ack::v1::AckType required);
std::string HasLine(const std::string& id, const Standing& standing);

// Lines of the target's notes: it begins to execute; a restart found that it might
// have.
std::string StartedLine(const std::string& id);
std::string InterruptedLine(const std::string& id);

// What the target did.
struct Deeds {
  std::map<std::string, int> starts{};  // Of each message, how many.
  std::set<std::string> interrupted{};
};

// No file: nothing. Throws std::runtime_error for a file that cannot be read, and
// for a line that is none.
Deeds ReadDeeds(const std::string& path);

struct Totals {
  std::size_t sent = 0;       // On record at the sender.
  std::size_t returned = 0;   // Of these, its Send returned before the sender was killed.
  std::size_t accepted = 0;   // A ROUTER_ACK/SUCCESS, or what implies it, was seen.
  std::size_t entrusted = 0;  // Of these, its Send asked for no more than that.
  std::size_t succeeded = 0;
  std::size_t failed = 0;       // COMPLETED_FAILURE.
  std::size_t interrupted = 0;  // Of these, by INTERRUPTED work.
  std::size_t aborted = 0;      // TIMEOUT_ABORT.
  std::size_t open = 0;         // No outcome yet.
};

class Ledger {
 public:
  // All notes of one sender, over its restarts. What is said later holds: a
  // process that was killed may have told what its store does not have. No file:
  // nothing. Throws std::runtime_error for a file that cannot be read, and for a
  // line that is none.
  void ReadNotes(const std::string& path);

  void Sent(const std::string& id, ack::v1::AckType required);
  void Has(const std::string& id, const Standing& standing);

  Totals totals() const;

  // One sentence each: without an outcome, accepted by the router and given up, or
  // accepted by it and never brought, started more than once, succeeded without a
  // start, started though it is certain that it was not, never sent, one id for two
  // messages.
  std::vector<std::string> Faults(const Deeds& deeds) const;

 private:
  struct Message {
    Standing standing{};
    // What its Send asked for; absent: it did not return.
    std::optional<ack::v1::AckType> required{};
    bool reused = false;    // A Send returned the id of a message that there was.
    bool accepted = false;  // By the router.
  };

  void Read(const std::string& line);
  static std::vector<std::string> FaultsOf(const std::string& id, const Message& message,
                                           const Deeds& deeds);

  std::map<std::string, Message> messages_;
};

}  // namespace cmb::reference
