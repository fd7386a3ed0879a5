// Selects and judges one item by one expectation. Selection is by kind, message
// and receiver; judgement is everything else that is written. Called by the
// observer. Holds no state of its own; one thread. Scenario language, section 4.
#pragma once

#include <string>
#include <vector>

#include "conformance/engine/field_matcher.h"
#include "conformance/engine/item.h"
#include "conformance/engine/message_book.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class ItemJudge {
 public:
  // Both outlive the judge.
  ItemJudge(const scenario::Case& scenario, const MessageBook& book);

  // Whether `expect` would take this item: kind, message `alias` (empty: about
  // any) and receiver, which by default is where the spec sends that kind.
  bool Selects(const scenario::Expectation& what, const std::string& alias, const Item& item) const;

  // One line for each field in which the item differs from what is wanted.
  // Empty: it agrees. REQUIRES: Selects().
  std::vector<std::string> Differences(const scenario::Expectation& what, const Item& item) const;

  // What `never` forbids: an item that agrees with all that is written, where
  // nothing is added to what is written.
  bool AgreesWithAllWritten(const scenario::Expectation& what, const Item& item) const;

  // "MESSAGE of m1, attempt 2, ttl 9000".
  std::string Want(const scenario::Expectation& what, const std::string& alias) const;

  // A frame's field by a path that may leave `ack.` out where the header has no
  // such field.
  FieldValue Field(const Item& item, const std::string& path) const;

  Expand expand() const;

  // Who asks for what did not come, as default_blame.h says.
  std::string Row(const scenario::Expectation& what, bool again) const;
  std::string RowOfTime(const scenario::Expectation& what) const;
  std::string RowOfMove(ack::v1::State from, ack::v1::State to, ack::v1::Reason reason) const;

 private:
  bool IsOf(const std::string& alias, const Item& item) const;
  bool ReachedReceiver(const std::string& module, const Item& item) const;
  std::string DefaultReceiver(const std::string& alias, const Item& item) const;
  // Lines for same_as, same_bytes_as and the payload.
  void CompareWhole(const scenario::Expectation& what, const Item& item,
                    std::vector<std::string>& lines) const;
  void ComparePayload(const scenario::PayloadMatch& match, const Item& item,
                      std::vector<std::string>& lines) const;

  const scenario::Case& scenario_;
  const MessageBook& book_;
};

}  // namespace cmb::conformance::engine
