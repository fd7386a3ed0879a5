// The rows of the state tables that a requirement asks for, as `explain` prints them. Reads
// spec/machines.json. Any thread.
#pragma once

#include <string>
#include <vector>

namespace cmb::conformance::runner {

// "sender, DELIVERY_ACK/SUCCESS [required_ack later], in SEND_PENDING, ROUTED: -> DELIVERED
// (DELIVERY_ACK); disarm phase; arm execution". What is for some alone says for whom: "disarm
// cancel (TRACKED)". None where the file cannot be read.
std::vector<std::string> RowsOf(const std::string& requirement, const std::string& machines_json);

}  // namespace cmb::conformance::runner
