// One implementation of a system under test: its bench, and what happened at it as a transcript of
// its own, which the oracle judges as any other. Owned by the SystemBench. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/recorder.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::system {

class Part {
 public:
  // `name` is that of its module, but for a second router. `letter`: what is behind the prefix of
  // the case in the ids that it makes, since these must not meet.
  Part(ack::v1::Role role, std::string name, char letter, std::unique_ptr<Bench> bench);

  ack::v1::Role role() const { return role_; }
  const std::string& name() const { return name_; }
  const std::string& module_id() const { return module_id_; }
  const Transcript& transcript() const { return transcript_; }
  Bench& bench() { return *bench_; }
  const Bench& bench() const { return *bench_; }
  bool is_down() const { return is_down_; }

  // What it claims for its role; UNSPECIFIED: it does not play it.
  Result<control::v1::Pics> Claims();
  ack::v1::Profile profile() const;
  const control::v1::Pics& claims() const { return claims_; }

  // The settings of the case as they are for the sender; each part is told its own.
  Result<Done> StartCase(const CaseSettings& of_sender, const std::string& case_id,
                         std::uint64_t seed);

  // Each brings its clock to `now` first, records what came of it, and gives the exchanges.
  Result<StepResult> Take(const std::vector<WireMessage>& frames, VirtualTime now);
  Result<StepResult> Advance(VirtualTime now, control::v1::Fire fire);
  Result<StepResult> Request(const control::v1::Request& request, VirtualTime now);
  Result<StepResult> Disconnect(const std::string& module, VirtualTime now);
  Result<StepResult> Connect(const std::string& module, VirtualTime now);
  // Of the wall clock alone; while it is down the next process finds it so.
  Result<StepResult> JumpWall(std::int64_t by_ms, VirtualTime now);
  Result<Done> Crash(VirtualTime now);
  Result<StepResult> Start(VirtualTime now, std::int64_t wall_jump_ms);

  // A deadline of the protocol is due. A crashed part has none.
  bool IsDue(VirtualTime now) const;
  std::optional<NextDeadline> next_deadline() const;
  void Note(NoteKind kind, const std::string& text, VirtualTime now, const WireMessage* frame);

 private:
  Result<Done> CatchUp(VirtualTime now);
  Result<StepResult> Record(Result<StepResult> result);
  // Of a connection that closed or opened.
  Result<StepResult> RecordChange(Result<StepResult> result);

  ack::v1::Role role_;
  std::string name_;
  char letter_;
  std::string module_id_;
  std::unique_ptr<Bench> bench_;
  control::v1::Pics claims_;
  Transcript transcript_;
  std::optional<engine::Recorder> recorder_;
  bool is_down_ = false;
  std::int64_t wall_jump_ms_ = 0;  // By JumpWall, since the process began.
};

}  // namespace cmb::conformance::system
