#include "conformance/wall/ties.h"

#include <algorithm>
#include <set>
#include <variant>

namespace cmb::conformance::wall {
namespace {

using scenario::Milliseconds;

std::set<std::uint64_t> InstantsOf(const Transcript& transcript) {
  std::set<std::uint64_t> instants;
  for (const Entry& entry : transcript.entries) {
    instants.insert(entry.at_ms);
  }
  return instants;
}

// No timer shows the instants that a circuit compares (19).
bool IsCircuitTie(const scenario::Case& one, const Transcript& transcript) {
  if (one.config.circuit == scenario::Circuit{} && !Needs(one, "circuit_breaker")) {
    return false;
  }
  const auto& circuit = transcript.header.settings.circuit();
  const std::set<std::uint64_t> instants = InstantsOf(transcript);
  const std::uint64_t window_ms = circuit.has_window_ms() ? circuit.window_ms() : 60'000;
  const std::uint64_t open_ms = circuit.has_open_ms() ? circuit.open_ms() : 30'000;
  return std::any_of(instants.begin(), instants.end(), [&](std::uint64_t at) {
    return instants.contains(at + window_ms) || instants.contains(at + open_ms) ||
           (circuit.slow_ms() != 0 && instants.contains(at + circuit.slow_ms()));
  });
}

Milliseconds LengthOf(const scenario::Step& step) {
  if (const auto* advance = std::get_if<scenario::Advance>(&step.action)) {
    return advance->by;
  }
  const auto* look = std::get_if<scenario::Expect>(&step.action);
  return look != nullptr && look->in ? look->in->high : Milliseconds(0);
}

// A CANCEL at the last instant of a window is sent, and one after it is not even armed
// (CMB-CXL-015).
bool IsWindowTie(const scenario::Case& one) {
  const Milliseconds window = one.config.reconcile_window.value_or(Milliseconds(300'000));
  std::optional<Milliseconds> since;
  for (const scenario::Step& step : one.steps) {
    if (std::holds_alternative<scenario::CancelMessages>(step.action)) {
      since = Milliseconds(0);
    } else if (since && LengthOf(step) != Milliseconds(0)) {
      since = *since + LengthOf(step);
      if (*since == window) {
        return true;
      }
    }
  }
  return false;
}

bool Tells(const ack::v1::Ack& ack, std::uint64_t at_ms, const std::set<std::uint64_t>& instants) {
  return ack.has_memory_ms() && ack.memory_ms() != 0 && ack.memory_ms() <= at_ms &&
         instants.contains(at_ms - ack.memory_ms());
}

// A target's memory that is exactly as long as a message is known (CMB-LATE-012).
bool IsMemoryTie(const Transcript& transcript) {
  const std::set<std::uint64_t> instants = InstantsOf(transcript);
  return std::any_of(transcript.entries.begin(), transcript.entries.end(), [&](const Entry& entry) {
    const auto* frame = std::get_if<DataFrame>(&entry.what);
    if (frame == nullptr || !frame->header || frame->direction != Direction::kToIut) {
      return false;
    }
    const auto& acks = frame->header->ack_batch().acks();
    return Tells(frame->header->ack(), entry.at_ms, instants) ||
           std::any_of(acks.begin(), acks.end(),
                       [&](const ack::v1::Ack& ack) { return Tells(ack, entry.at_ms, instants); });
  });
}

// No timer shows until when a router knows what it has closed or refused: two latencies.
bool IsMarkTie(const Transcript& transcript) {
  if (transcript.header.role != ack::v1::ROLE_ROUTER) {
    return false;
  }
  const auto& settings = transcript.header.settings;
  const std::uint64_t kept_ms =
      2 * (settings.has_max_latency_ms() ? settings.max_latency_ms() : 30'000);
  const std::set<std::uint64_t> instants = InstantsOf(transcript);
  return std::any_of(instants.begin(), instants.end(),
                     [&](std::uint64_t at) { return instants.contains(at + kept_ms); });
}

}  // namespace

bool Needs(const scenario::Case& one, const std::string& feature) {
  return std::find(one.needs.begin(), one.needs.end(), feature) != one.needs.end();
}

bool HasTie(const scenario::Case& one, const Transcript& transcript) {
  return IsMarkTie(transcript) || IsWindowTie(one) || IsCircuitTie(one, transcript) ||
         IsMemoryTie(transcript);
}

}  // namespace cmb::conformance::wall
