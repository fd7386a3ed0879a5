// What was expected in one exchange against what was seen.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/oracle/tables/blame.h"
#include "conformance/oracle/tables/describe.h"
#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/matching.h"

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Event;

std::string Shown(const ExpectedItem& item) {
  const auto* frame = std::get_if<ExpectedFrame>(&item.what);
  return frame != nullptr ? Describe(frame->header) : Describe(std::get<Event>(item.what));
}

std::string Shown(const Item& item) {
  if (item.event != nullptr) {
    return Describe(*item.event);
  }
  return item.header() != nullptr ? Describe(*item.header()) : "a malformed frame";
}

bool IsFrame(const ExpectedItem& item) { return std::holds_alternative<ExpectedFrame>(item.what); }

std::string WordsOf(const std::string& lane) {
  std::string words = lane;
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

// It is there, but went another way.
std::optional<FieldDifference> WrongWay(const ExpectedItem& wanted, const Item& item) {
  const auto* frame = std::get_if<ExpectedFrame>(&wanted.what);
  const bool is_it = frame != nullptr && item.match == nullptr && item.event == nullptr &&
                     item.header() != nullptr && item.Fine() == NameOf(wanted, true);
  if (!is_it) {
    return std::nullopt;
  }
  const bool to_whom = item.frame->frame->peer == frame->peer;
  return FieldDifference{to_whom ? "socket" : "peer", WordsOf(LaneOf(wanted)), WordsOf(item.lane)};
}

std::string MessageIn(const Item& item) {
  return item.event != nullptr      ? MessageOf(*item.event)
         : item.header() != nullptr ? MessageOf(*item.header())
                                    : "";
}

// What came of the same message and the same sort, and was not asked for. Null: nothing did.
const Item* InsteadOf(const ExpectedItem& wanted, const std::vector<Item>& items) {
  const bool wants_event = std::holds_alternative<Event>(wanted.what);
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    return item.match == nullptr && (item.event != nullptr) == wants_event &&
           MessageIn(item) == wanted.reason.message;
  });
  return found == items.end() ? nullptr : &*found;
}

// The sentence of the field alone; empty: none.
template <typename Expectation>
std::string_view OwnOf(const Expectation& expected, const std::string& field) {
  std::string_view requirement;
  for (const auto& [path, own] : expected.fields) {
    requirement = field == path || field.starts_with(path + ".") ? own : requirement;
  }
  return requirement;
}

Difference Missing(const ExpectedItem& wanted, const std::vector<Item>& items) {
  const Item* instead = InsteadOf(wanted, items);
  std::string_view own =
      instead != nullptr && instead->event != nullptr ? OwnOf(wanted, "instead") : "";
  own = own.empty() ? OwnOf(wanted, "missing") : own;
  own = own.empty() && instead == nullptr && IsUntoldChange(wanted, items) ? "CMB-OBS-001" : own;
  return {wanted.reason.cause, own.empty() ? wanted.reason.requirement : own, wanted.reason.row,
          fmt::format("expected {}, which was not seen{}", Shown(wanted),
                      instead == nullptr ? "" : fmt::format(", but {} was", Shown(*instead)))};
}

std::string_view RequirementOf(const ExpectedItem& expected, const FieldDifference& field,
                               const History& history) {
  std::string_view requirement = OfValue(field);
  requirement = requirement.empty() ? OwnOf(expected, field.path) : requirement;
  if (requirement.empty()) {
    const auto* frame = std::get_if<ExpectedFrame>(&expected.what);
    requirement = frame != nullptr ? FormOf(frame->header, field, history)
                                   : FormOf(std::get<Event>(expected.what), field, history);
  }
  return requirement.empty() ? expected.reason.requirement : requirement;
}

Difference Wrong(const ExpectedItem& item, const Item& seen, const FieldDifference& field,
                 const History& history) {
  return {seen.entry, RequirementOf(item, field, history), item.reason.row,
          fmt::format("{}: {} expected {}, seen {}", Shown(seen), field.path, field.expected,
                      field.seen)};
}

// What tells the same as another item, which was asked for.
bool IsAgain(const Item& item, const std::vector<Item>& items) {
  return item.IsReadable() && std::any_of(items.begin(), items.end(), [&](const Item& other) {
           return other.match != nullptr && (other.event == nullptr) == (item.event == nullptr) &&
                  other.Fine() == item.Fine();
         });
}

Difference TooMany(const Item& item, const Expected& expected, const std::vector<Item>& items,
                   const History& history) {
  const std::string message = MessageIn(item);
  const Reason* reason = nullptr;
  for (const Reason& row : expected.rows) {
    reason =
        reason == nullptr || row.message == message || reason->message != message ? &row : reason;
  }
  Difference difference{
      item.entry, "", "nothing",
      Shown(item) + (IsAgain(item, items) ? ", a second time" : ", which nothing asks for"), true};
  if (reason != nullptr && (reason->message == message || message.empty())) {
    difference.requirement = reason->requirement;
    difference.row = reason->row;
  }
  std::string_view form;
  if (item.event != nullptr) {
    form = OnceOnly(*item.event, IsAgain(item, items), history.role());
  } else if (item.header() != nullptr) {
    form = OfWay(*item.header(), item.frame->frame->peer, history);
  }
  difference.requirement = form.empty() ? difference.requirement : form;
  return difference;
}

Difference NotThere(const ExpectedItem& wanted, const std::vector<Item>& items,
                    const History& history) {
  for (const Item& item : items) {
    if (const auto way = WrongWay(wanted, item)) {
      return Wrong(wanted, item, *way, history);
    }
    if (const auto told = ToldOfAnother(wanted, item)) {
      return Wrong(wanted, item, *told, history);
    }
    if (IsFrame(wanted) && item.event == nullptr && item.header() == nullptr) {
      return {item.entry, "CMB-WIRE-006", wanted.reason.row,
              fmt::format("expected {}, but {} was seen", Shown(wanted), Shown(item))};
    }
  }
  Difference difference = Missing(wanted, items);
  for (const Item& item : items) {
    const std::string_view taken = item.match == nullptr && item.event != nullptr
                                       ? InPlaceOfIt(*item.event, history.role())
                                       : "";
    const std::string message = taken.empty() ? "" : MessageOf(*item.event);
    const auto* event = std::get_if<Event>(&wanted.what);
    const bool is_of_it = !message.empty() ? wanted.reason.message == message
                                           : event == nullptr || !event->has_anomaly();
    difference.requirement = !taken.empty() && is_of_it ? taken : difference.requirement;
  }
  return difference;
}

// A start that nothing asks for explains whatever else comes unasked.
const Item* FirstUnasked(const std::vector<Item>& items) {
  const Item* first = nullptr;
  for (const Item& item : items) {
    if (item.match == nullptr && item.event != nullptr && item.event->has_execution()) {
      return &item;
    }
    first = first == nullptr && item.match == nullptr ? &item : first;
  }
  return first;
}

std::optional<Difference> FirstOfItems(const Expected& expected, std::vector<Item>& items,
                                       const History& history) {
  const std::vector<const Item*> matches = Match(expected, items);
  for (std::size_t i = 0; i < expected.items.size(); ++i) {
    const ExpectedItem& wanted = expected.items[i];
    const Item* item = matches[i];
    if (item == nullptr && !wanted.optional) {
      return NotThere(wanted, items, history);
    }
    const auto field = item == nullptr ? std::nullopt : DifferenceOf(wanted, *item);
    if (field) {
      const Item& done = WhereDone(wanted, *item, *field, items);
      return Wrong(*done.match, done, *DifferenceOf(*done.match, done), history);
    }
  }
  const Item* unasked = FirstUnasked(items);
  return unasked == nullptr ? std::nullopt
                            : std::optional(TooMany(*unasked, expected, items, history));
}

std::vector<std::size_t> OddOf(const std::vector<Item>& items) {
  std::vector<std::size_t> odd;
  for (const Item& item : items) {
    if (item.match == nullptr || NameOf(*item.match, true) != item.Fine()) {
      odd.push_back(item.entry);
    }
  }
  return odd;
}

std::size_t ApartOf(const Expected& expected, const std::vector<Item>& items) {
  std::size_t apart = 0;
  for (const ExpectedItem& wanted : expected.items) {
    apart += wanted.optional ? 0 : 1;
  }
  for (const Item& item : items) {
    if (item.match == nullptr) {
      ++apart;
    } else if (!item.match->optional && !DifferenceOf(*item.match, item)) {
      --apart;
    }
  }
  return apart;
}

// `items` are in the order in which they were seen, each with what it is.
std::optional<Difference> FirstOutOfOrder(const std::vector<Item>& items) {
  std::map<std::string, const Item*> last;
  for (const Item& item : items) {
    const Item*& before = last[item.lane];
    const bool together = before != nullptr && item.match->unordered != 0 &&
                          item.match->unordered == before->match->unordered;
    if (before != nullptr && item.match->late && item.match < before->match) {
      continue;
    }
    if (before != nullptr && !together && item.match < before->match) {
      const bool of_timers = item.match->fired != 0 && item.match->fired < before->match->fired;
      const bool of_one = item.match->reason.row == before->match->reason.row;
      std::string_view own = OwnOf(*item.match, "order");
      own = own.empty() && of_one ? OwnOf(*item.match, "order of one") : own;
      own = own.empty() && of_timers ? "CMB-TMR-013" : own;
      own = own.empty() && ChangesLate(*before, item) ? "CMB-OBS-011" : own;
      return Difference{
          item.entry, own.empty() ? before->match->reason.requirement : own,
          before->match->reason.row,
          fmt::format("{} comes before {}, which is expected first", Shown(*before), Shown(item))};
    }
    before = &item;
  }
  return std::nullopt;
}

std::optional<Difference> OfReply(const Expected& expected, const Seen& seen) {
  if (!expected.reply || !expected.reply->result || seen.control == nullptr) {
    return std::nullopt;
  }
  const control::v1::Reply said = ResultIn(seen.control->reply);
  const auto field = FirstDifference(*expected.reply->result, said, expected.reply->leeway);
  if (!field) {
    return std::nullopt;
  }
  const bool forgotten = field->path == "transaction.record" && !said.transaction().has_record();
  std::string_view own = OwnOf(*expected.reply, said.has_error() ? "error"
                                                : forgotten      ? kForgotten
                                                                 : field->path);
  own = own.empty() ? FormOfReply(*field) : own;
  return Difference{
      seen.act, own.empty() ? expected.reply->reason.requirement : own, expected.reply->reason.row,
      fmt::format("the reply says {} {}, expected {}", field->path, field->seen, field->expected)};
}

}  // namespace

std::optional<Difference> Compare(const Expected& expected, const Seen& seen,
                                  const History& history) {
  // What was refused was not done, what was not refused was, and all that is told of a message has
  // the id that its answer gives: the answer comes first.
  const bool is_refused = seen.control != nullptr && seen.control->reply.has_error();
  const bool refuses = expected.reply && expected.reply->result->has_error();
  const bool names = expected.reply && expected.reply->result->has_sent_message();
  if (auto difference = is_refused || refuses || names ? OfReply(expected, seen) : std::nullopt) {
    return difference;
  }
  std::vector<Item> items = ItemsOf(seen);
  if (auto difference = FirstOfItems(expected, items, history)) {
    difference->odd = OddOf(items);
    difference->apart = ApartOf(expected, items);
    return difference;
  }
  if (auto difference = FirstOutOfOrder(items)) {
    return difference;
  }
  return OfReply(expected, seen);
}

}  // namespace cmb::conformance::oracle::tables
