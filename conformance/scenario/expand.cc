#include "conformance/scenario/expand.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "conformance/scenario/nearest.h"
#include "conformance/scenario/references.h"
#include "conformance/scenario/scalars.h"

namespace cmb::conformance::scenario {
namespace {

// Mappings whose keys are words of the protocol, not of the language.
bool KeysAreWords(const std::string& key) {
  return key == "set" || key == "fields" || key == "anomalies" || key == "timers" || key == "views";
}

class Expander {
 public:
  Expander(const std::vector<Axis>& axes, const Combination& combination,
           std::set<std::string>& used, Report& report)
      : axes_(axes), combination_(combination), used_(used), report_(report) {}

  // `fill_keys`: keys are substituted too.
  Node Fill(const Node& node, bool fill_keys) {
    if (node.IsScalar()) {
      return FillScalar(node);
    }
    Node out = node;
    out.items.clear();
    out.entries.clear();
    for (const Node& item : node.items) {
      if (Applies(item)) {
        out.items.push_back(Fill(item, false));
      }
    }
    for (const Entry& entry : node.entries) {
      out.entries.push_back({fill_keys ? FillScalar(entry.key) : entry.key,
                             Fill(entry.value, KeysAreWords(entry.key.text))});
    }
    StripWhen(out);
    Spread(out);
    return out;
  }

 private:
  // ------------------------------------------------------------ $axis

  const Choice* ChoiceOf(const std::string& axis) {
    for (const Choice& choice : combination_) {
      if (choice.axis == axis) {
        used_.insert(axis);
        return &choice;
      }
    }
    return nullptr;
  }

  const Node* ValueOf(const Reference& reference, const Where& where) {
    const Choice* choice = ChoiceOf(reference.name);
    if (choice == nullptr) {
      return nullptr;
    }
    const Node* value = &choice->value;
    std::string path = reference.path;
    while (!path.empty() && value != nullptr) {
      const std::size_t dot = std::min(path.find('.'), path.size());
      const Node* next = value->Find(path.substr(0, dot));
      if (next == nullptr) {
        MissingPart(reference, *choice, *value, where);
      }
      value = next;
      path = dot < path.size() ? path.substr(dot + 1) : "";
    }
    return value;
  }

  void MissingPart(const Reference& reference, const Choice& choice, const Node& value,
                   const Where& where) {
    std::vector<std::string> known;
    for (const Entry& entry : value.entries) {
      known.push_back(entry.key.text);
    }
    report_.Error(where, ErrorNumber::kMatrix,
                  "the value " + choice.label + " of $" + reference.name + " has no ." +
                      reference.path + Suggestion(reference.path, known));
  }

  Node FillScalar(const Node& node) {
    const auto references = FindReferences(node.text);
    if (references.size() == 1 && references[0].size == node.text.size()) {
      const Node* value = ValueOf(references[0], node.where);
      if (value == nullptr) {
        return node;
      }
      Node copy = *value;
      copy.where = node.where;
      return copy;
    }
    std::string out;
    std::size_t done = 0;
    for (const Reference& reference : references) {
      out += node.text.substr(done, reference.begin - done);
      out += InnerText(node, reference);
      done = reference.begin + reference.size;
    }
    Node filled = node;
    filled.text = out + node.text.substr(done);
    return filled;
  }

  std::string InnerText(const Node& node, const Reference& reference) {
    const std::string written = node.text.substr(reference.begin, reference.size);
    const Node* value = ValueOf(reference, node.where);
    if (value == nullptr) {
      return written;  // A message or kept frame, or an error that is reported elsewhere.
    }
    if (!value->IsScalar()) {
      report_.Error(node.where, ErrorNumber::kMatrix,
                    written + " is " + std::string(KindName(*value)) + " and stands inside a text");
      return written;
    }
    return value->text;
  }

  // ------------------------------------------------------------ when

  const Axis* FindAxis(const std::string& name) {
    const auto found = std::find_if(axes_.begin(), axes_.end(),
                                    [&](const Axis& axis) { return axis.name == name; });
    return found == axes_.end() ? nullptr : &*found;
  }

  static bool IsPicsKey(const std::string& key) { return key == "pics" || key == "lacks"; }

  // Whether a step stands in this case.
  bool Applies(const Node& step) {
    const Node* when = step.Find("when");
    if (when == nullptr || !when->IsMapping()) {
      return true;
    }
    bool all = true;
    for (const Entry& entry : when->entries) {
      const Axis* axis = FindAxis(entry.key.text);
      if (axis == nullptr) {
        if (!IsPicsKey(entry.key.text)) {
          UnknownAxis(entry.key);
        }
        continue;
      }
      const Choice* choice = ChoiceOf(axis->name);
      all = NamesChoice(entry.value, *axis, *choice, report_) && all;
    }
    return all;
  }

  void UnknownAxis(const Node& key) {
    std::vector<std::string> known = {"pics", "lacks"};
    for (const Axis& axis : axes_) {
      known.push_back(axis.name);
    }
    report_.Error(key.where, ErrorNumber::kMatrix,
                  "when names '" + key.text + "', which is no axis" + Suggestion(key.text, known));
  }

  // What the axes have decided is decided.
  void StripWhen(Node& step) {
    Node* when = step.Find("when");
    if (when == nullptr || !when->IsMapping()) {
      return;
    }
    std::erase_if(when->entries, [](const Entry& e) { return !IsPicsKey(e.key.text); });
    if (when->entries.empty()) {
      step.Remove("when");
    }
  }

  // ------------------------------------------------------------ with

  void Spread(Node& step) {
    const Node* with = step.Find("with");
    if (with == nullptr) {
      return;
    }
    const Node spread = *with;
    step.Remove("with");
    if (!RequireMapping(spread, "a mapping after with", report_)) {
      return;
    }
    for (const Entry& entry : spread.entries) {
      if (step.Find(entry.key.text) != nullptr) {
        report_.Error(spread.where, ErrorNumber::kShape,
                      "the key " + entry.key.text + " is given by with and beside it");
        continue;
      }
      Entry moved = entry;
      moved.key.where = spread.where;
      moved.value.where = spread.where;
      step.entries.push_back(std::move(moved));
    }
  }

  const std::vector<Axis>& axes_;
  const Combination& combination_;
  std::set<std::string>& used_;
  Report& report_;
};

// Words about the document, which nothing is filled into.
bool StaysAsWritten(const std::string& key) { return key == "id" || key == "origin"; }

}  // namespace

Node Expand(const Node& document, const std::vector<Axis>& axes, const Combination& combination,
            std::set<std::string>& used, Report& report) {
  Expander expander(axes, combination, used, report);
  Node out = document;
  out.entries.clear();
  for (const Entry& entry : document.entries) {
    const std::string& key = entry.key.text;
    if (key == "matrix" || key == "exclude") {
      continue;
    }
    Node value = StaysAsWritten(key) ? entry.value : expander.Fill(entry.value, false);
    if (key == "id" && value.IsScalar()) {
      value.text += LabelSuffix(combination);
    }
    out.entries.push_back({entry.key, std::move(value)});
  }
  return out;
}

}  // namespace cmb::conformance::scenario
