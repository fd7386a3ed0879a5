#include "conformance/oracle/tables/deadlines.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
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

// Where a row has just disarmed the timer, the row's sentence, or that of what it would do.
std::string_view OfRunsOn(const World& world, const ArmedTimer& stray) {
  std::string_view requirement = kNextDeadline;
  for (const Reason& row : world.expected.rows) {
    const bool is_its = world.timers.IsNewStray(stray) && row.message == stray.message_id;
    requirement = is_its ? row.requirement : requirement;
  }
  const bool by_the_sender = requirement == "CMB-RTR-020" || requirement == "CMB-CXL-002";
  if (stray.kind == ack::v1::TIMER_KIND_REDELIVERY && requirement.starts_with("CMB-RTR") &&
      !by_the_sender) {
    const bool by_a_sign = requirement == "CMB-RTR-007" || requirement == "CMB-RTR-008";
    return by_a_sign ? "CMB-RTR-041" : "CMB-RTR-029";
  }
  const bool starts = stray.kind == ack::v1::TIMER_KIND_HANDLER && requirement == "CMB-CXL-006";
  return starts ? "CMB-TGT-017" : requirement;
}

// The sentence by which a timer that was disarmed is armed no more, or at another instant.
std::string_view EndOf(const ArmedTimer& stray, const World& world) {
  const TimerQueue& timers = world.timers;
  if (const ArmedTimer* anew = timers.Find(stray.source, stray.message_id, stray.kind)) {
    return anew->requirement;
  }
  if (world.history.role() != ack::v1::ROLE_SENDER) {
    return OfRunsOn(world, stray);
  }
  const bool is_open =
      timers.Find(stray.source, stray.message_id, ack::v1::TIMER_KIND_TTL) != nullptr;
  return stray.kind == ack::v1::TIMER_KIND_CANCEL               ? "CMB-CXL-015"
         : is_open && stray.kind == ack::v1::TIMER_KIND_BACKOFF ? "CMB-RTY-007"
                                                                : "CMB-TMR-003";
}

// A protocol deadline is said before the earliest, `next` (null: there is none): a timer explains
// it that was disarmed, or one that was armed wrongly in this exchange.
std::optional<Difference> TooEarly(const World& world, const ArmedTimer* next, std::size_t entry,
                                   std::uint64_t said_ms) {
  if (next != nullptr && said_ms >= next->deadline_ms) {
    return std::nullopt;
  }
  const std::string is = fmt::format("the next protocol deadline is {} ms", said_ms);
  if (const ArmedTimer* stray = world.timers.Stray(said_ms)) {
    return Difference{entry, EndOf(*stray, world), "next_deadline",
                      fmt::format("{}, which was that of the timer {} of '{}', expected {}", is,
                                  wire::Word(stray->kind), stray->message_id,
                                  next == nullptr ? "none" : InstantOf(*next))};
  }
  const ArmedTimer* armed = world.timers.Newest();
  if (next == nullptr || armed == nullptr || world.timers.IsNew(*next)) {
    return std::nullopt;
  }
  return Difference{
      entry, armed->requirement, "next_deadline",
      fmt::format("{}, expected {}; the timer {} of '{}' is armed for {}", is, InstantOf(*next),
                  wire::Word(armed->kind), armed->message_id, InstantOf(*armed))};
}

Difference ListedWrongly(std::size_t entry, std::string_view requirement, const Timer& listed,
                         const std::string& expected) {
  return {entry, requirement, "Timers",
          fmt::format("{} is listed, expected {}", Shown(listed), expected)};
}

std::optional<Difference> OfListed(const World& world, const Timer& listed, std::size_t entry) {
  const ArmedTimer* found = world.timers.Find(listed.source(), listed.message_id(), listed.kind());
  const bool is_protocol = IsProtocolTimer(listed.kind());
  if (!is_protocol && MayBeListed(world, found, listed)) {
    return std::nullopt;
  }
  if (found == nullptr) {
    const ArmedTimer* stray = world.timers.Stray(listed.deadline_ms());
    const bool was_armed = stray != nullptr && IsOf(*stray, listed);
    return ListedWrongly(entry,
                         was_armed     ? EndOf(*stray, world)
                         : is_protocol ? ""
                                       : kNextDeadline,
                         listed, "none of this kind and message");
  }
  if (!is_protocol || !AgreesWith(*found, listed, world.timers)) {
    return ListedWrongly(entry, found->requirement, listed, InstantOf(*found));
  }
  return std::nullopt;
}

// The one that is told wrongly, it seems: that with the nearest deadline. Null: there is none.
const ArmedTimer* NearestHousekeeping(const World& world, std::uint64_t said_ms) {
  const auto apart = [said_ms](const ArmedTimer& armed) {
    return std::max(armed.deadline_ms, said_ms) - std::min(armed.deadline_ms, said_ms);
  };
  const ArmedTimer* nearest = nullptr;
  for (const ArmedTimer& armed : world.timers.all()) {
    const bool nearer = nearest == nullptr || apart(armed) < apart(*nearest);
    nearest = !IsProtocolTimer(armed.kind) && nearer ? &armed : nearest;
  }
  return nearest;
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
  const ArmedTimer* nearest = next.ms() >= least ? NearestHousekeeping(world, next.ms()) : nullptr;
  const std::string is = fmt::format("the next deadline is {} ms, expected none or ", next.ms());
  return nearest == nullptr
             ? Difference{seen.act, kNextDeadline, "next_deadline", is + "one of housekeeping"}
             : Difference{seen.act, nearest->requirement, "next_deadline",
                          is + fmt::format("that of the timer {} of '{}' at {} ms",
                                           wire::Word(nearest->kind), nearest->message_id,
                                           nearest->deadline_ms)};
}

// After a restart nothing is waited for: what was to be delivered is not there.
bool IsGoneWithTheProcess(const World& world, const ArmedTimer& next) {
  return world.history.role() == ack::v1::ROLE_ROUTER && next.requirement == "CMB-DUR-022" &&
         next.kind == ack::v1::TIMER_KIND_REDELIVERY;
}

// A sender's timer that was there, and in this exchange only other messages were spoken of.
bool IsLostByOthers(const World& world, const ArmedTimer& next) {
  const auto& rows = world.expected.rows;
  return world.history.role() == ack::v1::ROLE_SENDER && !world.timers.IsNew(next) &&
         !rows.empty() && std::none_of(rows.begin(), rows.end(), [&](const Reason& row) {
           return row.message == next.message_id;
         });
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
  const std::uint64_t said_ms = reply.next_deadline().ms();
  // A router may have dropped what it accepted, and wait for nothing then.
  const bool may_be_gone = !said && world.history.role() == ack::v1::ROLE_ROUTER;
  const std::string_view of_wait = next == nullptr ? ""
                                   : said          ? model.OfWait(said_ms)
                                   : may_be_gone
                                       ? model.OfWait(std::numeric_limits<std::uint64_t>::max())
                                       : "";
  if (auto early =
          said && of_wait.empty() ? TooEarly(world, next, seen.act, said_ms) : std::nullopt) {
    return early;
  }
  const std::string is = said ? fmt::format("{} ms", said_ms) : "none";
  if (next == nullptr) {
    return Difference{seen.act, kNextDeadline, "next_deadline",
                      fmt::format("the next protocol deadline is {}, expected none", is)};
  }
  const bool is_lost = (!said || said_ms > next->deadline_ms) && IsLostByOthers(world, *next);
  const std::string_view own = !of_wait.empty()                              ? of_wait
                               : is_lost                                     ? "CMB-SND-020"
                               : !said && IsGoneWithTheProcess(world, *next) ? "CMB-DUR-001"
                                                                             : next->requirement;
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
