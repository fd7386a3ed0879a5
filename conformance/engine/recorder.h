// Writes what happens in a case into its transcript and turns what the IUT did
// into items. Called by the timeline for every exchange. One thread. Spec:
// chapter conformance.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/engine/case_result.h"
#include "conformance/engine/item.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::engine {

class Recorder {
 public:
  // `transcript` outlives the recorder.
  Recorder(Transcript& transcript, SocketLayout layout);

  // Entries are of this step from now on: an index into the scenario's steps,
  // kGivenStep or kClosingStep.
  void SetStep(int step) { step_ = step; }
  void MarkStep(int line, const std::string& text, std::uint64_t now_ms);

  // Of what is recorded next.
  Moment Next(std::uint64_t now_ms) const { return {transcript_.entries.size(), now_ms}; }

  // Records one exchange, inputs before outputs, and returns what the IUT sent
  // (PINGs of its own apart) and reported, in order.
  std::vector<Item> Record(const Exchange& exchange);

  // The process crashed; it started, and this is the exchange of its Begin.
  void Crashed(std::uint64_t now_ms);
  std::vector<Item> Started(const Exchange& begin);

  void Note(NoteKind kind, std::string text, std::uint64_t now_ms,
            const WireMessage* frame = nullptr);

 private:
  void Append(std::uint64_t at_ms, What what);
  std::vector<Item> RecordHere(const Exchange& exchange);
  bool IsOwnPing(const Item& item) const;
  DataFrame Make(Direction direction, const WireMessage& message) const;

  Transcript& transcript_;
  SocketLayout layout_;
  int step_ = kGivenStep;
  std::uint64_t exchange_ = 0;
};

}  // namespace cmb::conformance::engine
