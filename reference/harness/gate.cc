#include "reference/harness/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace cmb::reference {
namespace {

using control::v1::Fire;
using lifecycle::TimerClass;
using Steady = std::chrono::steady_clock;

std::uint64_t MsOf(const lifecycle::Timer& timer) {
  return static_cast<std::uint64_t>(lifecycle::MsOf(timer.deadline));
}

bool IsDueBy(const std::optional<lifecycle::Timer>& timer, std::uint64_t ms) {
  return timer && MsOf(*timer) <= ms;
}

// CMB-CTL-013, CMB-CTL-035.
std::optional<Refusal> FaultOf(const IutRole& role, std::uint64_t now_ms,
                               const control::v1::Advance& advance) {
  if (advance.fire() != control::v1::FIRE_NONE &&
      advance.fire() != control::v1::FIRE_BEFORE_FRAMES &&
      advance.fire() != control::v1::FIRE_AFTER_FRAMES) {
    return Refusal{control::v1::ERROR_KIND_BAD_REQUEST, "fire says nothing"};
  }
  if (advance.to_ms() < now_ms) {
    return Refusal{control::v1::ERROR_KIND_BACKWARDS,
                   fmt::format("to_ms {} is before now {}", advance.to_ms(), now_ms)};
  }
  const auto next = role.NextTimer(TimerClass::kProtocol);
  if (next && MsOf(*next) < advance.to_ms()) {
    return Refusal{control::v1::ERROR_KIND_OVERSTEP,
                   fmt::format("to_ms {} is after the deadline {} of {} of {}", advance.to_ms(),
                               MsOf(*next), lifecycle::Word(next->kind), next->key.id.str())};
  }
  return std::nullopt;
}

// Housekeeping up to `to_ms`, each at its own instant; it sends nothing and
// changes no state.
void KeepHouse(IutRole& role, std::uint64_t to_ms) {
  for (auto next = role.NextTimer(TimerClass::kHousekeeping); IsDueBy(next, to_ms);
       next = role.NextTimer(TimerClass::kHousekeeping)) {
    role.clock().SetNowMs(std::max(role.clock().NowMs(), MsOf(*next)));
    role.FireNext(TimerClass::kHousekeeping);
    role.Commit();
  }
}

// Fires what is due, and what that makes due, until nothing is.
std::optional<Refusal> FireAll(IutRole& role) {
  for (int fired = 0; role.FireNext(TimerClass::kProtocol); ++fired) {
    role.Commit();  // The handler may arm what is due now.
    if (fired == kMostFirings) {
      return Refusal{control::v1::ERROR_KIND_INTERNAL,
                     fmt::format("more than {} timers fired at one instant", kMostFirings)};
    }
  }
  return std::nullopt;
}

// Each before the next: a target's handler acts as each message comes; the others have none, and
// what they answer goes out together, as on the real clock.
void HandleAll(IutRole& role, std::vector<Inbound> messages) {
  for (auto& message : messages) {
    role.shell().Handle(std::move(message));
    if (role.role() == ack::v1::ROLE_TARGET) {
      role.Commit();
    }
  }
  role.Commit();
}

// (socket, routing id bytes, first-in first-out): what came while we waited has
// one order, whatever the network did.
void Order(std::vector<Inbound>& messages) {
  std::stable_sort(messages.begin(), messages.end(), [](const Inbound& a, const Inbound& b) {
    return std::tie(a.socket, a.peer) < std::tie(b.socket, b.peer);
  });
}

}  // namespace

std::optional<Refusal> Gate::Collect(IutRole& role, std::uint64_t received,
                                     std::vector<Inbound>& into) const {
  ZmqTransport& transport = *role.sockets();
  const auto& count = transport.counters().received;
  if (received < count) {
    return Refusal{control::v1::ERROR_KIND_BAD_REQUEST,
                   fmt::format("after_received {}, but {} were read", received, count)};
  }
  if (received == count) {
    return std::nullopt;
  }
  const auto deadline = Steady::now() + guard_;
  auto items = transport.PollItems();
  for (;;) {
    for (std::size_t socket = 0; socket < items.size(); ++socket) {
      while (count < received) {
        auto message = transport.Receive(socket);
        if (!message) {
          break;
        }
        into.push_back(*std::move(message));
      }
    }
    if (count == received) {
      return std::nullopt;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()).count();
    if (left <= 0) {
      return Refusal{
          control::v1::ERROR_KIND_WAIT_TIMEOUT,
          fmt::format("{} of {} messages came within {} ms", count, received, guard_.count())};
    }
    Poll(items, left);
  }
}

std::optional<Refusal> Gate::Read(IutRole& role, const control::v1::Advance& advance,
                                  std::vector<Inbound>& into) const {
  if (role.sockets() != nullptr) {
    return Collect(role, advance.after_received(), into);
  }
  auto frames = role.inline_frames()->Read(advance.frames());
  if (!frames) {
    return BadRequest("a frame of a socket that there is not");
  }
  into = *std::move(frames);
  return std::nullopt;
}

std::optional<Refusal> Gate::Advance(IutRole& role, const control::v1::Advance& advance) const {
  if (auto fault = FaultOf(role, role.clock().NowMs(), advance)) {
    return fault;
  }
  std::vector<Inbound> messages;
  if (auto refusal = Read(role, advance, messages)) {
    return refusal;
  }
  KeepHouse(role, advance.to_ms());
  role.clock().SetNowMs(advance.to_ms());
  // CMB-CTL-033: (b) timers before the frames, (c) the frames, (d) timers after.
  if (advance.fire() == control::v1::FIRE_BEFORE_FRAMES) {
    if (auto refusal = FireAll(role)) {
      return refusal;
    }
  }
  Order(messages);
  HandleAll(role, std::move(messages));
  return advance.fire() == control::v1::FIRE_AFTER_FRAMES ? FireAll(role) : std::nullopt;
}

std::optional<Refusal> Gate::GoOn(IutRole& role, std::uint64_t now_ms,
                                  std::vector<Inbound> frames) const {
  KeepHouse(role, now_ms);
  role.clock().SetNowMs(now_ms);
  if (auto refusal = FireAll(role)) {
    return refusal;
  }
  HandleAll(role, std::move(frames));
  return FireAll(role);
}

std::optional<Refusal> Gate::Discard(IutRole& role, std::uint64_t received) const {
  if (role.sockets() == nullptr) {
    return std::nullopt;  // What was not handled has not come.
  }
  std::vector<Inbound> forgotten;
  return Collect(role, received, forgotten);
}

}  // namespace cmb::reference
