// The order of judgement of 3.6 at a sender: what a frame is before a row of the table is asked.
// Pure.
#pragma once

#include <optional>

#include "conformance/oracle/tables/machine_tables.h"
#include "conformance/oracle/tables/sender_guards.h"

namespace cmb::conformance::oracle::tables::sender {

// What is judged: a frame as a whole, or one ACK of it.
struct Arrival {
  const World& world;
  const FrameSeen& seen;
  const ack::v1::Ack* ack = nullptr;  // Null: of the frame no ACK is judged yet.
  const Input* input = nullptr;       // Null: there is no record.
};

// The first finding that applies; absent: the frame is taken, or the table decides.
const JudgementRow<Judgement>* FindingOf(const Arrival& arrival);

// The ROUTER_ACK/REJECTED that answers a PING (CMB-WIRE-026).
bool AnswersPing(const Arrival& arrival);

}  // namespace cmb::conformance::oracle::tables::sender
