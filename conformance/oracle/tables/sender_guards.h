// The guards of the sender's table, one function each. Pure.
#pragma once

#include "conformance/oracle/tables/machine_tables.h"
#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/sender_record.h"

namespace cmb::conformance::oracle::tables::sender {

// What a guard looks at: the record, and what came for it.
struct Input {
  const World& world;
  const Record& record;
  const ack::v1::Ack* ack = nullptr;  // Null: no ACK came.
  std::string_view source = {};       // Of the ACK's header.
  bool circuit_refuses = false;       // Chapter 19; of a send only.
  bool judged_before = false;         // Finding 9.
};

bool Holds(SenderGuard guard, const Input& input);

// It is no code that anybody knows (CMB-VER-005).
bool IsNoCode(ack::v1::ErrorCode code);
// The policy, or its default, calls it retryable.
bool IsListed(ack::v1::ErrorCode code, const ack::v1::DeliveryPolicy& policy);
bool RetryWaits(const World& world, const Record& record);
// Bad news and the code decide (7.4).
bool IsRetryable(const Input& input);
// No retry is left, of what is retryable.
bool MetSpentBudget(const Input& input);
// What breaks where another row was taken than this one, `row`, whose guards rest on a default of
// the policy or on a code. Empty: the row's own.
std::string_view DecidedBy(const SenderTable::Row& row, const Input& input);
// CMB-RTY-010 is why it is retryable, and not the policy.
bool IsRetriedByItsRoute(const Input& input);
// It is inside the message's own window and outside that of the setting, or the other way round.
bool DecidesByOwnWindow(const Input& input);
// 9.4, rows 1 to 3.
bool AttestsStart(const ack::v1::Ack& ack);
// 2.2.
bool IsBadNews(const ack::v1::Ack& ack);
bool IsProgress(const ack::v1::Ack& ack);

// The channels that the attempts go by (18): the policy's, else the message's and the endpoint's
// others.
std::vector<std::string> ChannelsOf(const World& world, const control::v1::Send& send);

}  // namespace cmb::conformance::oracle::tables::sender
