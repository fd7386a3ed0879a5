#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {

using scenario::Node;

namespace {

thread_local rc::Random* drawn_from = nullptr;

}  // namespace

Drawing::Drawing(std::uint64_t seed) : random_(seed), outer_(drawn_from) { drawn_from = &random_; }

Drawing::~Drawing() { drawn_from = outer_; }

std::uint64_t Below(std::uint64_t n) {
  return rc::gen::inRange<std::uint64_t>(0, n)(drawn_from->split()).value();
}

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
