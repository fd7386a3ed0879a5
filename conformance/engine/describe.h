// Frames and events as lines for people: what a report shows as `got`, as the
// window, as the frames that were not consumed. Pure. Scenario language,
// section 10; design, section 4.4 ("A failure shows").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/engine/item.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/window.h"

namespace cmb::conformance::engine {

// "1500ms", "2s", "3min" in the notation of the scenarios.
std::string DurationText(std::uint64_t ms);

// "ROUTER_ACK/REJECTED NO_ROUTE of m1, attempt 1".
std::string DescribeHeader(const ack::v1::CognitiveMessage& header, const MessageBook& book);

// "at 2s: SEND_PENDING -> ROUTED (ROUTER_ACK) of m1".
std::string Describe(const Item& item, const MessageBook& book);

// What a person reads at once; the whole is in the transcript.
inline constexpr std::size_t kWindowLines = 16;

// The items of the window, the consumed ones marked; at most `most` of them,
// and then how many more there are.
std::vector<std::string> DescribeWindow(const Window& window, const MessageBook& book,
                                        std::size_t most = kWindowLines);

}  // namespace cmb::conformance::engine
