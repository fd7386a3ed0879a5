#include "reference/extras/metrics/followed_records.h"

namespace cmb::reference {

bool IsTerminal(ack::v1::State state) {
  using namespace ack::v1;  // NOLINT: the words of one enum.
  return state == STATE_COMPLETED_SUCCESS || state == STATE_COMPLETED_FAILURE ||
         state == STATE_TIMEOUT_ABORT || state == STATE_SETTLED || state == STATE_REJECTED ||
         state == STATE_DEAD_LETTERED || state == STATE_CANCELLED || state == STATE_SUCCEEDED ||
         state == STATE_FAILED;
}

// A record of which this is the first event: a sender's begins with it, a router's or
// target's began at an instant that no event tells.
FollowedRecords::Step FollowedRecords::Take(const ack::v1::TransitionEvent& event) {
  const Key key{event.role(), event.source(), event.message_id()};
  const auto now_ms = event.monotonic_ms();
  auto began_ms = now_ms;
  Step step;
  if (const auto known = records_.find(key); known != records_.end()) {
    began_ms = known->second.began_ms;
    step.stage_ms = now_ms - known->second.entered_ms;
    Unfollow(key);
  }
  step.age_ms = now_ms - began_ms;
  if (!IsTerminal(event.new_state())) {
    Follow(key, {event.new_state(), now_ms, began_ms, ++last_change_});
  }
  return step;
}

void FollowedRecords::Follow(const Key& key, Followed record) {
  by_change_.emplace(record.change, key);
  records_.emplace(key, record);
  ++PendingOf(key, record);
  if (records_.size() > bound_) {
    Unfollow(Key(by_change_.begin()->second));
  }
}

void FollowedRecords::Unfollow(const Key& key) {
  const auto record = records_.find(key);
  by_change_.erase(record->second.change);
  --PendingOf(key, record->second);
  records_.erase(record);
}

std::uint64_t& FollowedRecords::PendingOf(const Key& key, const Followed& record) {
  return pending_[{static_cast<ack::v1::Role>(std::get<0>(key)), record.state}];
}

}  // namespace cmb::reference
