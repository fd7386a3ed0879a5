#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {

using scenario::Node;

Node Text(std::string text) {
  Node node;
  node.text = std::move(text);
  return node;
}

Node ListOf(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::kSequence;
  node.items = std::move(items);
  return node;
}

Node List(const std::vector<std::string>& texts) {
  std::vector<Node> items;
  for (const std::string& text : texts) {
    items.push_back(Text(text));
  }
  return ListOf(std::move(items));
}

Fields& Fields::Put(const std::string& key, Node value) {
  node_.Put(key, std::move(value));
  return *this;
}

}  // namespace cmb::conformance::explore
