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

// Housekeeping is what an implementation has of it (CHO-005); but not of other records, nor at
// other instants.
bool MayBeListed(const World& world, const ArmedTimer* armed, const Timer& listed) {
  if (armed == nullptr) {
    return listed.kind() == ack::v1::TIMER_KIND_RECORD_EXPIRY &&
           world.timers.MayExpire(listed.source(), listed.message_id());
  }
  return listed.kind() == ack::v1::TIMER_KIND_RECONCILE
             ? listed.deadline_ms() == armed->deadline_ms
             : listed.deadline_ms() >= armed->deadline_ms;
}

std::optional<Difference> OfListed(const World& world, const Timer& listed, std::size_t entry) {
  const ArmedTimer* found = world.timers.Find(listed.source(), listed.message_id(), listed.kind());
  if (!IsProtocolTimer(listed.kind())) {
    return MayBeListed(world, found, listed)
               ? std::nullopt
               : std::optional(
                     Difference{entry, kNextDeadline, "Timers",
                                fmt::format("{} is listed, expected {}", Shown(listed),
                                            found == nullptr ? "none of this kind and message"
                                                             : InstantOf(*found))});
  }
  if (found == nullptr) {
    return Difference{entry, "", "Timers", Shown(listed) + " is listed, which nothing arms"};
  }
  if (!AgreesWith(*found, listed, world.timers)) {
    return Difference{
        entry, found->requirement, "Timers",
        fmt::format("{} is listed, expected at {}", Shown(listed), InstantOf(*found))};
  }
  return std::nullopt;
}

// No protocol timer is armed. When a record is forgotten, and whether of itself, is CHO-005.
std::optional<Difference> OfHousekeeping(const World& world, const Seen& seen) {
  const Deadline& next = seen.control->reply.next_deadline();
  // A restart says what fell due meanwhile before it does it.
  const std::uint64_t least = std::max(world.now_ms, std::uint64_t{1});
  if (!seen.control->reply.has_next_deadline() ||
      (next.class_() == control::v1::DEADLINE_CLASS_HOUSEKEEPING && next.ms() >= least &&
       world.timers.MayBeHousekeeping(next.ms()))) {
    return std::nullopt;
  }
  return Difference{
      seen.act, kNextDeadline, "next_deadline",
      fmt::format("the next deadline is {} ms, expected none or one of housekeeping", next.ms())};
}

// A timer that ends at `said_ms` and is not expected: where a row has just disarmed one, the row's.
std::string_view OfRunsOn(const World& world, std::uint64_t said_ms) {
  const ArmedTimer* timer = world.timers.Disarmed(said_ms);
  std::string_view requirement = kNextDeadline;
  for (const Reason& row : world.expected.rows) {
    requirement =
        timer != nullptr && row.message == timer->message_id ? row.requirement : requirement;
  }
  return requirement;
}

}  // namespace

std::optional<Difference> OfNextDeadline(const World& world, const Model& model, const Seen& seen) {
  const control::v1::Reply& reply = seen.control->reply;
  const bool said = reply.has_next_deadline() &&
                    reply.next_deadline().class_() == control::v1::DEADLINE_CLASS_PROTOCOL;
  const ArmedTimer* next = world.timers.Next();
  if (said ? world.timers.MayBeNext(reply.next_deadline().ms()) : next == nullptr) {
    return said ? std::nullopt : OfHousekeeping(world, seen);
  }
  const std::string is = said ? fmt::format("{} ms", reply.next_deadline().ms()) : "none";
  if (next == nullptr) {
    return Difference{seen.act, OfRunsOn(world, reply.next_deadline().ms()), "next_deadline",
                      fmt::format("the next protocol deadline is {}, expected none", is)};
  }
  const std::string_view of_wait = said ? model.OfWait(reply.next_deadline().ms()) : "";
  const std::string_view own = of_wait.empty() ? next->requirement : of_wait;
  return Difference{
      seen.act, own.empty() ? kNextDeadline : own, "next_deadline",
      fmt::format("the next protocol deadline is {}, expected {}, the timer {} of '{}'", is,
                  InstantOf(*next), wire::Word(next->kind), next->message_id)};
}

std::optional<Difference> OfTimers(const World& world, const Seen& seen) {
  if (!seen.control->request.has_timers()) {
    return std::nullopt;
  }
  const auto& list = seen.control->reply.timers().timers();
  for (const Timer& listed : list) {
    if (auto difference = OfListed(world, listed, seen.act)) {
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
