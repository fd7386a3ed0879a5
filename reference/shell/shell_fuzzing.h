// What the fuzz targets of both shells share: time that passes at a bench, and what holds
// of everything that a shell tells and sends. Header only, as its users are fuzz targets.
#pragma once

#include <algorithm>
#include <cstdint>

#include "proto/wire/fuzzing.h"
#include "reference/extras/replay/replay.h"
#include "reference/shell/shell_test_frames.h"

namespace cmb::reference {

template <typename Bench>
bool FireBefore(Bench& bench, std::uint64_t end) {
  for (const auto each : {lifecycle::TimerClass::kHousekeeping, lifecycle::TimerClass::kProtocol}) {
    const auto next = bench.shell.NextTimer(each);
    const auto at = next ? static_cast<std::uint64_t>(lifecycle::MsOf(next->deadline)) : end + 1;
    if (at <= end) {
      bench.clock.SetNowMs(std::max(bench.clock.NowMs(), at));
      wire::MustHold(bench.shell.FireNext(each), "a timer that is due fires");
      bench.shell.Commit();
      return true;
    }
  }
  return false;
}

// 2 to the power of `exponent` ms pass; every timer fires at its own instant.
template <typename Bench>
void Pass(Bench& bench, int exponent) {
  const auto end = bench.clock.NowMs() + (std::uint64_t{1} << exponent);
  for (int fired = 0; FireBefore(bench, end); ++fired) {
    wire::MustHold(fired < 10000, "timers come to an end");
  }
  bench.clock.SetNowMs(end);
}

inline constexpr int kManyAnomalies = 1000;

// A header that arrives, and how many anomalies it may cause: its answer may be lost. It alone
// decides whether it is a batch, of which each ACK is judged.
template <typename Bench>
int Hand(Bench& bench, std::size_t socket, const std::string& peer, std::string_view header) {
  bench.shell.Handle(Arriving(socket, peer, {std::string(header), "payload"}));
  ack::v1::CognitiveMessage read;
  return !wire::DecodeHeader(header, read) && read.has_ack_batch() ? kManyAnomalies : 2;
}

class ShellWitness {
 public:
  // `anomalies`: how many there may be since the last look.
  template <typename Bench>
  void Look(Bench& bench, int anomalies) {
    bench.shell.Commit();
    for (const auto& event : bench.events.Take()) {
      anomalies -= event.has_anomaly() ? 1 : 0;
      wire::MustHold(!replay_.Apply(event), "the events replay");
    }
    wire::MustHold(anomalies >= 0, "one frame is one anomaly at most");
    for (const auto& sent : bench.sockets.sent()) {
      wire::MustHold(sent.header.schema_version() != 0, "what is written is a header");
    }
    bench.sockets.Forget();
  }

 private:
  Replay replay_;
};

}  // namespace cmb::reference
