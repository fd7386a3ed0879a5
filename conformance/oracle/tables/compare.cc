// What was expected in one exchange against what was seen. Items are matched lane by lane: frames
// of one socket and peer, and events, are in order; between two lanes no order is known.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/oracle/tables/describe.h"
#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/field_difference.h"

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::CognitiveMessage;
using ack::v1::Event;

// One item that was seen; the ACKs of a batch one by one.
struct Item {
  std::size_t entry = 0;
  std::string lane;
  const FrameSeen* frame = nullptr;  // Null: an event.
  const Event* event = nullptr;
  std::optional<CognitiveMessage> unpacked;  // One ACK of a batch, as if it had come alone.
  const ExpectedItem* match = nullptr;

  const CognitiveMessage* header() const { return unpacked ? &*unpacked : frame->header; }
  std::string Coarse() const {
    return event != nullptr ? CoarseName(*event) : CoarseName(*header());
  }
  std::string Fine() const { return event != nullptr ? FineName(*event) : FineName(*header()); }
};

std::string LaneOf(const std::string& socket, const std::string& peer) {
  return socket + '\n' + peer;
}

void AddFrame(const FrameSeen& seen, std::vector<Item>& items) {
  const std::string lane = LaneOf(seen.frame->socket, seen.frame->peer);
  if (seen.header == nullptr || !seen.header->has_ack_batch()) {
    items.push_back({seen.entry, lane, &seen, nullptr, {}, nullptr});
    return;
  }
  for (const auto& ack : seen.header->ack_batch().acks()) {
    Item item{seen.entry, lane, &seen, nullptr, *seen.header, nullptr};
    item.unpacked->clear_ack_batch();
    *item.unpacked->mutable_ack() = ack;
    items.push_back(std::move(item));
  }
}

std::vector<Item> ItemsOf(const Seen& seen) {
  std::vector<Item> items;
  for (const FrameSeen& frame : seen.frames) {
    AddFrame(frame, items);
  }
  for (const auto& [entry, event] : seen.events) {
    items.push_back({entry, "", nullptr, event, {}, nullptr});
  }
  return items;
}

std::string LaneOf(const ExpectedItem& item) {
  const auto* frame = std::get_if<ExpectedFrame>(&item.what);
  return frame == nullptr ? "" : LaneOf(frame->socket, frame->peer);
}

// ---------------------------------------------------------------- one item

std::optional<FieldDifference> DifferenceOf(const ExpectedFrame& expected, const Item& item,
                                            const std::vector<std::string_view>& leeway) {
  if (item.header() == nullptr) {
    return FieldDifference{"header", "well-formed", item.frame->frame->fault};
  }
  if (expected.header_bytes && !item.unpacked &&  // A batch is made anew (CMB-BAT-003).
      item.frame->frame->frames.front() != *expected.header_bytes) {
    auto field = FirstDifference(expected.header, *item.header(), {});
    return field ? field : FieldDifference{"header", "byte for byte as it came", "other bytes"};
  }
  if (auto field = FirstDifference(expected.header, *item.header(), leeway)) {
    return field;
  }
  if (expected.payload && !(item.frame->frame->payload() == *expected.payload)) {
    return FieldDifference{"payload", fmt::format("{} bytes", expected.payload->size),
                           fmt::format("{} bytes that differ", item.frame->frame->payload().size)};
  }
  return std::nullopt;
}

std::optional<FieldDifference> DifferenceOf(const ExpectedItem& expected, const Item& item) {
  if (const auto* frame = std::get_if<ExpectedFrame>(&expected.what)) {
    return DifferenceOf(*frame, item, expected.leeway);
  }
  Event numbered = std::get<Event>(expected.what);
  numbered.set_number(item.event->number());  // A rule of its own counts them.
  return FirstDifference(numbered, *item.event, expected.leeway);
}

std::string NameOf(const ExpectedItem& item, bool fine) {
  if (const auto* frame = std::get_if<ExpectedFrame>(&item.what)) {
    return fine ? FineName(frame->header) : CoarseName(frame->header);
  }
  const auto& event = std::get<Event>(item.what);
  return fine ? FineName(event) : CoarseName(event);
}

// ---------------------------------------------------------------- matching

enum class Closeness { kEqual, kOfOneName, kOfOneMessage };

class Matching {
 public:
  Matching(const Expected& expected, std::vector<Item>& items)
      : expected_(expected), items_(items), matches_(expected.items.size(), nullptr) {
    for (const Closeness closeness :
         {Closeness::kEqual, Closeness::kOfOneName, Closeness::kOfOneMessage}) {
      for (std::size_t i = 0; i < matches_.size(); ++i) {
        if (matches_[i] == nullptr) {
          Match(i, closeness);
        }
      }
    }
  }

  const Item* Of(std::size_t expected) const { return matches_[expected]; }

 private:
  bool IsClose(const ExpectedItem& wanted, const Item& item, Closeness closeness) const {
    switch (closeness) {
      case Closeness::kEqual:
        return NameOf(wanted, true) == item.Fine() && !DifferenceOf(wanted, item);
      case Closeness::kOfOneName:
        return NameOf(wanted, true) == item.Fine();
      case Closeness::kOfOneMessage:
        return NameOf(wanted, false) == item.Coarse();
    }
    return false;
  }

  void Match(std::size_t index, Closeness closeness) {
    const ExpectedItem& wanted = expected_.items[index];
    const std::string lane = LaneOf(wanted);
    for (Item& item : items_) {
      const bool readable = item.event != nullptr || item.header() != nullptr;
      if (item.match == nullptr && readable && item.lane == lane &&
          (item.event != nullptr) == std::holds_alternative<Event>(wanted.what) &&
          IsClose(wanted, item, closeness)) {
        item.match = &wanted;
        matches_[index] = &item;
        return;
      }
    }
  }

  const Expected& expected_;
  std::vector<Item>& items_;
  std::vector<const Item*> matches_;
};

// ---------------------------------------------------------------- differences

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

Difference Missing(const ExpectedItem& item) {
  return {item.reason.cause, item.reason.requirement, item.reason.row,
          fmt::format("expected {}, which was not seen", Shown(item))};
}

// The sentence of the field, or of the whole.
template <typename Expectation>
std::string_view RequirementOf(const Expectation& expected, const FieldDifference& field) {
  std::string_view requirement = expected.reason.requirement;
  for (const auto& [path, own] : expected.fields) {
    requirement = field.path == path || field.path.starts_with(path + ".") ? own : requirement;
  }
  return requirement;
}

Difference Wrong(const ExpectedItem& item, const Item& seen, const FieldDifference& field) {
  return {seen.entry, RequirementOf(item, field), item.reason.row,
          fmt::format("{}: {} expected {}, seen {}", Shown(seen), field.path, field.expected,
                      field.seen)};
}

Difference TooMany(const Item& item, const Expected& expected) {
  const std::string message = item.event != nullptr      ? MessageOf(*item.event)
                              : item.header() != nullptr ? MessageOf(*item.header())
                                                         : "";
  const Reason* reason = nullptr;
  for (const Reason& row : expected.rows) {
    reason =
        reason == nullptr || row.message == message || reason->message != message ? &row : reason;
  }
  Difference difference{item.entry, "", "", fmt::format("{}, which nothing asks for", Shown(item)),
                        true};
  if (reason != nullptr && (reason->message == message || message.empty())) {
    difference.requirement = reason->requirement;
    difference.row = reason->row;
  }
  return difference;
}

std::optional<Difference> FirstOfItems(const Expected& expected, std::vector<Item>& items) {
  const Matching matching(expected, items);
  for (std::size_t i = 0; i < expected.items.size(); ++i) {
    const ExpectedItem& wanted = expected.items[i];
    const Item* item = matching.Of(i);
    if (item == nullptr && !wanted.optional) {
      return Missing(wanted);
    }
    const auto field = item == nullptr ? std::nullopt : DifferenceOf(wanted, *item);
    if (field) {
      return Wrong(wanted, *item, *field);
    }
  }
  for (const Item& item : items) {
    if (item.match == nullptr) {
      return TooMany(item, expected);
    }
  }
  return std::nullopt;
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
      return Difference{
          item.entry, before->match->reason.requirement, before->match->reason.row,
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
  control::v1::Reply said = seen.control->reply;
  control::v1::Reply history;  // Counters and deadlines are judged elsewhere.
  if (said.has_error()) {
    history.mutable_error()->set_kind(said.error().kind());
  }
  if (said.has_sent_message()) {
    *history.mutable_sent_message() = said.sent_message();
  }
  if (said.has_transaction()) {
    *history.mutable_transaction() = said.transaction();
  }
  const auto field = FirstDifference(*expected.reply->result, history, expected.reply->leeway);
  if (!field) {
    return std::nullopt;
  }
  return Difference{
      seen.act, RequirementOf(*expected.reply, *field), expected.reply->reason.row,
      fmt::format("the reply says {} {}, expected {}", field->path, field->seen, field->expected)};
}

}  // namespace

std::optional<Difference> Compare(const Expected& expected, const Seen& seen) {
  std::vector<Item> items = ItemsOf(seen);
  if (auto difference = FirstOfItems(expected, items)) {
    return difference;
  }
  if (auto difference = FirstOutOfOrder(items)) {
    return difference;
  }
  return OfReply(expected, seen);
}

}  // namespace cmb::conformance::oracle::tables
