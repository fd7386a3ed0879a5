#include "conformance/oracle/tables/matching.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cmb::conformance::oracle::tables {
namespace {

using ack::v1::Event;

std::string LaneOf(const std::string& socket, const std::string& peer) {
  return socket + '\n' + peer;
}

void AddFrame(const FrameSeen& seen, std::vector<Item>& items) {
  const std::string lane = LaneOf(seen.frame->socket, seen.frame->peer);
  if (seen.header == nullptr || !seen.header->has_ack_batch() || seen.header->has_ack()) {
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

bool IsOfRow(const Item& item, const ExpectedItem& wanted) {
  return item.match != nullptr && item.match->reason.row == wanted.reason.row &&
         item.match->reason.cause == wanted.reason.cause &&
         item.match->reason.message == wanted.reason.message;
}

// It comes whether the record changes or not.
bool IsReceipt(const Item& item) {
  return item.header()->ack().ack_type() == ack::v1::ACK_TYPE_RECEIPT;
}

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

  std::vector<const Item*> Take() { return std::move(matches_); }

 private:
  bool IsClose(const ExpectedItem& wanted, const Item& item, Closeness closeness) const {
    switch (closeness) {
      case Closeness::kEqual:
        return NameOf(wanted, true) == item.Fine() && !DifferenceOf(wanted, item);
      case Closeness::kOfOneName:
        return NameOf(wanted, true) == item.Fine();
      case Closeness::kOfOneMessage:
        return !wanted.is_above && NameOf(wanted, false) == item.Coarse();
    }
    return false;
  }

  void Match(std::size_t index, Closeness closeness) {
    const ExpectedItem& wanted = expected_.items[index];
    const std::string lane = LaneOf(wanted);
    for (Item& item : items_) {
      if (item.match == nullptr && item.IsReadable() && item.lane == lane &&
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

}  // namespace

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

std::optional<FieldDifference> DifferenceOf(const ExpectedItem& expected, const Item& item) {
  if (const auto* frame = std::get_if<ExpectedFrame>(&expected.what)) {
    return DifferenceOf(*frame, item, expected.leeway);
  }
  Event numbered = std::get<Event>(expected.what);
  numbered.set_number(item.event->number());  // The interpreter counts them.
  return FirstDifference(numbered, *item.event, expected.leeway);
}

namespace {

// A re-send that leaves under an id of its own.
std::optional<FieldDifference> SentAsAnother(const ExpectedItem& wanted, const Item& item) {
  const auto* frame = std::get_if<ExpectedFrame>(&wanted.what);
  const auto* seen = item.event == nullptr ? item.header() : nullptr;
  const bool is_it = frame != nullptr && seen != nullptr && item.match == nullptr &&
                     frame->header.msg_type() == ack::v1::MSG_TYPE_MESSAGE &&
                     seen->msg_type() == frame->header.msg_type() && frame->header.attempt() > 1 &&
                     seen->attempt() == frame->header.attempt() && item.lane == LaneOf(wanted);
  return is_it ? std::optional(
                     FieldDifference{"message_id", frame->header.message_id(), seen->message_id()})
               : std::nullopt;
}

}  // namespace

std::optional<FieldDifference> ToldOfAnother(const ExpectedItem& wanted, const Item& item) {
  if (auto sent = SentAsAnother(wanted, item)) {
    return sent;
  }
  const auto* event = std::get_if<Event>(&wanted.what);
  const bool is_it = event != nullptr && event->has_anomaly() && item.match == nullptr &&
                     item.event != nullptr && item.event->has_anomaly() &&
                     item.event->anomaly().kind() == event->anomaly().kind() &&
                     !item.event->anomaly().message_id().empty();
  if (!is_it) {
    return std::nullopt;
  }
  return FieldDifference{"anomaly.message_id", event->anomaly().message_id(),
                         item.event->anomaly().message_id()};
}

bool IsUntoldChange(const ExpectedItem& wanted, const std::vector<Item>& items) {
  const auto* event = std::get_if<Event>(&wanted.what);
  // What a router forwards and passes on tells nothing of its record.
  if (event == nullptr || event->transition().role() == ack::v1::ROLE_ROUTER) {
    return false;
  }
  bool seen = false;
  for (const Item& item : items) {
    if (!IsOfRow(item, wanted)) {
      continue;
    }
    if (DifferenceOf(*item.match, item)) {
      return false;
    }
    seen = seen || (item.event != nullptr ? !item.event->has_transition() : !IsReceipt(item));
  }
  return seen && event->has_transition();
}

const Item& WhereDone(const ExpectedItem& wanted, const Item& seen, const FieldDifference& field,
                      const std::vector<Item>& items) {
  if (field.path != "transition.details.error_code") {
    return seen;
  }
  const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    return item.event == nullptr && IsOfRow(item, wanted) && DifferenceOf(*item.match, item);
  });
  return found == items.end() ? seen : *found;
}

bool ChangesLate(const Item& before, const Item& item) {
  return item.event != nullptr && item.event->has_transition() && !before.event->has_transition() &&
         item.match->reason.cause == before.match->reason.cause;
}

std::string NameOf(const ExpectedItem& item, bool fine) {
  if (const auto* frame = std::get_if<ExpectedFrame>(&item.what)) {
    return fine ? FineName(frame->header) : CoarseName(frame->header);
  }
  const auto& event = std::get<Event>(item.what);
  return fine ? FineName(event) : CoarseName(event);
}

std::vector<const Item*> Match(const Expected& expected, std::vector<Item>& items) {
  return Matching(expected, items).Take();
}

}  // namespace cmb::conformance::oracle::tables
