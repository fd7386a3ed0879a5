#include "conformance/scenario/authoring_tables.h"

#include <string_view>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "conformance/scenario/language.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/mutilate.h"

namespace cmb::conformance::scenario {
namespace {

constexpr std::string_view kBegin = "<!-- language tables: generated, do not edit -->\n";
constexpr std::string_view kEnd = "<!-- end of language tables -->\n";

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) {
    row += " " + cell + " |";
  }
  return row + "\n";
}

std::string Code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string Meaning(std::string_view meaning, bool required) {
  return std::string(meaning) + (required ? " (required)" : "");
}

std::string KeyTable(std::span<const Key> keys) {
  std::string out = "| key | value | meaning |\n|---|---|---|\n";
  for (const Key& key : keys) {
    out +=
        Row({Code(key.name), std::string(TypeText(key.type)), Meaning(key.meaning, key.required)});
  }
  return out + "\n";
}

std::string VerbTable(std::span<const Verb> verbs, VerbGroup group) {
  std::string out = "| verb | object | meaning |\n|---|---|---|\n";
  for (const Verb& verb : verbs) {
    if (verb.group == group) {
      out +=
          Row({Code(verb.name), std::string(TypeText(verb.object)), Meaning(verb.meaning, false)});
    }
  }
  return out + "\n";
}

std::string FieldTables(std::span<const Verb> verbs) {
  std::string out;
  for (const Verb& verb : verbs) {
    if (!verb.fields.empty()) {
      out += "#### beside `" + std::string(verb.name) + "`\n\n" + KeyTable(verb.fields);
    }
  }
  return out;
}

std::string List(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& word : list) {
    out += (out.empty() ? "" : " ") + Code(word);
  }
  return out;
}

std::string StatusTable() {
  std::string out = "| ACK | statuses |\n|---|---|\n";
  for (const std::string& word : wire::AllWords<words::AckType>()) {
    std::vector<std::string> statuses;
    for (const words::Status status : StatusesOf(*wire::ParseWord<words::AckType>(word))) {
      statuses.push_back(status == words::STATUS_UNSPECIFIED ? "none" : wire::Word(status));
    }
    out += Row({Code(word), List(statuses)});
  }
  return out + "\n";
}

std::string WordTables() {
  std::string out = "### Words\n\n" + StatusTable();
  out += "| what | words |\n|---|---|\n";
  out += Row({"states of a sender", List(StatesOf(words::ROLE_SENDER))});
  out += Row({"states of a router", List(StatesOf(words::ROLE_ROUTER))});
  out += Row({"states of a target", List(StatesOf(words::ROLE_TARGET))});
  out += Row({"reasons", List(wire::AllWords<words::Reason>())});
  out += Row({"error codes", List(wire::AllWords<words::ErrorCode>())});
  out += Row({"anomalies", List(wire::AllWords<words::AnomalyKind>())});
  out += Row({"certainties", List(wire::AllWords<words::Certainty>())});
  out += Row({"harms", List(wire::AllHarms())});
  return out + "\n";
}

}  // namespace

std::string AuthoringTables() {
  std::string out;
  for (const Section& section : AllSections()) {
    out += "### " + std::string(section.title) + "\n\n" + KeyTable(section.keys);
  }
  out += "### Acts\n\n" + VerbTable(StepVerbs(), VerbGroup::kAct);
  out += "### Moves of the clock\n\n" + VerbTable(StepVerbs(), VerbGroup::kMove);
  out += "### Observations\n\n" + VerbTable(StepVerbs(), VerbGroup::kObservation);
  out += FieldTables(StepVerbs());
  out += "### Faults\n\n" + VerbTable(FaultVerbs(), VerbGroup::kFault);
  out += FieldTables(FaultVerbs());
  return out + WordTables();
}

std::string ReplaceBetweenMarkers(const std::string& page, const std::string& tables) {
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return "";
  }
  return page.substr(0, begin + kBegin.size()) + "\n" + tables + page.substr(end);
}

}  // namespace cmb::conformance::scenario
