#include "conformance/scenario/yaml_reader.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace cmb::conformance::scenario {
namespace {

// Builds the tree from events, because only events show anchors, aliases and
// tags: the library's own tree has resolved them.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& text, const std::string& file, Report& report)
      : text_(text), file_(file), report_(report) {}

  std::vector<Node> TakeDocuments() { return std::move(documents_); }

  // Whether the last document began where the one before it did: the library
  // stands still on what cannot begin a document, a comma for one, and would
  // give empty documents for ever.
  bool IsStuck() const { return stuck_; }
  const Where& place() const { return place_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    stuck_ = start_ == mark.pos;
    start_ = mark.pos;
    place_ = Place(mark);
  }
  void OnDocumentEnd() override { FlushNull(); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    CheckProperties(mark, "", anchor);
    FlushNull();
    if (open_.empty()) {
      Complain(mark, "an empty document");
    } else {
      null_ = Place(mark);
    }
    AddBroken(mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Complain(mark, "an alias (*name) is not part of the language; write the value again");
    AddBroken(mark);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    FlushNull();
    CheckProperties(mark, tag, anchor);
    Add(ScalarNode(value, Place(mark)));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    FlushNull();
    CheckProperties(mark, tag, anchor);
    Open(mark, Node::Kind::kSequence);
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    FlushNull();
    CheckProperties(mark, tag, anchor);
    Open(mark, Node::Kind::kMapping);
  }

  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenNode {
    Node node;
    std::vector<Node> children;
  };

  Where Place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  void Complain(const YAML::Mark& mark, const std::string& sentence) {
    report_.Error(Place(mark), ErrorNumber::kYaml, sentence);
  }

  void CheckProperties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      Complain(mark, "an anchor (&name) is not part of the language; write the value again");
    }
    // The library gives a quoted text the tag "!", which is also a tag one can write.
    const auto at = static_cast<std::size_t>(mark.pos);
    const bool written = at < text_.size() && text_[at] == '!';
    if ((!tag.empty() && tag != "?" && tag != "!") || written) {
      Complain(mark, "a tag (!name) is not part of the language; values are typed by their keys");
    }
  }

  // A null is reported when more follows: the last one before the text stops
  // being YAML is where the library lost its way, not a value somebody wrote.
  void FlushNull() {
    if (null_) {
      report_.Error(*null_, ErrorNumber::kYaml,
                    "null is no value here; write the value, or \"\" for an empty text");
    }
    null_.reset();
  }

  void AddBroken(const YAML::Mark& mark) {
    Node node = ScalarNode("", Place(mark));
    node.broken = true;
    Add(std::move(node));
  }

  void Open(const YAML::Mark& mark, Node::Kind kind) {
    OpenNode open;
    open.node.kind = kind;
    open.node.where = Place(mark);
    open_.push_back(std::move(open));
  }

  void Add(Node node) {
    (open_.empty() ? documents_ : open_.back().children).push_back(std::move(node));
  }

  void Close() {
    OpenNode open = std::move(open_.back());
    open_.pop_back();
    if (open.node.IsSequence()) {
      open.node.items = std::move(open.children);
    } else {
      FillMapping(open);
    }
    Add(std::move(open.node));
  }

  void FillMapping(OpenNode& open) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i + 1 < open.children.size(); i += 2) {
      Node& key = open.children[i];
      if (key.broken) {
        continue;
      }
      if (!key.IsScalar()) {
        report_.Error(key.where, ErrorNumber::kYaml, "a key must be a single word");
      } else if (key.text == "<<") {
        report_.Error(key.where, ErrorNumber::kYaml,
                      "a merge key (<<) is not part of the language; defaults.yaml is");
      } else if (!seen.insert(key.text).second) {
        report_.Error(key.where, ErrorNumber::kYaml, "the key " + key.text + " stands twice");
      } else {
        open.node.entries.push_back({std::move(key), std::move(open.children[i + 1])});
      }
    }
  }

  const std::string& text_;
  const std::string& file_;
  Report& report_;
  bool stuck_ = false;
  int start_ = -1;
  Where place_;
  std::optional<Where> null_;
  std::vector<OpenNode> open_;
  std::vector<Node> documents_;
};

// YAML forbids tabs in indentation only; here they are not needed at all.
bool HasTab(const std::string& text, const std::string& file, Report& report) {
  bool found = false;
  int line = 1;
  int column = 1;
  for (const char c : text) {
    if (c == '\t') {
      report.Error({file, line, column}, ErrorNumber::kYaml,
                   "a tab; use spaces (in a text: \"\\t\")");
      found = true;
    }
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n' ? 1 : 0;
  }
  return found;
}

}  // namespace

std::vector<Node> ReadYaml(const std::string& text, const std::string& file, Report& report) {
  // The library stumbles over tabs in ways that would hide the cause.
  if (HasTab(text, file, report)) {
    return {};
  }
  TreeBuilder builder(text, file, report);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      if (builder.IsStuck()) {
        report.Error(builder.place(), ErrorNumber::kYaml, "not YAML: no document can begin here");
        break;
      }
    }
  } catch (const YAML::ParserException& error) {
    report.Error({file, error.mark.line + 1, error.mark.column + 1}, ErrorNumber::kYaml,
                 "not YAML: " + error.msg);
  }
  return builder.TakeDocuments();
}

}  // namespace cmb::conformance::scenario
