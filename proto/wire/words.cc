#include "proto/wire/words.h"

#include <google/protobuf/descriptor.h>

namespace cmb::wire {
namespace {

constexpr std::string_view kZeroSuffix = "UNSPECIFIED";

// "ACK_TYPE_" of AckType: what the zero value carries before UNSPECIFIED.
std::string_view Prefix(const google::protobuf::EnumDescriptor& type) {
  std::string_view zero = type.value(0)->name();
  zero.remove_suffix(kZeroSuffix.size());
  return zero;
}

}  // namespace

std::string WordOfNumber(const google::protobuf::EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) {
    return std::to_string(number);
  }
  return value->name().substr(Prefix(type).size());
}

std::optional<int> NumberOfWord(const google::protobuf::EnumDescriptor& type,
                                std::string_view word) {
  const std::string_view prefix = Prefix(type);
  if (word.substr(0, prefix.size()) == prefix) {
    word.remove_prefix(prefix.size());
  }
  const auto* value = type.FindValueByName(std::string(prefix) + std::string(word));
  if (value == nullptr || value->number() == 0) {
    return std::nullopt;
  }
  return value->number();
}

std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) {
      words.push_back(WordOfNumber(type, type.value(i)->number()));
    }
  }
  return words;
}

}  // namespace cmb::wire
