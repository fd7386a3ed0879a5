// The record of one case: everything that passed between the suite and the implementation under
// test (IUT), in order. The engine fills it while a case runs; the oracle and the reports read it
// when the case is over. Plain values, no threads. Spec: chapter conformance.
//
// What is not in it, so that two runs are byte-identical: ports, process ids, wall time, and the
// seq, epoch and incarnation of the control channel. The Make… functions below leave these out;
// build entries with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance {

enum class Direction { kToIut, kFromIut };

// Names of the two sockets that are not message channels (those go by their own name: "main").
inline constexpr char kAckIngress[] = "ack_ingress";
inline constexpr char kAckEgress[] = "ack_egress";

// Of another router than the first (fallback) they are "ack_ingress/NAME" and "ack_egress/NAME".
bool IsAckIngress(const std::string& socket);
bool IsAckEgress(const std::string& socket);
// The other end of the pair: where the answer to what came by that egress goes.
std::string IngressBeside(const std::string& egress);

// Steps that are not written in the scenario.
inline constexpr int kGivenStep = -1;    // While `given` is reached.
inline constexpr int kClosingStep = -2;  // After the last step: closing check.

// Bytes of one frame. Long payloads are kept as size and hash only.
inline constexpr std::size_t kKeptBytes = 4096;
struct FrameBytes {
  std::uint64_t size = 0;
  std::uint64_t hash = 0;  // FNV-1a, 64 bit. Tells equal from different, no more.
  bool elided = false;     // True: `bytes` is empty because the frame is longer than kKeptBytes.
  std::string bytes;

  bool operator==(const FrameBytes&) const = default;
};

// One multipart message on a data socket of the IUT.
struct DataFrame {
  Direction direction = Direction::kToIut;
  std::string socket;  // Channel name, kAckIngress or kAckEgress.
  // Routing id of the connection at the suite's end: for a router IUT the module ("sender"), for an
  // endpoint IUT always "@router".
  std::string peer;
  std::vector<FrameBytes> frames;  // As they travelled; the header is never elided.
  std::optional<ack::v1::CognitiveMessage> header;  // Absent: it does not decode, see `fault`.
  std::string fault;                                // Why it does not decode. Empty: it does.

  // The second frame; a frame of size 0 if there is none.
  const FrameBytes& payload() const;
};

// One request on the control channel and its reply, without the events (they are entries of their
// own). Clock moves are requests of the kind `advance`, observed timers replies with `timers`.
struct ControlAct {
  control::v1::Request request;  // seq, incarnation and epoch cleared; Send.payload moved out.
  control::v1::Reply reply;      // seq, epoch and events cleared.
  FrameBytes payload;            // Of a Send. Else size 0.
};

// One event as the IUT numbered it (Event.number), wall_ms cleared.
struct IutEvent {
  ack::v1::Event event;
};

enum class NoteKind {
  kFault,  // A fault bent, delayed, duplicated or dropped the frame.
  kLost,   // A frame that had nobody to go to.
  kDrawn,  // A value drawn from the seed.
  kOther,
};

// What the suite did behind the scenes. `frame`: the one it was done to; it did not travel.
struct Note {
  NoteKind kind = NoteKind::kOther;
  std::string text;
  std::optional<DataFrame> frame;
};

// A step of the scenario begins.
struct StepMarker {
  int line = 0;      // In the scenario's file, from 1. 0: not written there.
  std::string text;  // The step as written, on one line.
};

// The life of the IUT's process. A crash ends what a process without store knew; with the start a
// new one numbers its events from 1. The Begin of the start is a ControlAct behind the mark, in the
// same exchange, and what it recovered follows as frames and events.
enum class ProcessMoment {
  kCrashed,
  kStarted,
};
struct ProcessMark {
  ProcessMoment moment = ProcessMoment::kCrashed;

  bool operator==(const ProcessMark&) const = default;
};

using What = std::variant<DataFrame, ControlAct, IutEvent, Note, StepMarker, ProcessMark>;

struct Entry {
  std::uint64_t at_ms = 0;  // Instant on the case's clock.
  int step = kGivenStep;    // Index into the scenario's steps, or one of the constants above.
  // Number of the control exchange (request and reply) to which it belongs, rising from 1. Frames
  // to the IUT carry that of the Advance that hands them over. Inside one exchange inputs stand
  // before outputs, but nothing follows from the order of two outputs unless they are frames of
  // one socket and peer, or both events.
  std::uint64_t exchange = 0;
  What what;
};

// What the IUT was told, and had declared.
struct TranscriptHeader {
  std::string case_id;
  ack::v1::Role role = ack::v1::ROLE_UNSPECIFIED;           // The IUT's.
  std::string module_id;                                    // "sender", "target" or "@router".
  std::vector<std::string> channels;                        // Names, of all routers, in order.
  ack::v1::Profile profile = ack::v1::PROFILE_UNSPECIFIED;  // Declared for this role.
  std::vector<ack::v1::Feature> features;                   // Declared.
  control::v1::Settings settings;                           // Of this case.
  std::uint64_t seed = 0;
  // Router IUT: the modules that have connected when the case begins. Empty: not said.
  std::vector<std::string> connected;
  bool frames_only = false;  // Nothing but frames was seen of it.
  // Endpoint IUT: name and channels of each router but the first.
  std::vector<std::pair<std::string, std::vector<std::string>>> other_routers;

  // Name of the router that the channel leads to. Empty: the first.
  std::string RouterOf(const std::string& channel) const;
  // Of the router of that name.
  std::string IngressOf(const std::string& router) const;
  // All of them, in Configure order.
  std::vector<std::string> Sockets() const;
};

struct Transcript {
  TranscriptHeader header;
  std::vector<Entry> entries;
};

bool operator==(const DataFrame& a, const DataFrame& b);
bool operator==(const ControlAct& a, const ControlAct& b);
bool operator==(const IutEvent& a, const IutEvent& b);
bool operator==(const Note& a, const Note& b);
bool operator==(const StepMarker& a, const StepMarker& b);
bool operator==(const Entry& a, const Entry& b);
bool operator==(const TranscriptHeader& a, const TranscriptHeader& b);
bool operator==(const Transcript& a, const Transcript& b);

FrameBytes MakeFrameBytes(const std::string& bytes, bool keep_always = false);
// `frames` without the routing id. Decodes with the frame codec.
DataFrame MakeDataFrame(Direction direction, std::string socket, std::string peer,
                        const std::vector<std::string>& frames);
ControlAct MakeControlAct(control::v1::Request request, control::v1::Reply reply);
IutEvent MakeIutEvent(ack::v1::Event event);

}  // namespace cmb::conformance
