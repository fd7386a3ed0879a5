#include "conformance/lower_tester/renaming.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdint>
#include <random>

namespace cmb::conformance {
namespace {

constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::uint64_t kBase = sizeof(kLetters) - 1;

// Coprime to every power of the base, so that names of one run differ, and look it.
constexpr std::uint64_t kStride = 1'000'003;

// Begins elsewhere in each run: the router may have seen others.
std::uint64_t NextNumber() {
  static std::atomic<std::uint64_t> number{std::random_device{}()};
  return number += kStride;
}

std::string NewName(std::size_t bytes) {
  std::uint64_t number = NextNumber();
  std::string name(bytes, 'x');
  for (std::size_t i = bytes; i > 0 && number > 0; --i) {
    name[i - 1] = kLetters[number % kBase];
    number /= kBase;
  }
  return name;
}

}  // namespace

bool IsRenamable(const std::string& name) {
  constexpr std::size_t kOneByteLength = 127;
  return name.size() >= kLeastRenamed && name.size() <= kOneByteLength &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c < 128 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
         });
}

Renaming::Renaming(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::string other = NewName(name.size());
    back_[other] = name;
    out_[name] = std::move(other);
  }
}

std::string Renaming::Find(const Table& table, const std::string& name) {
  const auto found = table.find(name);
  return found == table.end() ? name : found->second;
}

void Renaming::Replace(const Table& table, std::string& header) {
  for (std::size_t at = 0; at < header.size(); ++at) {
    for (const auto& [name, other] : table) {  // As a field has it: its length, then it.
      if (static_cast<unsigned char>(header[at]) == name.size() &&
          header.compare(at + 1, name.size(), name) == 0) {
        header.replace(at + 1, name.size(), other);
        at += name.size();
        break;
      }
    }
  }
}

}  // namespace cmb::conformance
