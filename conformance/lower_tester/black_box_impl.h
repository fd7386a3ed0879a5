// What black_box_bench.cc and black_box_play.cc share: the sockets of one case, and its clock.
// Included by these two alone.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "conformance/lower_tester/black_box_bench.h"
#include "conformance/lower_tester/router_ear.h"

namespace cmb::conformance {

inline Trouble TroubleOf(TroubleKind kind, std::string sentence, std::string requirement = "") {
  Trouble trouble;
  trouble.kind = kind;
  trouble.sentence = std::move(sentence);
  trouble.requirement = std::move(requirement);
  return trouble;
}

struct BlackBoxBench::Impl {
  explicit Impl(BlackBoxOptions of) : options(std::move(of)) {}

  Result<Done> Open(const CaseSettings& settings, std::chrono::milliseconds guard);
  std::string AddressOf(const std::string& channel) const;
  std::optional<std::string> ConnectAll(const std::vector<std::string>& channels);
  std::int64_t Real(std::uint64_t ms) const;
  std::vector<Path> PathsOf(const std::vector<WireMessage>& messages) const;
  Result<Done> HandOver(const std::vector<WireMessage>& messages);
  Result<Done> ProveAll();
  Result<Done> Play(std::uint64_t to);
  // How long after their instant messages were handed over.
  void NoteAct(std::int64_t late_ms);
  StepResult Tell(const control::v1::Request& request);
  Result<StepResult> ProveGone(const std::string& module);

  BlackBoxOptions options;
  bool answered = false;  // Once.
  zmq::context_t context;
  WallPace pace;
  WallFindings findings;
  std::unique_ptr<WallSockets> sockets;
  std::unique_ptr<RouterEar> ear;
  std::uint64_t begin_ms = 0, now_ms = 0;  // Protocol time.
  std::int64_t base_ms = 0;                // WallNow() at the beginning.
  std::int64_t acted_late_ms = 0;          // The latest so far, of its instant.
  std::vector<WireMessage> injected;       // As the case has them.
};

}  // namespace cmb::conformance
