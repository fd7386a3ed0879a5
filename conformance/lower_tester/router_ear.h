// Listens to a router on a real clock: which frames came when, what is a PONG of ours, and whether
// everything came at its tick. Owned by BlackBoxBench; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/control/child_process.h"
#include "conformance/lower_tester/wall_sockets.h"

namespace cmb::conformance {

class RouterEar {
 public:
  // Both outlive it.
  RouterEar(WallSockets& sockets, WallFindings& findings)
      : sockets_(sockets), findings_(findings) {}

  // Which ticks there are: `tick_ms` apart, one of them at `base_ms` of WallNow().
  void Begin(std::int64_t base_ms, std::uint64_t tick_ms, std::uint64_t grace_ms);

  // Until that instant of WallNow().
  void ListenUntil(std::int64_t real_ms);

  // A PING on each of these paths, and whatever comes until each is answered. The first that is
  // not within the guard (0: for ever); absent: all are.
  std::optional<Path> Prove(const std::vector<Path>& paths, std::chrono::milliseconds guard);

  // What `peer` says by `frames` of its features, which the next PING of the suite repeats.
  void NoteSaid(const WireMessage& message);

  bool HasHeard() const { return !heard_.empty(); }
  // What came since this was last called, PONGs to the suite apart, sorted as Exchange says.
  std::vector<WireMessage> Take();

  // What came in answer to a PING for a module that is gone: the nonces.
  std::set<std::string>& refused() { return refused_; }
  std::string SendPing(const Path& path, bool& sent);
  void Listen(std::chrono::milliseconds wait);

 private:
  void ReadAll();
  void Hear(WireMessage message);
  // A forward of what was forwarded before: when it comes the router draws.
  bool IsRedelivery(const WireMessage& message);
  void JudgeInstant();

  WallSockets& sockets_;
  WallFindings& findings_;
  std::unique_ptr<ChildProcess> nobody_ = ChildProcess::SomebodyElses();
  std::int64_t base_ms_ = 0;
  std::uint64_t tick_ms_ = kTickMs, grace_ms_ = kGraceMs;
  std::uint64_t pings_ = 0;
  std::map<std::string, Path> open_;  // By nonce.
  std::set<std::string> refused_;
  bool has_answered_ = false;  // A PING of somebody else, since the last proof began.
  std::map<std::string, std::vector<int>> features_;  // By peer.
  std::set<std::string> forwarded_;
  std::vector<WireMessage> heard_;
};

}  // namespace cmb::conformance
