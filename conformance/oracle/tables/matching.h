// Items that were seen in one exchange, and which of them is which expected one. They are matched
// lane by lane: frames of one socket and peer, and events, are in order; between two lanes no order
// is known. Pure; no threads.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "conformance/oracle/tables/describe.h"
#include "conformance/oracle/tables/expectation.h"
#include "conformance/oracle/tables/field_difference.h"

namespace cmb::conformance::oracle::tables {

// One item that was seen; the ACKs of a batch one by one.
struct Item {
  std::size_t entry = 0;
  std::string lane;
  const FrameSeen* frame = nullptr;  // Null: an event.
  const ack::v1::Event* event = nullptr;
  std::optional<ack::v1::CognitiveMessage>
      unpacked;  // One ACK of a batch, as if it had come alone.
  const ExpectedItem* match = nullptr;

  const ack::v1::CognitiveMessage* header() const { return unpacked ? &*unpacked : frame->header; }
  std::string Coarse() const {
    return event != nullptr ? CoarseName(*event) : CoarseName(*header());
  }
  bool IsReadable() const { return event != nullptr || header() != nullptr; }
  // REQUIRES: IsReadable().
  std::string Fine() const { return event != nullptr ? FineName(*event) : FineName(*header()); }
};

std::vector<Item> ItemsOf(const Seen& seen);
// By which items are told apart that nothing orders.
std::string LaneOf(const ExpectedItem& item);
std::string NameOf(const ExpectedItem& item, bool fine);
// The first field in which the item is other than expected.
std::optional<FieldDifference> DifferenceOf(const ExpectedItem& expected, const Item& item);
// Of an anomaly that is counted as what it is, and tells of something else.
std::optional<FieldDifference> ToldOfAnother(const ExpectedItem& wanted, const Item& item);
// A change that is not told, of whose row all else is as expected that was seen, and something was.
bool IsUntoldChange(const ExpectedItem& wanted, const std::vector<Item>& items);
// A code is told as it was given: the frame of the same row that is not as expected. Else `seen`.
const Item& WhereDone(const ExpectedItem& wanted, const Item& seen, const FieldDifference& field,
                      const std::vector<Item>& items);
// Of what one cause makes the change comes first (CMB-OBS-011), and here it does not.
bool ChangesLate(const Item& before, const Item& item);

// For each expected item the one that was seen, null where there is none: equal ones first, then
// those of one name, then those about the same message. Sets `match` of the items.
std::vector<const Item*> Match(const Expected& expected, std::vector<Item>& items);

}  // namespace cmb::conformance::oracle::tables
