// Small, deliberate damage to a recorded transcript, for the test that shows that each rule of the
// oracle bites. Test code only.
#pragma once

#include <functional>
#include <string>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance::oracle {

using Match = std::function<bool(const Entry&)>;

// Matches: frames by direction and kind, events by kind.
Match MessageFrame(Direction direction, std::uint32_t attempt = 0);  // 0: any attempt.
Match AckFrame(Direction direction, ack::v1::AckType type);
Match FrameOf(Direction direction, ack::v1::MsgType type);
Match Transition(ack::v1::State new_state);
Match EventOf(ack::v1::Event::KindCase kind);
Match Request(control::v1::Request::RequestCase kind);

// Index of the match number `nth` (from 0). Aborts the test when there is none.
std::size_t Find(const Transcript& transcript, const Match& match, std::size_t nth = 0);

Entry& At(Transcript& transcript, const Match& match, std::size_t nth = 0);
ack::v1::CognitiveMessage& Header(Entry& entry);
ack::v1::Event& EventIn(Entry& entry);

void Drop(Transcript& transcript, const Match& match, std::size_t nth = 0);
void Duplicate(Transcript& transcript, const Match& match, std::size_t nth = 0);
// Takes the entry to the end of the exchange, which may be a new last one.
void MoveTo(Transcript& transcript, std::size_t from, std::uint64_t exchange);
// Adds a copy of `entry` at the end of the exchange.
void AddTo(Transcript& transcript, Entry entry, std::uint64_t exchange);
std::uint64_t LastExchange(const Transcript& transcript);

// Numbers the events of each process from 1 again and makes the raw headers say what the decoded
// ones do.
void Tidy(Transcript& transcript);

}  // namespace cmb::conformance::oracle
