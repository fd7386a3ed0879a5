// Compares a frame with one that was kept, or with a message as it was sent:
// decoded (`same_as`) or byte for byte (`same_bytes_as`). Pure. Scenario
// language, section 4.
#pragma once

#include <string>
#include <vector>

#include "conformance/engine/item.h"
#include "conformance/engine/message_book.h"

namespace cmb::conformance::engine {

// Header (unknown fields included) and payload, but for the paths of `except`.
// In an ACK a path may leave `ack.` out; `payload` excepts the payload. Empty:
// the same. Else what differs, for people.
std::string CompareFrames(const std::string& name, const Item& item,
                          const std::vector<std::string>& except, const MessageBook& book);

// All frames. Empty: the same bytes. Else where they first differ.
std::string CompareBytes(const std::string& name, const Item& item, const MessageBook& book);

}  // namespace cmb::conformance::engine
