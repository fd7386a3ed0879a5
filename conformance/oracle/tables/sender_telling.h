// What a sender tells of a record: its events and the answer to GetTransaction (2.4, 2.6, 24,
// 26.1). Pure.
#pragma once

#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/sender_record.h"

namespace cmb::conformance::oracle::tables::sender {

// Into the record's state; `skipped` is not in it.
ack::v1::Event TransitionOf(const World& world, const Record& record, ack::v1::State from);
ack::v1::Event RetryOf(const World& world, const Record& record, ack::v1::Reason reason);
ack::v1::Event ProgressOf(const World& world, const Record& record, const ack::v1::Ack& ack);
// The code and the reason are those of the last transition.
ack::v1::Event AlertOf(const World& world, const Record& record, const std::string& text);
// Of what was dropped; `ack` null: of a frame as a whole.
ack::v1::Event AnomalyOf(ack::v1::AnomalyKind kind, const ack::v1::CognitiveMessage* header,
                         const ack::v1::Ack* ack);

ack::v1::TransactionRecord TransactionOf(const World& world, const Record& record);

}  // namespace cmb::conformance::oracle::tables::sender
