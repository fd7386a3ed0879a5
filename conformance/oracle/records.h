// Which record of a target an event or an answer is about. Several messages may share one, and a
// key whose work ended before its start may be borne by another record later (CMB-DUP-010). Called
// by rules; built once a call. Borrows the history. No threads.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle {

// Source and message_id; a record has the name of the message that made it.
using MessageName = std::pair<std::string, std::string>;

class Records {
 public:
  explicit Records(const History& history);

  // The record to which the message was attached at `mark`; its own name where it never came.
  MessageName Of(const MessageName& message, const Mark& mark) const;

 private:
  struct Step {
    std::size_t entry = 0;
    const FrameSeen* copy = nullptr;
    const TransitionSeen* transition = nullptr;
  };

  std::vector<Step> Steps() const;
  void Take(const FrameSeen& copy);
  void Take(const TransitionSeen& seen);
  void Attach(const MessageName& message, const MessageName& record, std::size_t entry);
  // All of `refused` goes over to `other`.
  void Merge(const MessageName& refused, const MessageName& other, std::size_t entry);
  bool FoundNoRoom(const FrameSeen& copy) const;
  bool WasCancelledBefore(const FrameSeen& first) const;
  bool HasJustExpired(const MessageName& record, const FrameSeen& copy) const;

  const History& history_;
  std::map<MessageName, std::map<std::size_t, MessageName>> records_;  // From that entry on.
  std::map<MessageName, std::uint32_t> attempts_;                      // The highest that came.
  std::map<Work, MessageName> bearers_;
  std::map<MessageName, Work> keys_;  // Of records.
  std::set<MessageName> refused_;     // Retryably, and not reopened.
};

}  // namespace cmb::conformance::oracle
