// A row as a verdict names it. Pure.
#pragma once

#include <fmt/format.h>

#include <string>

#include "cmb/ack/v1/vocabulary.pb.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle::tables {

// "sender, ROUTER_ACK/SUCCESS [required_ack later] in SEND_PENDING".
template <typename Table, typename Row>
std::string RowText(const Table& table, const Row& row, ack::v1::State state) {
  return fmt::format("{}, {} in {}", table.machine, row.name,
                     state == ack::v1::STATE_UNSPECIFIED ? "NONE" : wire::Word(state));
}

}  // namespace cmb::conformance::oracle::tables
