// The words of the protocol as the loader needs them: parsing with the nearest
// known word, which statuses a type has, which states a role has, which link a
// frame crosses. Words come from the schemas. No state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmb/ack/v1/vocabulary.pb.h"
#include "conformance/scenario/model.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/report.h"
#include "proto/wire/words.h"

namespace cmb::conformance::scenario {

// "'ROUTED_ACK' is no state, did you mean ROUTED?"
std::string UnknownWord(std::string_view word, std::string_view what,
                        const std::vector<std::string>& known);

// `what` is the noun of the sentence: "state".
template <class Enum>
std::optional<Enum> ParseWordAt(const Where& where, std::string_view word, std::string_view what,
                                Report& report) {
  const auto value = wire::ParseWord<Enum>(word);
  // Words stand without the prefix of the schema, so that there is one spelling.
  if (value && wire::Word(*value) == word) {
    return value;
  }
  report.Error(where, ErrorNumber::kWord, UnknownWord(word, what, wire::AllWords<Enum>()));
  return std::nullopt;
}

// Of a list of codes: a word, UNSPECIFIED, or a number that may be no code of the schema.
words::ErrorCode CodeOf(std::string_view text);
bool IsCodeNumber(std::string_view text);

// Legal statuses; that of a CANCEL is UNSPECIFIED.
std::vector<words::Status> StatusesOf(words::AckType type);

// How a role is called in a sentence.
std::string RoleName(words::Role role);
// The words of the states of a role's machine.
std::vector<std::string> StatesOf(words::Role role);
// The words `given` takes in a case of this role, UNSENT included.
std::vector<std::string> GivenStatesOf(words::Role role);

// The timers that a role arms, as a check names them.
std::vector<std::string> TimersOf(words::Role role);
// Timers of the protocol and features are written in lower case.
std::optional<words::TimerKind> ParseTimerKind(const Where& where, std::string_view word,
                                               Report& report);
// A feature in lower case or a profile in upper case.
bool CheckFeature(const Where& where, std::string_view word, Report& report);
// Profiles that a profile contains, itself included.
bool ProfileContains(words::Profile profile, std::string_view word);

// Which links of the router a kind of frame crosses.
bool CrossesSenderLink(const Term& term);
bool CrossesTargetLink(const Term& term);

}  // namespace cmb::conformance::scenario
