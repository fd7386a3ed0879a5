// Modules, aliases, references: what the names in a step mean.
#include <algorithm>
#include <cctype>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/field_paths.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/references.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/words.h"

namespace cmb::conformance::scenario {

std::vector<std::string> Builder::Declared(const Node& node) {
  const auto aliases = ParseAliases(node, report_);
  if (!aliases) {
    return {};
  }
  for (const std::string& alias : *aliases) {
    const auto kind = names_.Find(alias);
    if (kind == Names::Kind::kMessage || kind == Names::Kind::kPing || (!kind && unread_send_)) {
      continue;
    }
    if (kind) {
      Error(node.where, ErrorNumber::kName, alias + " is no message");
    } else {
      Error(node.where, ErrorNumber::kName,
            "the message " + alias + " is not declared" +
                Suggestion(alias, names_.OfKind(Names::Kind::kMessage)));
    }
  }
  return *aliases;
}

std::vector<std::string> Builder::OfOrOnly(const Node& node) {
  if (const Node* of = node.Find("of")) {
    return Declared(*of);
  }
  const auto& messages = names_.OfKind(Names::Kind::kMessage);
  if (messages.size() == 1 || unread_send_) {
    return messages;
  }
  if (messages.empty()) {
    Error(node.where, ErrorNumber::kName, "no message is declared yet that this could be about");
    return {};
  }
  Error(node.where, ErrorNumber::kName,
        "of is needed: " + messages[0] + " and " + messages[1] +
            (messages.size() > 2 ? " and more are declared" : " are declared"));
  return {};
}

bool Builder::IsIut(const std::string& module) const {
  if (case_.is_system) {
    return module == "sender" || module == "router" || module == "target" ||
           (module == kSecondRouter && !case_.config.second_router.empty());
  }
  return (case_.role == words::ROLE_SENDER && module == "sender") ||
         (case_.role == words::ROLE_ROUTER && module == "router") ||
         (case_.role == words::ROLE_TARGET && module == "target");
}

std::string Builder::Module(const Node& node, const std::string& key, const std::string& fallback) {
  const Node* value = node.Find(key);
  if (value == nullptr) {
    return fallback;
  }
  if (!RequireScalar(*value, "a module", report_)) {
    return fallback;
  }
  if (names_.Find(value->text) != Names::Kind::kModule) {
    Error(value->where, ErrorNumber::kModule,
          "'" + value->text + "' is no module" +
              Suggestion(value->text, names_.OfKind(Names::Kind::kModule)));
    return fallback;
  }
  used_modules_.insert(value->text);
  return value->text;
}

std::string Builder::LowerTesterModule(const Node& node, const std::string& key) {
  const std::string module = Module(node, key, "");
  if (module.empty()) {
    return module;
  }
  const Where& where = node.Find(key)->where;
  const auto peer = case_.peers.find(module);
  if (IsIut(module)) {
    Error(where, ErrorNumber::kModule,
          "the " + module +
              " is the implementation under test; the lower tester cannot speak for it");
  } else if (peer != case_.peers.end() && !peer->second.connected) {
    Error(where, ErrorNumber::kModule, module + " is absent and cannot act");
  }
  return module;
}

std::string Builder::Socket(const Node& node) {
  const Node* value = node.Find("on");
  if (value == nullptr || !RequireScalar(*value, "a socket", report_)) {
    return "";
  }
  std::vector<std::string> known = case_.config.channels;
  known.insert(known.end(), case_.config.second_router.begin(), case_.config.second_router.end());
  known.insert(known.end(), {"ack_ingress", "ack_egress"});
  if (std::find(known.begin(), known.end(), value->text) == known.end()) {
    Error(value->where, ErrorNumber::kWord, UnknownWord(value->text, "socket", known));
  }
  return value->text;
}

// What does not bind the implementation under test cannot be its fault. What binds its harness can.
bool Builder::CheckBinds(const Node& id) {
  const auto found = knowledge_.bound.find(id.text);
  if (found == knowledge_.bound.end() || found->second.empty() || case_.is_system) {
    return true;
  }
  std::string role = wire::Word(case_.role), list;
  std::transform(role.begin(), role.end(), role.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string& bound : found->second) {
    if (bound == role || bound == "harness") {
      return true;
    }
    list += (list.empty() ? "" : ", ") + bound;
  }
  Error(id.where, ErrorNumber::kRole, id.text + " does not bind a " + role + "; it is of: " + list);
  return false;
}

bool Builder::CheckRequirement(const Node& node) {
  if (!RequireScalar(node, "a requirement id", report_)) {
    return false;
  }
  if (knowledge_.requirements.contains(node.text)) {
    return CheckBinds(node);
  }
  std::vector<std::string> known;
  for (const auto& [id, level] : knowledge_.requirements) {
    known.push_back(id);
  }
  Error(node.where, ErrorNumber::kRequirement, UnknownWord(node.text, "requirement", known));
  return false;
}

// Every `$name.path` left after the matrix must have a value when the step runs.
void Builder::CheckReferences(const Node& node) {
  for (const Node& item : node.items) {
    CheckReferences(item);
  }
  for (const Entry& entry : node.entries) {
    if (entry.key.text != "note") {
      CheckReferences(entry.value);
    }
  }
  if (!node.IsScalar()) {
    return;
  }
  for (const Reference& reference : FindReferences(node.text)) {
    const auto kind = being_sent_.contains(reference.name)
                          ? std::optional<Names::Kind>(Names::Kind::kMessage)
                          : names_.Find(reference.name);
    const std::string written = node.text.substr(reference.begin, reference.size);
    if (!kind && later_names_.contains(reference.name)) {
      Error(node.where, ErrorNumber::kName,
            written + " is used before " + reference.name + " is declared");
    } else if (!kind || kind == Names::Kind::kModule || kind == Names::Kind::kAxis) {
      Error(node.where, ErrorNumber::kMatrix,
            "unknown " + written + ": no axis, message or kept frame has that name" +
                Suggestion(reference.name, names_.All()));
    } else if (kind == Names::Kind::kMessage && reference.path != "message_id" &&
               reference.path != "idempotency_key") {
      Error(node.where, ErrorNumber::kName,
            written + ": a message gives .message_id and .idempotency_key");
    } else if (kind == Names::Kind::kFrame &&
               !IsFramePath(reference.path, frame_kinds_[reference.name])) {
      Error(node.where, ErrorNumber::kName, written + ": a frame has no such field");
    }
  }
}

bool Builder::CheckState(const Where& where, words::State state) {
  const auto known = StatesOf(case_.role);
  const std::string word = wire::Word(state);
  const bool is_known = std::find(known.begin(), known.end(), word) != known.end();
  if (!is_known) {
    Error(where, ErrorNumber::kWord,
          UnknownWord(word, "state of a " + RoleName(case_.role), known));
  }
  return is_known;
}

void Builder::CheckStates(const Where& where, const Matcher& matcher) {
  for (const Matcher& each : matcher.list) {
    CheckStates(where, each);
  }
  const auto state = wire::ParseWord<words::State>(matcher.text);
  if (matcher.kind == Matcher::Kind::kEqual && state) {
    CheckState(where, *state);
  }
}

}  // namespace cmb::conformance::scenario
