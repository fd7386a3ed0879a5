#include "conformance/scenario/document.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/expand.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/shape.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

// Every `req` below, steps that no combination keeps included.
void CollectReqs(const Node& node, std::set<std::string>& reqs) {
  for (const Node& item : node.items) {
    CollectReqs(item, reqs);
  }
  for (const Entry& entry : node.entries) {
    if (entry.key.text == "req" && entry.value.IsScalar()) {
      reqs.insert(entry.value.text);
    }
    CollectReqs(entry.value, reqs);
  }
}

// A requirement that is listed and never blamed would count as covered.
void CheckListed(const Node& document, const std::set<std::string>& reqs, Report& report) {
  const Node* list = document.Find("requirements");
  for (std::size_t i = 1; list != nullptr && i < list->items.size(); ++i) {
    const Node& item = list->items[i];
    const bool open = std::any_of(reqs.begin(), reqs.end(), [](const std::string& req) {
      return req.find('$') != std::string::npos;  // A value of the matrix; any id may be meant.
    });
    if (item.IsScalar() && !open && !HoldsReference(item) && !reqs.contains(item.text)) {
      report.Error(item.where, ErrorNumber::kRequirement,
                   item.text + " is listed, but no step checks it");
    }
  }
}

void CheckKnown(const Node& id, std::string_view what, const std::vector<std::string>& known,
                Report& report) {
  const bool judged = id.IsScalar() && !id.broken && !HoldsReference(id);
  if (judged && std::find(known.begin(), known.end(), id.text) == known.end()) {
    report.Error(id.where, ErrorNumber::kRequirement, UnknownWord(id.text, what, known));
  }
}

// Ids need nothing else to be right, so they are judged even where keys are
// wrong: all that is wrong with a file should be said at once.
void CheckIds(const Node& node, const std::vector<std::string>& requirements,
              const std::vector<std::string>& choices, Report& report) {
  for (const Node& item : node.items) {
    CheckIds(item, requirements, choices, report);
  }
  for (const Entry& entry : node.entries) {
    if (entry.key.text == "req") {
      CheckKnown(entry.value, "requirement", requirements, report);
    } else if (entry.key.text == "one_of") {
      CheckKnown(entry.value, "choice", choices, report);
    } else if (entry.key.text == "requirements") {
      for (const Node& item : entry.value.items) {
        CheckKnown(item, "requirement", requirements, report);
      }
    }
    CheckIds(entry.value, requirements, choices, report);
  }
}

template <class Value>
std::vector<std::string> KeysOf(const std::map<std::string, Value>& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) {
    keys.push_back(key);
  }
  return keys;
}

// A case answers for the requirements that its own steps check: `when` may have
// taken away the step that checks one of the document's.
void KeepChecked(Node& expanded) {
  Node* list = expanded.Find("requirements");
  std::set<std::string> reqs;
  CollectReqs(expanded, reqs);
  if (list == nullptr || list->items.empty()) {
    return;
  }
  std::vector<Node> kept{list->items.front()};
  for (std::size_t i = 1; i < list->items.size(); ++i) {
    if (reqs.contains(list->items[i].text)) {
      kept.push_back(list->items[i]);
    }
  }
  list->items = std::move(kept);
}

void CheckAxesUsed(const std::vector<Axis>& axes, const std::set<std::string>& used,
                   Report& report) {
  for (const Axis& axis : axes) {
    if (!used.contains(axis.name)) {
      report.Error(axis.where, ErrorNumber::kMatrix, "the axis " + axis.name + " is never used");
    }
  }
}

DocumentInfo InfoOf(const Node& document) {
  DocumentInfo info;
  info.id = document.TextOf("id");
  info.title = document.TextOf("title");
  info.where = document.where;
  if (const Node* list = document.Find("requirements")) {
    for (const Node& item : list->items) {
      info.requirements.push_back(item.text);
    }
  }
  return info;
}

void AddReqs(const std::set<std::string>& reqs, DocumentInfo& info) {
  const std::set<std::string> known(info.requirements.begin(), info.requirements.end());
  for (const std::string& req : reqs) {
    if (!known.contains(req) && req.find('$') == std::string::npos) {
      info.requirements.push_back(req);
    }
  }
}

}  // namespace

LoadedDocument LoadDocument(const Node& document, const Knowledge& knowledge, bool broken,
                            Report& report) {
  LoadedDocument loaded;
  const std::size_t before = report.error_count();
  const std::size_t refused_before = report.refusal_count();
  CheckDocumentShape(document, Stage::kAsWritten, report);
  if (!document.IsMapping()) {
    return loaded;
  }
  loaded.info = InfoOf(document);
  CheckIds(document, KeysOf(knowledge.requirements), KeysOf(knowledge.choices), report);
  std::set<std::string> reqs;
  CollectReqs(document, reqs);
  const std::vector<Axis> axes = ReadAxes(document, report);
  CheckListed(document, reqs, report);
  if (broken || report.error_count() != before) {
    return loaded;
  }
  std::set<std::string> used;
  const std::vector<Combination> combinations = Combinations(document, axes, report);
  for (const Combination& combination : combinations) {
    const std::size_t errors = report.error_count();
    Node expanded = Expand(document, axes, combination, used, report);
    CheckDocumentShape(expanded, Stage::kExpanded, report);
    CollectReqs(expanded, reqs);
    // What is refused is not executed, so nothing is asked of its meaning.
    if (report.error_count() == errors && report.refusal_count() == refused_before) {
      KeepChecked(expanded);
      loaded.cases.push_back(Builder(knowledge, report).Build(expanded, axes));
      loaded.expanded.push_back(std::move(expanded));
    }
  }
  // A name that is no axis may be the one that is missing here.
  if (!combinations.empty() && report.error_count() == before) {
    CheckAxesUsed(axes, used, report);
  }
  AddReqs(reqs, loaded.info);
  if (report.error_count() != before || report.refusal_count() != refused_before) {
    loaded.cases.clear();
    loaded.expanded.clear();
  }
  return loaded;
}

}  // namespace cmb::conformance::scenario
