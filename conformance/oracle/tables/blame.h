// The sentences on the form of what an implementation makes: they break whatever row asks for the
// item. A field that an ExpectedItem names itself has the sentence given there. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "conformance/oracle/history/history.h"
#include "conformance/oracle/tables/field_difference.h"

namespace cmb::conformance::oracle::tables {

// Of a field that is other than expected. Empty: the row's own.
std::string_view FormOf(const ack::v1::Event& expected, const FieldDifference& field,
                        const History& history);
std::string_view FormOf(const ack::v1::CognitiveMessage& expected, const FieldDifference& field,
                        const History& history);

// Of a value that a sentence forbids, whatever asks for the item. Empty: none does.
std::string_view OfValue(const FieldDifference& field);

// What a reply answers; its counters and deadlines are judged elsewhere.
control::v1::Reply ResultIn(const control::v1::Reply& reply);

// Of a field of an answer; empty: the answer's.
std::string_view FormOfReply(const FieldDifference& field);

// Of a frame that goes where its header does not say. Empty: it goes there.
std::string_view OfWay(const ack::v1::CognitiveMessage& header, const std::string& peer,
                       const History& history);

// Of what was counted as MALFORMED, or an ACK as DUPLICATE_ACK, where it was to take effect. Empty:
// it was not.
std::string_view InPlaceOfIt(const ack::v1::Event& event, ack::v1::Role role);

// Of an event that tells what another one of the exchange told, or tells no change. Empty: the
// row's own.
std::string_view OnceOnly(const ack::v1::Event& event, bool again, ack::v1::Role role);

}  // namespace cmb::conformance::oracle::tables
