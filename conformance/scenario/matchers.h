// Field matchers, `set`, payloads and harms (scenario language, section 2).
// Each function reports what is wrong. No state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/scenario/language.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// `type` is one of Type::kMatch…: how the values of the field are written.
std::optional<Matcher> ParseMatcher(const Node& node, Type type, Report& report);

// `fields: {PATH: matcher}` of a record or frame of that kind.
std::vector<FieldMatch> ParseFields(const Node& node, Term::Kind kind, Report& report);
// Of the record that a role tells of a message.
std::vector<FieldMatch> ParseRecordFields(const Node& node, Report& report);

// `set: {PATH: value}`.
std::vector<SetField> ParseSet(const Node& node, Report& report);

Payload ParsePayload(const Node& node, Report& report);
// Of a message: which of its keys it is, or one that is as long.
std::string ParseKey(const Node& node, Report& report);
PayloadMatch ParsePayloadMatch(const Node& node, Report& report);
Harm ParseHarm(const Node& node, Report& report);

// `anomalies: {KIND: count}` or one count.
std::vector<AnomalyCount> ParseAnomalies(const Node& node, Report& report);
TimerCheck ParseTimers(const Node& node, Report& report);
// `views: {cmb_v0: …}`.
std::vector<FieldMatch> ParseViews(const Node& node, Report& report);

}  // namespace cmb::conformance::scenario
