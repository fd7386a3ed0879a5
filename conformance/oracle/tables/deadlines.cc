#include "conformance/oracle/tables/deadlines.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "proto/wire/words.h"

namespace cmb::conformance::oracle::tables {
namespace {

using control::v1::Deadline;
using control::v1::Timer;

constexpr std::string_view kNextDeadline = "CMB-CTL-014";

std::string Shown(const Timer& timer) {
  return fmt::format("the timer {} of '{}' at {} ms", wire::Word(timer.kind()), timer.message_id(),
                     timer.deadline_ms());
}

std::string InstantOf(const ArmedTimer& armed) {
  return armed.earliest_ms == armed.deadline_ms
             ? fmt::format("{} ms", armed.deadline_ms)
             : fmt::format("{} to {} ms", armed.earliest_ms, armed.deadline_ms);
}

bool IsOf(const ArmedTimer& armed, const Timer& listed) {
  return armed.kind == listed.kind() && armed.source == listed.source() &&
         armed.message_id == listed.message_id();
}

// CHO-001: an execution timer that lies after the end of the life may be cut to that end.
bool AgreesWith(const ArmedTimer& armed, const Timer& listed, const TimerQueue& timers) {
  const ArmedTimer* life = timers.Find(armed.source, armed.message_id, ack::v1::TIMER_KIND_TTL);
  return (armed.earliest_ms <= listed.deadline_ms() && listed.deadline_ms() <= armed.deadline_ms) ||
         (armed.kind == ack::v1::TIMER_KIND_EXECUTION && life != nullptr &&
          listed.deadline_ms() == std::min(armed.deadline_ms, life->deadline_ms));
}

// A heartbeat is of no message.
bool IsOfNobody(const World& world, const Timer& listed) {
  const History& history = world.history;
  const bool foreign =
      history.role() == ack::v1::ROLE_SENDER && listed.source() != history.module_id();
  return listed.kind() != ack::v1::TIMER_KIND_HEARTBEAT &&
         (foreign || !history.messages().contains(listed.message_id()));
}

std::optional<Difference> OfListed(const World& world, const Model& model, const Timer& listed,
                                   std::size_t entry) {
  const auto& armed = world.timers.all();
  const auto found = std::find_if(armed.begin(), armed.end(),
                                  [&](const ArmedTimer& timer) { return IsOf(timer, listed); });
  if (!IsProtocolTimer(listed.kind())) {
    const bool early = found != armed.end() && listed.deadline_ms() < found->deadline_ms;
    if (early || IsOfNobody(world, listed) || !model.MayList(listed.kind())) {
      return Difference{entry, kNextDeadline, "Timers",
                        fmt::format("{} is listed, expected {}", Shown(listed),
                                    early ? fmt::format("not before {} ms", found->deadline_ms)
                                          : "none of this kind and message")};
    }
    return std::nullopt;
  }
  if (found == armed.end()) {
    return Difference{entry, "", "Timers", Shown(listed) + " is listed, which nothing arms"};
  }
  if (!AgreesWith(*found, listed, world.timers)) {
    return Difference{
        entry, found->requirement, "Timers",
        fmt::format("{} is listed, expected at {}", Shown(listed), InstantOf(*found))};
  }
  return std::nullopt;
}

// The earliest instant at which a record that is known may be forgotten; 0: there may be other
// housekeeping before it.
std::uint64_t EarliestHousekeeping(const World& world, const Model& model) {
  std::uint64_t earliest = UINT64_MAX;
  for (const ArmedTimer& armed : world.timers.all()) {
    earliest = IsProtocolTimer(armed.kind) ? earliest : std::min(earliest, armed.deadline_ms);
  }
  const bool has_others =
      model.MayList(ack::v1::TIMER_KIND_RECONCILE) || model.MayList(ack::v1::TIMER_KIND_HEARTBEAT);
  return earliest == UINT64_MAX || has_others ? 0 : earliest;
}

// No protocol timer is armed. When a record is forgotten, and whether of itself, is CHO-005.
std::optional<Difference> OfHousekeeping(const World& world, const Model& model, const Seen& seen) {
  const Deadline& next = seen.control->reply.next_deadline();
  // A restart says what fell due meanwhile before it does it.
  const std::uint64_t least =
      std::max({world.now_ms, std::uint64_t{1}, EarliestHousekeeping(world, model)});
  if (!seen.control->reply.has_next_deadline() ||
      (next.class_() == control::v1::DEADLINE_CLASS_HOUSEKEEPING && next.ms() >= least)) {
    return std::nullopt;
  }
  return Difference{seen.act, kNextDeadline, "next_deadline",
                    fmt::format("the next deadline is {} ms, expected none or one of housekeeping, "
                                "from {} ms on",
                                next.ms(), least)};
}

}  // namespace

std::optional<Difference> OfNextDeadline(const World& world, const Model& model, const Seen& seen) {
  const control::v1::Reply& reply = seen.control->reply;
  const bool said = reply.has_next_deadline() &&
                    reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_PROTOCOL;
  const ArmedTimer* next = world.timers.Next();
  if (said ? world.timers.MayBeNext(reply.next_deadline().ms()) : next == nullptr) {
    return said ? std::nullopt : OfHousekeeping(world, model, seen);
  }
  const std::string is = said ? fmt::format("{} ms", reply.next_deadline().ms()) : "none";
  if (next == nullptr) {
    return Difference{seen.act, kNextDeadline, "next_deadline",
                      fmt::format("the next protocol deadline is {}, expected none", is)};
  }
  return Difference{
      seen.act, next->requirement.empty() ? kNextDeadline : next->requirement, "next_deadline",
      fmt::format("the next protocol deadline is {}, expected {}, the timer {} of '{}'", is,
                  InstantOf(*next), wire::Word(next->kind), next->message_id)};
}

std::optional<Difference> OfTimers(const World& world, const Model& model, const Seen& seen) {
  const auto& list = seen.control->reply.timers().timers();
  for (const Timer& listed : list) {
    if (auto difference = OfListed(world, model, listed, seen.act)) {
      return difference;
    }
  }
  for (const ArmedTimer& armed : world.timers.all()) {
    const auto count = std::count_if(list.begin(), list.end(),
                                     [&](const Timer& timer) { return IsOf(armed, timer); });
    if (count > 1 || (count == 0 && IsProtocolTimer(armed.kind) && !armed.MayBe())) {
      return Difference{
          seen.act, armed.requirement, "Timers",
          fmt::format("the timer {} of '{}' at {} is listed {} times, expected once",
                      wire::Word(armed.kind), armed.message_id, InstantOf(armed), count)};
    }
  }
  return std::nullopt;
}

}  // namespace cmb::conformance::oracle::tables
