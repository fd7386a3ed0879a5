// Acts and moves of the clock (scenario language, section 5).
#include <algorithm>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/terms.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

constexpr std::uint64_t kMostAttempts = 1'000;

std::optional<std::uint32_t> Count(const Node& node, const char* key, std::uint64_t max,
                                   Report& report) {
  const Node* value = node.Find(key);
  const auto count = value == nullptr ? std::nullopt : ParseCount(*value, report, max);
  return count ? std::optional<std::uint32_t>(static_cast<std::uint32_t>(*count)) : std::nullopt;
}

}  // namespace

std::optional<Step::Action> Builder::BuildAct(const std::string& verb, const Node& node) {
  if (verb == "send") {
    return BuildSend(node);
  }
  if (verb == "resend") {
    return BuildResend(node);
  }
  if (verb == "cancel") {
    if (case_.role != words::ROLE_SENDER) {
      Error(node.where, ErrorNumber::kModule,
            "cancel is what the application of a sender does; the lower tester writes ack: CANCEL");
    }
    return CancelMessages{Declared(*node.Find("cancel"))};
  }
  if (verb == "ack") {
    return BuildAck(node);
  }
  if (verb == "raw") {
    return BuildRaw(node);
  }
  if (verb == "ping") {
    return BuildPing(node);
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
  const auto& channels = case_.config.channels;
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
    return std::nullopt;
  }
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
  resend.attempt = Count(node, "attempt", kMostAttempts, report_);
  if (const Node* set = node.Find("set")) {
    resend.set = ParseSet(*set, report_);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    resend.corrupt = ParseHarm(*corrupt, report_);
  }
  resend.on = Socket(node);
  return resend;
}

std::optional<Step::Action> Builder::BuildAck(const Node& node) {
  constexpr std::uint64_t kHundred = 100;
  AckAct ack;
  const auto term = ParseTerm(*node.Find("ack"), TermUse::kAct, report_);
  ack.of = OfOrOnly(node);
  ack.by = LowerTesterModule(node, "by");
  ack.attempt = Count(node, "attempt", kMostAttempts, report_);
  ack.percent = Count(node, "percent", kHundred, report_);
  if (const Node* hold = node.Find("hold")) {
    ack.hold = ParseDuration(*hold, report_);
  }
  if (const Node* payload = node.Find("payload")) {
    ack.payload = ParsePayload(*payload, report_);
  }
  if (const Node* set = node.Find("set")) {
    ack.set = ParseSet(*set, report_);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    ack.corrupt = ParseHarm(*corrupt, report_);
  }
  ack.on = Socket(node);
  if (!term) {
    return std::nullopt;
  }
  ack.term = *term;
  CheckAuthor(node, ack);
  return ack;
}

// Without `by` the rightful author speaks, and that must not be the IUT.
void Builder::CheckAuthor(const Node& node, const AckAct& ack) {
  if (!ack.by.empty() || node.Find("by") != nullptr) {
    return;
  }
  for (const std::string& alias : ack.of) {
    const auto message = case_.messages.find(alias);
    if (message == case_.messages.end()) {
      continue;
    }
    const std::string author = RightfulAuthor(case_.role, ack.term, message->second);
    if (IsIut(author)) {
      Error(node.where, ErrorNumber::kModule,
            ack.term.text + " is the " + author +
                "'s to send, which is the implementation under test; write by: for a forgery");
      return;
    }
  }
}

std::optional<Step::Action> Builder::BuildRaw(const Node& node) {
  Raw raw;
  for (const Node& frame : node.Find("raw")->items) {
    raw.frames.push_back(ParseHex(frame, report_).value_or(""));
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
  if (const Node* acts = node.Find("before_timers")) {
    if (advance.until_quiet) {
      Error(acts->where, ErrorNumber::kSense,
            "before_timers needs an instant, which 'until quiet' does not name");
    }
    advance.before_timers = BuildSteps(*acts, Place::kActsOnly);
  }
  return advance;
}

std::optional<Step::Action> Builder::BuildTogether(const Node& node) {
  return Together{BuildSteps(*node.Find("together"), Place::kActsOnly)};
}

}  // namespace cmb::conformance::scenario
