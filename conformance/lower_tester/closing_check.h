// Judges what came in answer to the closing PINGs. A pure function; any thread.
// Spec: chapter control channel (closing check).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/control/result.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

// A PING is answered with one PONG, with its nonce, on its path.
inline constexpr char kPongs[] = "CMB-WIRE-011";

struct ClosingPing {
  Path path;
  std::string nonce;
};

// `received`: everything that the IUT says it has sent since the PINGs were put, in the order it
// came; `counted`: how many messages it says that was. PINGs of the IUT are nothing to complain of.
// Absent: each PING was answered by the next frame of its path. Else the sentence of what is wrong.
std::optional<Fault> JudgeClosing(const std::vector<ClosingPing>& pings,
                                  const std::vector<WireMessage>& received, std::uint64_t counted,
                                  const SocketLayout& layout);

}  // namespace cmb::conformance
