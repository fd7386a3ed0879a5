// The words of the protocol as text: enum value <-> "ROUTER_ACK".
//
// Used by everything that prints or reads a word: logs, scenarios, reports.
// The words come from the schemas, so this file knows none of them. Free of
// state; safe from any thread. Spec: chapter "Model and vocabulary".
#pragma once

#include <google/protobuf/generated_enum_reflection.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmb::wire {

// The word of `number` in `type`, without the prefix that the schema puts
// before each value; a number that the schema does not know is its digits.
std::string WordOfNumber(const google::protobuf::EnumDescriptor& type, int number);

// The number of `word`, with or without prefix. Absent: no such word, or
// UNSPECIFIED.
std::optional<int> NumberOfWord(const google::protobuf::EnumDescriptor& type,
                                std::string_view word);

// Every word of `type` in schema order, UNSPECIFIED left out.
std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type);

template <class Enum>
std::string Word(Enum value) {
  return WordOfNumber(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

template <class Enum>
std::optional<Enum> ParseWord(std::string_view word) {
  const auto number = NumberOfWord(*google::protobuf::GetEnumDescriptor<Enum>(), word);
  if (!number) {
    return std::nullopt;
  }
  return static_cast<Enum>(*number);
}

template <class Enum>
std::vector<std::string> AllWords() {
  return WordsOf(*google::protobuf::GetEnumDescriptor<Enum>());
}

}  // namespace cmb::wire
