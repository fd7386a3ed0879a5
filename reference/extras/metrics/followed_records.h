// The records that events tell of, as long as they are not terminal: how long each
// stage lasted, and how many stand in each state.
//
// Behind MetricsEventSink. Threads: one at a time. Spec: chapter "Observability",
// metrics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "cmb/ack/v1/record.pb.h"

namespace cmb::reference {

// True: nothing but a late ACK changes a record in this state.
bool IsTerminal(ack::v1::State state);

class FollowedRecords {
 public:
  // Beyond `bound` the record that changed longest ago is followed no more.
  explicit FollowedRecords(std::size_t bound) : bound_(bound) {}

  struct Step {
    // In the state that was left. Absent: no event tells when it was entered.
    std::optional<std::uint64_t> stage_ms;
    // Since the first event of the record: of a sender's since the SEND.
    std::uint64_t age_ms = 0;
  };
  Step Take(const ack::v1::TransitionEvent& event);

  using Pending = std::map<std::pair<ack::v1::Role, ack::v1::State>, std::uint64_t>;
  const Pending& pending() const { return pending_; }

 private:
  using Key = std::tuple<int, std::string, std::string>;  // Role, source, message_id.
  struct Followed {
    ack::v1::State state = ack::v1::STATE_UNSPECIFIED;
    std::uint64_t entered_ms = 0;  // The state.
    std::uint64_t began_ms = 0;
    std::uint64_t change = 0;  // Number of its last one.
  };

  void Follow(const Key& key, Followed record);
  void Unfollow(const Key& key);
  std::uint64_t& PendingOf(const Key& key, const Followed& record);

  std::size_t bound_;
  std::map<Key, Followed> records_;
  std::map<std::uint64_t, Key> by_change_;  // The oldest first.
  std::uint64_t last_change_ = 0;
  Pending pending_;
};

}  // namespace cmb::reference
