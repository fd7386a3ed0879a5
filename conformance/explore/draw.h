// Draws with RapidCheck inside a generator (rc::gen::exec), and the nodes that scenarios are
// written with. Called by the sources of this folder; no state of its own.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "conformance/scenario/node.h"

namespace cmb::conformance::explore {

// 0 to n - 1.
inline std::uint64_t Below(std::uint64_t n) { return *rc::gen::inRange<std::uint64_t>(0, n); }

inline bool OneIn(std::uint64_t n) { return Below(n) == 0; }

template <typename Value>
const Value& OneOf(const std::vector<Value>& values) {
  return values[Below(values.size())];
}

scenario::Node Text(std::string text);
scenario::Node List(const std::vector<std::string>& texts);
scenario::Node ListOf(std::vector<scenario::Node> items);

// A mapping in the making.
class Fields {
 public:
  Fields() { node_.kind = scenario::Node::Kind::kMapping; }
  Fields& Put(const std::string& key, const std::string& text) { return Put(key, Text(text)); }
  Fields& Put(const std::string& key, scenario::Node value);
  bool empty() const { return node_.entries.empty(); }
  const scenario::Node& node() const { return node_; }

 private:
  scenario::Node node_;
};

}  // namespace cmb::conformance::explore
