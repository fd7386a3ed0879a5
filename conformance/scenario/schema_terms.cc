#include "conformance/scenario/schema_terms.h"

#include "conformance/scenario/schema_types.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

// One of the words, or a $name that gives one.
std::string OneOf(const std::vector<std::string>& words) {
  return "(" + Alternatives(words) + "|" + ReferencePattern() + ")";
}

template <class Enum>
std::string OneOf() {
  return OneOf(wire::AllWords<Enum>());
}

// `any` may stand as a status; a bare type may stand for any status.
enum class Statuses { kWritten, kAnyToo, kBareToo };

std::string AckPattern(words::AckType type, Statuses statuses) {
  std::vector<std::string> words;
  for (const words::Status status : StatusesOf(type)) {
    words.push_back(wire::Word(status));
  }
  const bool has_none = type == words::ACK_TYPE_CANCEL;
  const bool bare =
      statuses == Statuses::kBareToo || type == words::ACK_TYPE_RECEIPT || words.size() == 1;
  if (statuses != Statuses::kWritten) {
    words.emplace_back("any");
  }
  if (has_none) {
    return wire::Word(type);
  }
  return wire::Word(type) + "(/" + OneOf(words) + ")" + (bare ? "?" : "");
}

std::string AcksPattern(Statuses statuses) {
  std::vector<std::string> types;
  for (const std::string& word : wire::AllWords<words::AckType>()) {
    types.push_back(AckPattern(*wire::ParseWord<words::AckType>(word), statuses));
  }
  // A $name may stand for the type, with what is behind it or without.
  types.push_back(ReferencePattern() + "(/[A-Za-z_$.0-9]+)?");
  return "(" + Alternatives(types) + ")( " + OneOf<words::ErrorCode>() + ")?";
}

std::string RecordsPattern() {
  return OneOf<words::State>() + " *(->|\u2192) *" + OneOf<words::State>() + "( *\\(" +
         OneOf<words::Reason>() + "\\))?|anomaly " + OneOf<words::AnomalyKind>() +
         "|alert( resolved| updated)?|execution";
}

}  // namespace

std::string Alternatives(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all += (all.empty() ? "" : "|") + word;
  }
  return all;
}

std::string ActTermPattern() { return AcksPattern(Statuses::kWritten); }

std::string ExpectTermPattern() {
  return AcksPattern(Statuses::kAnyToo) + "|MESSAGE|ACK|PING|PONG|REPLY|nothing|" +
         RecordsPattern();
}

std::string NeverTermPattern() {
  return AcksPattern(Statuses::kBareToo) + "|MESSAGE|ACK|PING|PONG|REPLY|any|" + RecordsPattern();
}

std::string FaultTermPattern() { return AcksPattern(Statuses::kBareToo) + "|MESSAGE|REPLY|any"; }

}  // namespace cmb::conformance::scenario
