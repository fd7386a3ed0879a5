// Names that many entries share, kept once and known by a number.
//
// Threads: not safe; owned by one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reference/lifecycle/check.h"

namespace cmb::lifecycle {

class NameTable {
 public:
  using Number = std::uint32_t;

  // One more refers to the name. The empty name is number 0 and is never counted.
  Number Take(const std::string& name) {
    if (name.empty()) {
      return 0;
    }
    const auto [place, is_new] = numbers_.try_emplace(name, 0);
    if (is_new) {
      place->second = Free();
      entries_[place->second].name = &place->first;
    }
    ++entries_[place->second].references;
    return place->second;
  }

  // One less does; with the last the name goes.
  void Give(Number number) {
    if (number == 0) {
      return;
    }
    Check(entries_.at(number).references > 0, "a name is given back as often as it was taken");
    if (--entries_[number].references == 0) {
      numbers_.erase(numbers_.find(*entries_[number].name));
      free_.push_back(number);
    }
  }

  // 0: it is not known, or empty.
  Number Find(const std::string& name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? 0 : found->second;
  }

  const std::string& Of(Number number) const {
    static const std::string empty;
    return number == 0 ? empty : *entries_.at(number).name;
  }

  std::size_t size() const { return numbers_.size(); }

 private:
  struct Entry {
    const std::string* name = nullptr;
    std::size_t references = 0;
  };

  Number Free() {
    if (free_.empty()) {
      entries_.emplace_back();
      return static_cast<Number>(entries_.size() - 1);
    }
    const Number number = free_.back();
    free_.pop_back();
    return number;
  }

  std::map<std::string, Number> numbers_;
  std::vector<Entry> entries_ = std::vector<Entry>(1);  // The first is the empty name's.
  std::vector<Number> free_;
};

}  // namespace cmb::lifecycle
