// Every single alteration of the fields of a Protobuf message, found by reflection, so that a new
// field of the schemas is altered too. Called by the alterations of frames, events and replies.
// Pure.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <set>
#include <string>

namespace cmb::conformance::alter {

// Name of a field -> the texts that it has somewhere in the recording: the ids of other messages,
// the names of other modules.
using Texts = std::map<std::string, std::set<std::string>>;
void CollectTexts(const google::protobuf::Message& message, Texts& texts);

// What is left as it is, with all below it.
using Skipped = std::function<bool(const google::protobuf::FieldDescriptor&)>;

// `field`: names joined by dots. `done`: +1, -1, set (it was absent), cleared (it was there),
// other value (of an enum), changed (a text), another's (a text of Texts), element added, dropped,
// doubled.
using FieldVisit = std::function<void(const std::string& field, const std::string& done)>;

// Alters `message` in one thing at a time, and calls `visit` while it is so; as it was at the end.
// Alterations with the same result are visited once.
void ForEachFieldAlteration(google::protobuf::Message& message, const Texts& texts,
                            const Skipped& skipped, const FieldVisit& visit);

}  // namespace cmb::conformance::alter
