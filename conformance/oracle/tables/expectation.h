// What an IUT must produce in one exchange, by the tables: each frame, event and answer with the
// sentence that asks for it. A model fills it; `Compare` holds it against what was seen. Values; no
// threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "conformance/oracle/history/history.h"

namespace cmb::conformance::oracle::tables {

// Why something is expected, or why nothing more is.
struct Reason {
  std::string_view requirement;
  std::string row;        // "sender, ROUTER_ACK/SUCCESS [required_ack later] in SEND_PENDING".
  std::string message;    // The message_id whose row it is. Empty: nobody's.
  std::size_t cause = 0;  // Entry of the transcript that was handled.
};

struct ExpectedFrame {
  std::string socket, peer;
  ack::v1::CognitiveMessage header;   // A batch is expected as its single ACKs.
  std::optional<FrameBytes> payload;  // Absent: any, as an ACK's payload may be (CHO-012).
  // Passed on: these bytes and no others stand in the header part.
  std::optional<FrameBytes> header_bytes;
};

struct ExpectedItem {
  std::variant<ExpectedFrame, ack::v1::Event> what;
  Reason reason;
  // Which fields the register leaves open: groups of choices.yaml besides "all". Besides, in full
  // (cmb.ack.v1.Health.refused_connections), what depends on what no recording holds.
  std::vector<std::string_view> leeway;
  // Items of one number other than 0 may stand in any order among themselves.
  int unordered = 0;
  // It may be missing (a choice allows it).
  bool optional = false;
  // And nobody asks for it (level.h): what is not just this is something else.
  bool is_above = false;
  // It may come after what is expected after it.
  bool late = false;
  // The number of the timer that makes it, of those that fire in one exchange; 0: none does.
  int fired = 0;
  // A field whose content has a sentence of its own, "ack.attempt" for example; else that of
  // blame.h, else `reason`. "order": what breaks where it comes too late in its lane; "missing":
  // where it does not come; "instead": and another event of its message came unasked.
  std::vector<std::pair<std::string, std::string_view>> fields;
};

// What a Reply must say besides its counters, which are the harness's.
// Of ExpectedReply::fields: who asks that a record be there still.
inline constexpr char kForgotten[] = "forgotten";

struct ExpectedReply {
  Reason reason;
  std::optional<control::v1::Reply> result;  // `error.kind` or the result; absent: not judged.
  std::vector<std::string_view> leeway;
  std::vector<std::pair<std::string, std::string_view>> fields;  // As in ExpectedItem.
};

struct Expected {
  std::vector<ExpectedItem> items;  // In the order in which they arise.
  std::optional<ExpectedReply> reply;
  // Each row that applied, also where it asks for nothing: what is too many breaks it.
  std::vector<Reason> rows;
};

struct Difference {
  std::size_t entry = 0;  // Where it shows: what was seen, or what was handled.
  std::string_view requirement;
  std::string row;
  std::string sentence;
  bool too_many = false;  // Seen, and nothing asks for it.
  // Entries of all that was seen in the exchange and is nothing that was expected.
  std::vector<std::size_t> odd = {};
  // How many items of the exchange are missing, too many or other than expected.
  std::size_t apart = 0;
};

// What was seen in one exchange.
struct Seen {
  std::vector<FrameSeen> frames;                                      // From the IUT.
  std::vector<std::pair<std::size_t, const ack::v1::Event*>> events;  // Entry and event.
  std::size_t act = 0;  // Entry of the request and its reply.
  const ControlAct* control = nullptr;
  std::uint64_t unreached = 0;  // Sends that it counts as refused: nobody was there.
};

// The first difference in the order in which things were expected; absent: all that was expected
// was seen, and nothing else. The history says whose it is.
std::optional<Difference> Compare(const Expected& expected, const Seen& seen,
                                  const History& history);

}  // namespace cmb::conformance::oracle::tables
