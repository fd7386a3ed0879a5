// What a sender refuses to send (CMB-SND-004). Pure.
#pragma once

#include "conformance/oracle/tables/model.h"

namespace cmb::conformance::oracle::tables::sender {

// `in_flight` messages are not terminal; `header_bytes` is the length of the first attempt's.
bool IsRefused(const World& world, const control::v1::Send& send, std::size_t in_flight,
               std::size_t header_bytes);

}  // namespace cmb::conformance::oracle::tables::sender
