#include "conformance/scenario/node.h"

#include <algorithm>
#include <utility>

#include "conformance/scenario/yaml_writer.h"

namespace cmb::conformance::scenario {

const Node* Node::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key.text == key) {
      return &entry.value;
    }
  }
  return nullptr;
}

Node* Node::Find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).Find(key)); }

std::string Node::TextOf(std::string_view key) const {
  const Node* value = Find(key);
  return value != nullptr && value->IsScalar() ? value->text : std::string();
}

void Node::Put(std::string_view key, Node value) {
  if (Node* old = Find(key)) {
    *old = std::move(value);
    return;
  }
  Where place = value.where;
  entries.push_back({ScalarNode(std::string(key), place), std::move(value)});
}

void Node::Remove(std::string_view key) {
  std::erase_if(entries, [key](const Entry& entry) { return entry.key.text == key; });
}

Node ScalarNode(std::string text, const Where& where) {
  Node node;
  node.text = std::move(text);
  node.where = where;
  return node;
}

std::string_view KindName(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return "a single value";
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kMapping:
      return "a mapping";
  }
  return "nothing";
}

std::string FlowText(const Node& node) {
  const std::string text = WriteFlow(node);
  if (node.IsMapping() && node.entries.size() == 1) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

}  // namespace cmb::conformance::scenario
