// Acts upon processes, connections and the wall clock, and questions to a
// router (scenario language, section 5).
#include <algorithm>
#include <utility>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/vocabulary.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::scenario {
namespace {

words::QueryKind KindOf(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char letter) {
    return static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
  });
  return wire::ParseWord<words::QueryKind>(word).value_or(words::QUERY_KIND_UNSPECIFIED);
}

bool NamesOneMessage(words::QueryKind kind) {
  return kind == words::QUERY_KIND_TRANSACTION || kind == words::QUERY_KIND_REDRIVE;
}

}  // namespace

std::optional<Step::Action> Builder::BuildAsk(const Node& node) {
  Ask ask;
  ask.kind = KindOf(node.TextOf("ask"));
  if (case_.role != words::ROLE_ROUTER) {
    Error(node.where, ErrorNumber::kModule,
          "ask is a question to @router, which is under test only in role router");
    return std::nullopt;
  }
  ask.by = LowerTesterModule(node, "by");
  ask.by = ask.by.empty() ? "sender" : ask.by;
  const Node* of = node.Find("of");
  if (NamesOneMessage(ask.kind) || (of != nullptr && ask.kind == words::QUERY_KIND_PURGE)) {
    const auto about = OfOrOnly(node);
    ask.of = about.size() == 1 ? about.front() : "";
    if (about.size() > 1) {
      Error(of->where, ErrorNumber::kName, "one question is about one message");
    }
  } else if (of != nullptr) {
    Error(of->where, ErrorNumber::kShape, node.TextOf("ask") + " is about no single message");
  }
  if (const Node* set = node.Find("set")) {
    ask.set = Changes(*set);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    ask.corrupt = ParseHarm(*corrupt, report_);
  }
  ask.on = Socket(node);
  DeclareAsked(node, ask);
  ask.as = node.TextOf("as");
  return ask;
}

// The new message of a redrive is the old one again, under an id that the router makes. Of another
// question `as` names the question itself, so that `of` can name it.
void Builder::DeclareAsked(const Node& node, const Ask& ask) {
  const Node* as = node.Find("as");
  if (as == nullptr) {
    return;
  }
  if (ask.kind != words::QUERY_KIND_REDRIVE) {
    names_.Declare(as->text, Names::Kind::kPing, as->where, report_);
    return;
  }
  const auto old = case_.messages.find(ask.of);
  if (old == case_.messages.end() ||
      !names_.Declare(as->text, Names::Kind::kMessage, as->where, report_)) {
    return;
  }
  Message message = old->second;
  message.alias = as->text;
  message.where = as->where;
  case_.messages[as->text] = message;
}

void Builder::CheckCancel(const Node& node) {
  const Node* when = node.Find("when");
  const bool if_declared = when != nullptr && when->Find("pics") != nullptr;
  if (case_.role != words::ROLE_SENDER) {
    Error(node.where, ErrorNumber::kModule,
          "cancel is what the application of a sender does; the lower tester writes ack: CANCEL");
  } else if (!wire::Holds(case_.profile, words::PROFILE_TRACKED) && case_.needs.empty() &&
             !if_declared) {
    Error(node.where, ErrorNumber::kSense,
          "a BASIC sender cannot cancel: write profile: TRACKED in the document");
  }
}

void Builder::CheckOnce(const Node& node, const std::string& why) {
  if (const Node* repeat = node.Find("repeat")) {
    Error(repeat->where, ErrorNumber::kSense, "this act cannot be repeated" + why);
  }
}

std::optional<Step::Action> Builder::BuildCrashOrStart(const std::string& verb, const Node& node) {
  const Node& role = *node.Find(verb);
  if (!IsIut(role.text)) {
    Error(role.where, ErrorNumber::kModule,
          "only the implementation under test can " + verb + ", and " + role.text + " is not");
  }
  CheckOnce(node, "");
  if (verb == "crash") {
    return Crash{role.text};
  }
  return Start{role.text};
}

std::optional<Step::Action> Builder::BuildWallJump(const Node& node) {
  WallJump jump;
  jump.by = ParseJump(*node.Find("wall_jump"), report_).value_or(Milliseconds(0));
  jump.of = Module(node, "at", "");
  const Node* at = node.Find("at");
  if (at != nullptr && !case_.is_system) {
    Error(at->where, ErrorNumber::kModule,
          "only a system has several clocks; here it is that of the implementation under test");
  } else if (at != nullptr && !IsIut(jump.of)) {
    Error(at->where, ErrorNumber::kModule, jump.of + " is no implementation under test");
  }
  return jump;
}

std::optional<Step::Action> Builder::BuildConnection(const std::string& verb, const Node& node) {
  const Node& where = *node.Find(verb);
  CheckOnce(node, "");
  if (case_.role != words::ROLE_ROUTER && !case_.is_system) {
    Error(node.where, ErrorNumber::kModule,
          verb +
              " needs a module with connections of its own, which there are in the roles router "
              "and system");
    return std::nullopt;
  }
  const std::string module =
      case_.is_system ? Module(node, verb, "") : LowerTesterModule(node, verb);
  if (case_.is_system && module == "router") {
    Error(where.where, ErrorNumber::kModule,
          "the connections are those of a module with the router");
  }
  const auto peer = case_.peers.find(module);
  if (peer != case_.peers.end() && peer->second.key != Peer::Key::kUnsaid &&
      peer->second.key != Peer::Key::kRight) {
    Error(where.where, ErrorNumber::kModule,
          module + " is refused by the router and has no connection");
  }
  if (verb == "disconnect") {
    return Disconnect{module};
  }
  if (verb == "fill" || verb == "drain") {
    return FillQueue{module, verb == "fill"};
  }
  return Connect{module};
}

}  // namespace cmb::conformance::scenario
