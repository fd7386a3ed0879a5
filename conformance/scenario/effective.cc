// Prints one case as a document of its own: `list --effective ID`.
#include <utility>

#include "conformance/scenario/loader.h"
#include "conformance/scenario/session.h"
#include "conformance/scenario/vocabulary.h"
#include "conformance/scenario/yaml_writer.h"

namespace cmb::conformance::scenario {
namespace {

Node Mapping(const Where& where) {
  Node node;
  node.kind = Node::Kind::kMapping;
  node.where = where;
  return node;
}

std::string DurationText(Milliseconds duration) { return std::to_string(duration.count()) + "ms"; }

// The base policy written out under what the document says.
Node FullPolicy(const Node* written, const Where& where) {
  const Policy base;
  Node policy = Mapping(where);
  const auto put = [&](Node& node, const char* key, std::string text) {
    node.Put(key, ScalarNode(std::move(text), where));
  };
  put(policy, "router_ack", DurationText(base.router_ack));
  put(policy, "delivery_ack", DurationText(base.delivery_ack));
  put(policy, "execution", DurationText(base.execution));
  put(policy, "ttl", DurationText(base.ttl));
  put(policy, "max_retries", std::to_string(base.max_retries));
  Node backoff = Mapping(where);
  put(backoff, "first", DurationText(base.backoff_first));
  put(backoff, "factor", "2");
  put(backoff, "max", DurationText(base.backoff_max));
  policy.Put("backoff", backoff);
  put(policy, "required_ack", wire::Word(base.required_ack));
  if (written != nullptr) {
    DeepMerge(policy, *written);
  }
  return policy;
}

std::string EffectiveText(const Node& expanded, const Case& one) {
  Node document = Mapping(expanded.where);
  for (const char* key : {"id", "title", "role", "requirements"}) {
    if (const Node* value = expanded.Find(key)) {
      document.Put(key, *value);
    }
  }
  document.Put("profile", ScalarNode(wire::Word(one.profile), expanded.where));
  document.Put("clock",
               ScalarNode(one.clock == Clock::kVirtual ? "virtual" : "both", expanded.where));
  document.Put("policy", FullPolicy(expanded.Find("policy"), expanded.where));
  for (const Entry& entry : expanded.entries) {
    if (document.Find(entry.key.text) == nullptr) {
      document.entries.push_back(entry);
    }
  }
  return WriteDocument(document);
}

}  // namespace

std::map<std::string, std::string> AllEffective(const LoadRequest& request) {
  Session session(request.knowledge);
  std::map<std::string, std::string> texts;
  session.LoadPaths(request.paths, request.root, [&](LoadedDocument& loaded) {
    for (std::size_t i = 0; i < loaded.cases.size(); ++i) {
      texts[loaded.cases[i].id] = EffectiveText(loaded.expanded[i], loaded.cases[i]);
    }
  });
  return texts;
}

std::string Effective(const LoadRequest& request, const std::string& case_id) {
  const auto texts = AllEffective(request);
  const auto found = texts.find(case_id);
  return found == texts.end() ? "" : found->second;
}

}  // namespace cmb::conformance::scenario
