#include "conformance/engine/observer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/engine/describe.h"
#include "conformance/engine/term_match.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Expectation;

constexpr char kOneEventForEachChange[] = "CMB-OBS-001";

std::uint64_t Count(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

// The messages it is about; one nameless one when it is about none.
std::vector<std::string> AliasesOf(const Expectation& what) {
  return what.of.empty() ? std::vector<std::string>{""} : what.of;
}

Moment MomentOf(const Item& item) { return {item.entry, item.at_ms}; }

// The record went another way than the row that was expected.
bool IsOtherMove(const Expectation& what, const Item& item) {
  return item.kind == ItemKind::kTransition && !Agrees(what.term, item);
}

// What `expect: nothing` forbids: frames (PING, PONG, REPLY apart), transitions,
// executions, alerts. Anomalies are not counted.
bool IsSomething(const Item& item) {
  switch (item.kind) {
    case ItemKind::kMessage:
    case ItemKind::kRouterAck:
    case ItemKind::kDeliveryAck:
    case ItemKind::kExecutionAck:
    case ItemKind::kInProgress:
    case ItemKind::kProgressAck:
    case ItemKind::kTimeout:
    case ItemKind::kCancel:
    case ItemKind::kReceipt:
    case ItemKind::kQuery:
    case ItemKind::kOtherFrame:
    case ItemKind::kUndecodable:
    case ItemKind::kTransition:
    case ItemKind::kAlertRaised:
    case ItemKind::kAlertUpdated:
    case ItemKind::kAlertResolved:
    case ItemKind::kExecution:
      return true;
    case ItemKind::kPing:
    case ItemKind::kPong:
    case ItemKind::kReply:
    case ItemKind::kRetry:
    case ItemKind::kProgressEvent:
    case ItemKind::kAnomaly:
      return false;
  }
  return false;
}

}  // namespace

Observer::Observer(MessageBook& book, Window& window, Timeline& timeline, const ItemJudge& judge,
                   Checker& checker)
    : book_(book), window_(window), timeline_(timeline), judge_(judge), checker_(checker) {}

std::optional<std::size_t> Observer::FindFirst(const Expectation& what, const std::string& alias,
                                               std::uint64_t from_ms) const {
  for (std::size_t i = window_.begin(); i < window_.end(); ++i) {
    const Item& item = window_[i];
    if (!item.consumed && item.at_ms >= from_ms && judge_.Selects(what, alias, item)) {
      return i;
    }
  }
  return std::nullopt;
}

std::string Observer::WantText(const Expectation& what, const std::string& alias,
                               const Span& span) const {
  std::string text = judge_.Want(what, alias);
  if (span.timed) {
    text += " at " + DurationText(span.low_ms);
    text += span.low_ms == span.high_ms ? "" : ".." + DurationText(span.high_ms);
  }
  return text;
}

std::string Observer::MissingText(const Expectation& what) const {
  for (std::size_t i = window_.begin(); i < window_.end(); ++i) {
    if (window_[i].consumed && SameKind(what.term, window_[i])) {
      return "nothing more of that kind in this window";
    }
  }
  return "nothing of that kind in this window";
}

// Of this message, or of another that has brought the same work.
bool Observer::IsOfItsWork(const Item& item, const Known& known) const {
  const Known* owner = book_.Owner(item.message_id, "");
  return item.message_id == known.message_id ||
         (owner != nullptr && !known.key.empty() && owner->key == known.key);
}

bool Observer::SeenBefore(const Expectation& what, const std::string& alias) const {
  const Known* known = alias.empty() ? nullptr : book_.Find(alias);
  const auto& items = window_.items();
  return known != nullptr && std::any_of(items.begin(), items.end(), [&](const Item& item) {
           return IsOfItsWork(item, *known) && SameKind(what.term, item);
         });
}

bool Observer::MovedUnseen(const Expectation& what, const std::string& alias) const {
  const Known* known = alias.empty() ? nullptr : book_.Find(alias);
  return known != nullptr && what.term.kind == scenario::Term::Kind::kTransition &&
         checker_.IsIn(*known, what.term.new_state);
}

Difference Observer::Missing(const Expectation& what, const std::string& alias,
                             const Span& span) const {
  Difference difference{WantText(what, alias, span), MissingText(what)};
  difference.row = judge_.Row(what, SeenBefore(what, alias));
  if (MovedUnseen(what, alias)) {
    difference.instead_of = std::exchange(difference.row, kOneEventForEachChange);
  }
  return difference;
}

std::optional<Difference> Observer::Take(const Expectation& what, const std::string& alias,
                                         std::size_t index, const Span& span) {
  const Item& item = window_[index];
  std::vector<std::string> lines;
  const bool mistimed = item.at_ms < span.low_ms || item.at_ms > span.high_ms;
  if (mistimed) {
    lines.emplace_back(item.at_ms < span.low_ms ? "it came too early" : "it came too late");
  }
  const std::vector<std::string> others = judge_.Differences(what, item);
  lines.insert(lines.end(), others.begin(), others.end());
  window_.Consume(index);
  if (!lines.empty()) {
    Difference difference{WantText(what, alias, span),
                          fmt::format("{} [{}]", Describe(item, book_), fmt::join(lines, "; ")),
                          MomentOf(item)};
    difference.row = IsOtherMove(what, item) ? judge_.Row(what, false) : "";
    if (mistimed && lines.size() == 1) {
      difference.row = judge_.RowOfTime(what);
      difference.scripted = !difference.row.empty();
    }
    return difference;
  }
  if (!what.as.empty()) {
    book_.Keep(what.as, item);
  }
  return std::nullopt;
}

bool Observer::TakeThose(const Expectation& what, const Span& span,
                         std::vector<std::string>& pending, std::optional<Difference>& difference) {
  auto alias = pending.begin();
  while (alias != pending.end() && !difference) {
    if (const auto index = FindFirst(what, *alias, span.from_ms)) {
      difference = Take(what, *alias, *index, span);
      alias = pending.erase(alias);
    } else {
      ++alias;
    }
  }
  return difference || pending.empty();
}

Look Observer::At(const scenario::Expect& expect) {
  Span span;
  if (expect.in) {
    const std::uint64_t now_ms = timeline_.now_ms();
    span = {now_ms, now_ms + Count(expect.in->low), now_ms + Count(expect.in->high), true};
  }
  std::vector<std::string> pending = AliasesOf(expect.what);
  std::optional<Difference> difference;
  const auto take = [&] { return TakeThose(expect.what, span, pending, difference); };
  bool done = take();
  if (expect.in && !done) {
    if (auto halt = timeline_.MoveTo(span.high_ms, take)) {
      return Halts(*halt);
    }
    done = take();
  }
  if (expect.in && !difference) {
    window_.NarrowToInstant(timeline_.now_ms());
  }
  if (!done) {
    return {std::nullopt, Missing(expect.what, pending.front(), span)};
  }
  return {std::nullopt, std::move(difference)};
}

Look Observer::Wait(const scenario::Expect& expect) {
  if (!expect.in) {
    return Holds();
  }
  if (auto halt = timeline_.MoveTo(timeline_.now_ms() + Count(expect.in->high))) {
    return Halts(*halt);
  }
  window_.NarrowToInstant(timeline_.now_ms());
  return Holds();
}

Look Observer::At(const scenario::ExpectNothing& nothing) {
  const std::size_t present = window_.end();
  if (nothing.during) {
    if (auto halt = timeline_.MoveTo(timeline_.now_ms() + Count(*nothing.during))) {
      return Halts(*halt);
    }
  }
  for (std::size_t i = window_.begin(); i < window_.end(); ++i) {
    if (!window_[i].consumed && IsSomething(window_[i])) {
      return {std::nullopt,
              Difference{"nothing", Describe(window_[i], book_), MomentOf(window_[i])}};
    }
  }
  if (nothing.during) {
    window_.NarrowToStretch(present);
  }
  return Holds();
}

std::optional<std::size_t> Observer::FindForbidden(const Expectation& what,
                                                   std::size_t first) const {
  for (std::size_t i = first; i < window_.end(); ++i) {
    if (judge_.AgreesWithAllWritten(what, window_[i])) {
      return i;
    }
  }
  return std::nullopt;
}

Difference Observer::Forbidden(const Expectation& what, std::size_t index) const {
  std::string aliases;
  for (const std::string& alias : what.of) {
    aliases += (aliases.empty() ? "" : ", ") + alias;
  }
  return {"never " + judge_.Want(what, aliases), Describe(window_[index], book_),
          MomentOf(window_[index])};
}

Look Observer::At(const scenario::Never& never) {
  if (!never.during) {
    return Holds();
  }
  const std::size_t first = window_.end();
  if (auto halt = timeline_.MoveTo(timeline_.now_ms() + Count(*never.during))) {
    return Halts(*halt);
  }
  if (const auto index = FindForbidden(never.what, first)) {
    return {std::nullopt, Forbidden(never.what, *index)};
  }
  window_.NarrowToStretch(first);
  return Holds();
}

Look Observer::At(const scenario::InOrder& in_order) {
  const Span span;
  std::optional<std::size_t> last;
  for (const Expectation& member : in_order.members) {
    for (const std::string& alias : AliasesOf(member)) {
      const auto index = FindFirst(member, alias, 0);
      if (!index) {
        return {std::nullopt, Missing(member, alias, span)};
      }
      if (auto difference = Take(member, alias, *index, span)) {
        return {std::nullopt, std::move(difference)};
      }
      if (last && *index < *last) {
        return {std::nullopt, Difference{WantText(member, alias, span) + " after " +
                                             Describe(window_[*last], book_),
                                         Describe(window_[*index], book_) + " [it came before]",
                                         MomentOf(window_[*index])}};
      }
      last = index;
    }
  }
  return Holds();
}

}  // namespace cmb::conformance::engine
