// Draws with RapidCheck, and the nodes that scenarios are written with. Called by the sources of
// this folder. What is drawn in a thread depends on the innermost Drawing there alone.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "conformance/scenario/node.h"

namespace cmb::conformance::explore {

class Drawing {
 public:
  explicit Drawing(std::uint64_t seed);
  ~Drawing();
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

 private:
  rc::Random random_;
  rc::Random* const outer_;
};

// 0 to n - 1.
std::uint64_t Below(std::uint64_t n);

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
