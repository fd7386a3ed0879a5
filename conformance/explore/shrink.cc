#include "conformance/explore/shrink.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cmb::conformance::explore {
namespace {

using scenario::Entry;
using scenario::Node;

// What may be left out of a document as it stands.
const std::set<std::string>& Fixed() {
  static const std::set<std::string> kFixed{"id",           "title",   "role",
                                            "requirements", "profile", "steps"};
  return kFixed;
}

// Lower values of "1500ms", "0..7", "m1": only a leading number with a unit is one.
std::vector<std::string> Lower(const std::string& text) {
  const auto end =
      std::find_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) == 0; });
  const std::string digits(text.begin(), end);
  const std::string unit(end, text.end());
  static const std::set<std::string> kUnits{"", "ms", "s", "min", "h"};
  if (digits.empty() || digits.size() > 18 || !kUnits.contains(unit)) {
    return {};
  }
  const std::uint64_t number = std::stoull(digits);
  std::vector<std::string> lower;
  for (const std::uint64_t less : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1'000},
                                   number / 2, number - (number == 0 ? 0 : 1)}) {
    const std::string text_of = std::to_string(less) + unit;
    if (less < number && std::find(lower.begin(), lower.end(), text_of) == lower.end()) {
      lower.push_back(text_of);
    }
  }
  return lower;
}

class Shrinking {
 public:
  Shrinking(const Loaded& found, const scenario::Knowledge& knowledge, const Fails& fails,
            std::size_t most_tries)
      : best_(found), knowledge_(knowledge), fails_(fails), tries_(most_tries) {}

  Loaded Run() {
    bool smaller = true;
    while (smaller && tries_ > 0) {
      smaller = DropChunks();
      smaller |= HoistAll();
      smaller |= Drop(best_.document);
      smaller |= LowerAll();
    }
    return std::move(best_);
  }

 private:
  // Takes the candidate where it still fails.
  bool Take(Node candidate) {
    if (tries_ == 0) {
      return false;
    }
    auto loaded = Load(Tidied(std::move(candidate)), knowledge_);
    if (!loaded) {
      return false;
    }
    --tries_;
    if (!fails_(loaded->one)) {
      return false;
    }
    best_ = *std::move(loaded);
    return true;
  }

  // Steps, from long rows to single ones; a row that ends with the last act goes first.
  bool DropChunks() {
    bool smaller = false;
    for (std::size_t size = StepsOf(best_.document) / 2; size > 0;
         size = size > 3 ? size / 2 : size - 1) {
      for (std::size_t end = StepsOf(best_.document); end >= size; --end) {
        if (end > StepsOf(best_.document)) {
          continue;
        }
        Node candidate = best_.document;
        std::vector<Node>& steps = candidate.Find("steps")->items;
        const auto first = steps.begin() + static_cast<std::ptrdiff_t>(end - size);
        steps.erase(first, first + static_cast<std::ptrdiff_t>(size));
        smaller |= Take(std::move(candidate));
      }
    }
    return smaller;
  }

  // The acts of `together`, `batch` and `before_timers` as steps of their own, at the instant where
  // they stood.
  bool HoistAll() {
    bool smaller = false;
    for (std::size_t step = StepsOf(best_.document); step > 0; --step) {
      for (const char* key : {"together", "batch", "before_timers"}) {
        smaller |= Hoist(step - 1, key);
      }
    }
    return smaller;
  }

  bool Hoist(std::size_t step, const char* key) {
    Node candidate = best_.document;
    std::vector<Node>& steps = candidate.Find("steps")->items;
    const Node* found = step < steps.size() ? steps[step].Find(key) : nullptr;
    if (found == nullptr) {
      return false;
    }
    const std::vector<Node> acts = found->items;
    steps[step].Remove(key);
    const bool is_empty = std::string(key) != "before_timers";
    auto at = steps.begin() + static_cast<std::ptrdiff_t>(step);
    at = is_empty ? steps.erase(at) : at + 1;
    steps.insert(at, acts.begin(), acts.end());
    return Take(std::move(candidate));
  }

  // The place of every node that may go, as the way from the root.
  using Path = std::vector<std::size_t>;
  static void Collect(const Node& node, Path& path, std::vector<Path>& all, bool is_root) {
    for (std::size_t i = 0; i < node.items.size() + node.entries.size(); ++i) {
      const bool is_item = i < node.items.size();
      path.push_back(i);
      if (!is_root || !Fixed().contains(node.entries[i].key.text)) {
        all.push_back(path);
      }
      const bool is_whole = is_root && node.entries[i].key.text == "requirements";
      if (!is_whole) {
        Collect(is_item ? node.items[i] : node.entries[i - node.items.size()].value, path, all,
                false);
      }
      path.pop_back();
    }
  }

  static Node* At(Node& root, const Path& path, std::size_t length) {
    Node* at = &root;
    for (std::size_t i = 0; i < length; ++i) {
      if (path[i] >= at->items.size() + at->entries.size()) {
        return nullptr;
      }
      at = path[i] < at->items.size() ? &at->items[path[i]]
                                      : &at->entries[path[i] - at->items.size()].value;
    }
    return at;
  }

  static std::vector<Path> Places(const Node& document) {
    std::vector<Path> all;
    Path path;
    Collect(document, path, all, true);
    return all;
  }

  // Every field and list item, the last first, so that the places before it stay what they are.
  bool Drop(const Node& document) {
    bool smaller = false;
    std::vector<Path> places = Places(document);
    for (auto place = places.rbegin(); place != places.rend() && tries_ > 0; ++place) {
      Node candidate = best_.document;
      Node* parent = At(candidate, *place, place->size() - 1);
      if (parent == nullptr || place->back() >= parent->items.size() + parent->entries.size()) {
        continue;
      }
      if (place->back() < parent->items.size()) {
        parent->items.erase(parent->items.begin() + static_cast<std::ptrdiff_t>(place->back()));
      } else {
        parent->entries.erase(parent->entries.begin() +
                              static_cast<std::ptrdiff_t>(place->back() - parent->items.size()));
      }
      smaller |= Take(std::move(candidate));
    }
    return smaller;
  }

  bool LowerAll() {
    bool smaller = false;
    for (const Path& place : Places(best_.document)) {
      for (bool again = true; again && tries_ > 0;) {
        const Node* node = At(best_.document, place, place.size());
        again = node != nullptr && node->IsScalar() && LowerOne(place, node->text);
        smaller |= again;
      }
    }
    return smaller;
  }

  bool LowerOne(const Path& place, const std::string& text) {
    for (const std::string& less : Lower(text)) {
      Node candidate = best_.document;
      At(candidate, place, place.size())->text = less;
      if (Take(std::move(candidate))) {
        return true;
      }
    }
    return false;
  }

  Loaded best_;
  const scenario::Knowledge& knowledge_;
  const Fails& fails_;
  std::size_t tries_;
};

}  // namespace

Loaded Shrunk(const Loaded& found, const scenario::Knowledge& knowledge, const Fails& fails,
              std::size_t most_tries) {
  return Shrinking(found, knowledge, fails, most_tries).Run();
}

}  // namespace cmb::conformance::explore
