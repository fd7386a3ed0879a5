// The circuits of chapter 19, one for each target, judged by comparing instants. Values; no
// threads.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "conformance/oracle/tables/sender_record.h"

namespace cmb::conformance::oracle::tables::sender {

class Circuits {
 public:
  explicit Circuits(const control::v1::CircuitSettings& settings) : settings_(settings) {}

  // A message to `target` that is sent now would be refused.
  bool Refuses(const std::string& target, std::uint64_t now_ms) const;
  // The sentence by which it would be refused, or sent; empty: no circuit has a say.
  std::string_view Reason(const std::string& target, std::uint64_t now_ms) const;
  // To another target than this.
  bool AnotherIsOpen(const std::string& target) const;
  // One was refused.
  void Refused(const std::string& target) { circuits_[target].refused = true; }
  // One is sent that was not refused.
  void Sent(const Record& record, std::uint64_t now_ms);
  // An IN_PROGRESS or PROGRESS_ACK took effect of a record that is not terminal (CMB-CBR-005).
  void Started(const Record& record);
  // The record became terminal for the first time.
  void Ended(const Record& record, std::uint64_t now_ms);
  void Clear() { circuits_.clear(); }

 private:
  struct Outcome {
    std::uint64_t at_ms = 0;
    bool failure = false;
  };
  struct Circuit {
    bool closed = true;
    bool refused = false;        // A message, since it opened.
    std::string_view opened_by;  // The sentence; empty: it never was.
    std::uint64_t opened_ms = 0;
    std::deque<Outcome> outcomes;                 // Since it last closed.
    std::map<std::string, std::uint64_t> probes;  // message_id, when it was sent.
    std::optional<Outcome> unheard;               // The last, since it opened, of no probe.
  };

  bool IsFailure(const Record& record, std::uint64_t now_ms) const;
  // What is expected would be otherwise for who heard the outcome of what is no probe
  // (CMB-CBR-009).
  bool WasToBeUnheard(const Circuit& circuit, bool refuses, std::uint64_t now_ms) const;
  bool IsFailureCode(ack::v1::ErrorCode code) const;
  bool MustOpen(const Circuit& circuit, std::uint64_t now_ms) const;
  std::uint64_t OpenMs() const;
  static void Open(Circuit& circuit, std::uint64_t now_ms, std::string_view requirement);
  static void Close(Circuit& circuit);

  control::v1::CircuitSettings settings_;
  std::map<std::string, Circuit> circuits_;  // By target.
};

}  // namespace cmb::conformance::oracle::tables::sender
