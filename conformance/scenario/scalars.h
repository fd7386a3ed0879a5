// Durations, ranges, counts, sizes, names and ids: the texts of the scenario
// language, section 2. Each function reports what is wrong and then returns
// nothing. No state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

// False, and an error, when the node is a list or a mapping. `what` is what
// was wanted: "a duration such as 1500ms".
bool RequireScalar(const Node& node, std::string_view what, Report& report);
bool RequireSequence(const Node& node, std::string_view what, Report& report);
bool RequireMapping(const Node& node, std::string_view what, Report& report);

std::optional<Milliseconds> ParseDuration(const Node& node, Report& report);
// `5s` or `2s..4s`.
std::optional<DurationRange> ParseDurationRange(const Node& node, Report& report);
// `+1h`, `-1h`.
std::optional<Milliseconds> ParseJump(const Node& node, Report& report);
// A whole number not above `max`.
std::optional<std::uint64_t> ParseCount(const Node& node, Report& report,
                                        std::uint64_t max = UINT64_MAX);
std::optional<CountRange> ParseCountRange(const Node& node, Report& report);
// `65537`, `64KiB`, `1MiB`.
std::optional<std::uint64_t> ParseSize(const Node& node, Report& report);
// A decimal such as 1.5, between 0 and 1000.
std::optional<double> ParseFactor(const Node& node, Report& report);
// That of a policy, which may be what no policy may be: nan.
std::optional<double> ParsePolicyFactor(const Node& node, Report& report);
std::optional<bool> ParseBool(const Node& node, Report& report);
// Pairs of hexadecimal digits as bytes.
std::optional<std::string> ParseHex(const Node& node, Report& report);
// `[a-z][a-z0-9_]*`.
std::optional<std::string> ParseName(const Node& node, Report& report);
// A name, also with `@` before it: an id that no module may have.
std::optional<std::string> ParseModule(const Node& node, Report& report);
// An alias, a family `m1..m200`, or a list of these: the aliases, in order.
std::optional<std::vector<std::string>> ParseAliases(const Node& node, Report& report);

// The same without a report. "m1..m3" is three aliases; absent: neither a
// name nor a family.
std::optional<std::vector<std::string>> ExpandFamily(std::string_view text);
// A whole number that 64 bits hold, digits alone.
std::optional<std::uint64_t> WholeNumber(std::string_view text);
bool IsName(std::string_view text);
// Path-like; `@axis=label,…` may follow, as `list --effective` writes it.
bool IsScenarioId(std::string_view text);

}  // namespace cmb::conformance::scenario
