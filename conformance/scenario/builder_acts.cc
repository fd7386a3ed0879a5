// Acts and moves of the clock (scenario language, section 5).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

bool IsActOfSystem(std::string_view verb) {
  for (const char* const act : {"send", "cancel", "ack", "crash", "start", "disconnect", "connect",
                                "wall_jump", "advance"}) {
    if (verb == act) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Step::Action> Builder::BuildAct(const std::string& verb, const Node& node) {
  if (case_.is_system && !IsActOfSystem(verb)) {
    Error(node.where, ErrorNumber::kRole,
          verb +
              " has nobody to do it in a system: there acts are send, cancel, ack by a module of "
              "peers, crash, start, disconnect, connect, wall_jump and advance");
    return std::nullopt;
  }
  if (verb == "send") {
    return BuildSend(node);
  }
  if (verb == "resend") {
    return BuildResend(node);
  }
  if (verb == "cancel") {
    CheckCancel(node);
    return CancelMessages{Declared(*node.Find("cancel"))};
  }
  if (verb == "ack") {
    return BuildAck(node);
  }
  if (verb == "batch") {
    return BuildBatch(node);
  }
  if (verb == "raw" || verb == "encoded") {
    return BuildRaw(node, verb);
  }
  if (verb == "ping") {
    return BuildPing(node);
  }
  if (verb == "ask") {
    return BuildAsk(node);
  }
  if (verb == "crash" || verb == "start") {
    return BuildCrashOrStart(verb, node);
  }
  if (verb == "disconnect" || verb == "connect" || verb == "fill" || verb == "drain") {
    return BuildConnection(verb, node);
  }
  if (verb == "wall_jump") {
    return BuildWallJump(node);
  }
  if (verb == "advance") {
    return BuildAdvance(node);
  }
  return verb == "together" ? BuildTogether(node) : std::nullopt;
}

// Who sends the message decides what can be done to it.
void Builder::CheckSender(const Node& node, const Message& message) {
  const Node* from = node.Find("from");
  if (case_.role == words::ROLE_SENDER && message.from != "sender") {
    Error(from == nullptr ? node.where : from->where, ErrorNumber::kModule,
          "in role sender every message is sent by the implementation under test");
  }
  if (case_.role != words::ROLE_SENDER && (message.from == "router" || IsIut(message.from))) {
    Error(from == nullptr ? node.where : from->where, ErrorNumber::kModule,
          "the " + message.from + " sends no messages here");
  }
  if (case_.role == words::ROLE_TARGET && message.to != "target") {
    Error(node.where, ErrorNumber::kModule,
          "in role target every message goes to the implementation under test; for another "
          "address write set: {targets: [...]}");
  }
  const auto peer = case_.peers.find(message.from);
  if (peer != case_.peers.end() && !peer->second.connected) {
    Error(from == nullptr ? node.where : from->where, ErrorNumber::kModule,
          message.from + " is absent and cannot act");
  }
  std::vector<std::string> channels = case_.config.channels;
  channels.insert(channels.end(), case_.config.second_router.begin(),
                  case_.config.second_router.end());
  if (case_.role == words::ROLE_SENDER && !message.on.empty() &&
      std::find(channels.begin(), channels.end(), message.on) == channels.end()) {
    Error(node.where, ErrorNumber::kModule,
          "the implementation sends its messages on a channel, not on " + message.on);
  }
  for (const char* key : {"set", "corrupt"}) {
    if (case_.role == words::ROLE_SENDER && node.Find(key) != nullptr) {
      Error(node.Find(key)->where, ErrorNumber::kModule,
            std::string(key) + " needs the lower tester, and here the implementation sends");
    }
  }
}

std::optional<Step::Action> Builder::BuildSend(const Node& node) {
  const auto aliases = ParseAliases(*node.Find("send"), report_);
  if (!aliases) {
    unread_send_ = true;
    return std::nullopt;
  }
  CheckOnce(node, "; a name is one message: write send: m1..m3 for three, resend for a copy");
  for (const std::string& alias : *aliases) {
    DeclareMessage(alias, node, node.Find("send")->where);
    NumberStream(case_.messages[alias]);
  }
  return Send{*aliases};
}

std::optional<Step::Action> Builder::BuildResend(const Node& node) {
  Resend resend;
  resend.aliases = Declared(*node.Find("resend"));
  if (case_.role == words::ROLE_SENDER) {
    Error(node.where, ErrorNumber::kModule,
          "resend is the lower tester's; a sender under test re-sends by itself");
  }
  if (const Node* attempt = node.Find("attempt")) {
    const auto count = ParseCount(*attempt, report_, kMostAttempts);
    resend.attempt = static_cast<std::uint32_t>(count.value_or(1));
  }
  if (const Node* work = node.Find("work")) {
    resend.work = BuildWork(*work);
    if (case_.role != words::ROLE_TARGET) {
      Error(work->where, ErrorNumber::kRole, "only the handler of a target reads this work");
    }
  }
  if (const Node* set = node.Find("set")) {
    resend.set = Changes(*set);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    resend.corrupt = ParseHarm(*corrupt, report_);
  }
  resend.on = Socket(node);
  return resend;
}

std::optional<Step::Action> Builder::BuildRaw(const Node& node, const std::string& verb) {
  Raw raw;
  for (const Node& frame : node.Find(verb)->items) {
    raw.frames.push_back(ParseHex(frame, report_).value_or(""));
  }
  if (verb == "encoded") {
    return raw;
  }
  raw.by = LowerTesterModule(node, "by");
  raw.on = Socket(node);
  return raw;
}

std::optional<Step::Action> Builder::BuildPing(const Node& node) {
  Ping ping;
  ping.to = Module(node, "ping", "");
  ping.by = LowerTesterModule(node, "by");
  ping.on = Socket(node);
  ping.as = node.TextOf("as");
  if (const Node* payload = node.Find("payload")) {
    ping.payload = ParsePayload(*payload, report_);
  }
  if (const Node* set = node.Find("set")) {
    ping.set = Changes(*set);
  }
  if (!ping.as.empty()) {
    names_.Declare(ping.as, Names::Kind::kPing, node.Find("as")->where, report_);
  }
  return ping;
}

std::optional<Step::Action> Builder::BuildAdvance(const Node& node) {
  Advance advance;
  const Node& by = *node.Find("advance");
  advance.until_quiet = by.IsScalar() && by.text == "until quiet";
  if (!advance.until_quiet) {
    advance.by = ParseDuration(by, report_).value_or(Milliseconds(0));
  }
  for (auto [key, steps] : {std::pair{"before_timers", &advance.before_timers},
                            std::pair{"after_timers", &advance.after_timers}}) {
    const Node* acts = node.Find(key);
    if (acts != nullptr && advance.until_quiet) {
      Error(acts->where, ErrorNumber::kSense,
            fmt::format("{} needs an instant, which 'until quiet' does not name", key));
    }
    *steps = acts == nullptr ? std::vector<Step>{} : BuildSteps(*acts, Place::kActsOnly);
  }
  return advance;
}

std::optional<Step::Action> Builder::BuildTogether(const Node& node) {
  return Together{BuildSteps(*node.Find("together"), Place::kTogether)};
}

}  // namespace cmb::conformance::scenario
