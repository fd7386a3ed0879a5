// A YAML document as a tree of texts with places, before anything is typed.
// Made by yaml_reader, read by every part of the loader. Plain data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/scenario/values.h"

namespace cmb::conformance::scenario {

struct Entry;

struct Node {
  enum class Kind { kScalar, kSequence, kMapping };
  Kind kind = Kind::kScalar;
  std::string text;            // kScalar.
  std::vector<Node> items;     // kSequence.
  std::vector<Entry> entries;  // kMapping, in the order written, keys unique.
  Where where;
  // Stands for something that was refused already: nothing more is said about it.
  bool broken = false;

  bool IsScalar() const { return kind == Kind::kScalar; }
  bool IsSequence() const { return kind == Kind::kSequence; }
  bool IsMapping() const { return kind == Kind::kMapping; }
  // The value of `key`, or null: no mapping, or no such key.
  const Node* Find(std::string_view key) const;
  Node* Find(std::string_view key);
  // The text of the scalar under `key`; empty when there is none.
  std::string TextOf(std::string_view key) const;
  // Replaces or appends.
  void Put(std::string_view key, Node value);
  void Remove(std::string_view key);
};

struct Entry {
  Node key;  // A scalar.
  Node value;
};

Node ScalarNode(std::string text, const Where& where);

// "a single value", "a list", "a mapping".
std::string_view KindName(const Node& node);

// The node in one line of YAML: `{expect: MESSAGE, attempt: 2}`. The outermost
// mapping has no braces when it has one key.
std::string FlowText(const Node& node);

}  // namespace cmb::conformance::scenario
