// Everything of a document that stands before its steps.
#include <algorithm>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

words::Role RoleOf(const std::string& text) {
  return text == "sender"   ? words::ROLE_SENDER
         : text == "router" ? words::ROLE_ROUTER
         : text == "target" ? words::ROLE_TARGET
                            : words::ROLE_UNSPECIFIED;
}

std::vector<std::string> TextsOf(const Node* list) {
  std::vector<std::string> texts;
  if (list != nullptr) {
    for (const Node& item : list->items) {
      texts.push_back(item.text);
    }
  }
  return texts;
}

// "x@a=b,c=d" gives {a, b}, {c, d}.
std::vector<std::pair<std::string, std::string>> LabelsOf(const std::string& id) {
  std::vector<std::pair<std::string, std::string>> labels;
  std::size_t at = id.find('@');
  while (at != std::string::npos) {
    const std::size_t end = id.find(',', at + 1);
    const std::string pair = id.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    const std::size_t equal = pair.find('=');
    labels.emplace_back(pair.substr(0, equal),
                        equal == std::string::npos ? "" : pair.substr(equal + 1));
    at = end;
  }
  return labels;
}

Peer::Key KeyOf(const std::string& word) {
  return word == "right"      ? Peer::Key::kRight
         : word == "wrong"    ? Peer::Key::kWrong
         : word == "borrowed" ? Peer::Key::kBorrowed
         : word == "none"     ? Peer::Key::kNone
                              : Peer::Key::kUnsaid;
}

}  // namespace

void Builder::BuildHeader(const Node& document) {
  case_.where = document.where;
  case_.id = document.TextOf("id");
  case_.document_id = case_.id.substr(0, case_.id.find('@'));
  case_.labels = LabelsOf(case_.id);
  case_.title = document.TextOf("title");
  case_.is_system = document.TextOf("role") == "system";
  case_.role = case_.is_system ? words::ROLE_SENDER : RoleOf(document.TextOf("role"));
  case_.origin = document.TextOf("origin");
  const std::string profile = document.TextOf("profile");
  case_.profile = wire::ParseWord<words::Profile>(profile).value_or(words::PROFILE_BASIC);
  const std::string clock = document.TextOf("clock");
  case_.clock = clock == "virtual" ? Clock::kVirtual
                : clock == "wall"  ? Clock::kWall
                                   : Clock::kBoth;
  BuildFeatures(document);
  CheckReqs(document);
  for (const char* module : {"sender", "router", "target"}) {
    names_.Declare(module, Names::Kind::kModule, Where{}, report_);
  }
  if (const Node* config = document.Find("config")) {
    BuildConfig(*config);
  }
  if (const Node* policy = document.Find("policy")) {
    ApplyPolicy(*policy, policy_);
  }
  if (const Node* peers = document.Find("peers")) {
    BuildPeers(*peers);
  }
}

void Builder::BuildFeatures(const Node& document) {
  const Node* needs = document.Find("needs");
  const Node* lacks = document.Find("lacks");
  case_.needs = TextsOf(needs);
  case_.lacks = TextsOf(lacks);
  const std::string profile = wire::Word(case_.profile);
  for (std::size_t i = 0; i < case_.needs.size(); ++i) {
    if (ProfileContains(case_.profile, case_.needs[i])) {
      Error(needs->items[i].where, ErrorNumber::kRequirement,
            "needs " + case_.needs[i] + ", which the profile " + profile + " contains");
    }
  }
  for (std::size_t i = 0; i < case_.lacks.size(); ++i) {
    if (ProfileContains(case_.profile, case_.lacks[i])) {
      Error(lacks->items[i].where, ErrorNumber::kRequirement,
            "lacks " + case_.lacks[i] + ", which the profile " + profile +
                " contains: the scenario would never run");
    }
  }
}

void Builder::CheckReqs(const Node& document) {
  const Node* list = document.Find("requirements");
  if (list == nullptr) {
    return;
  }
  if (list->items.empty()) {
    Error(list->where, ErrorNumber::kShape, "requirements names no requirement");
  }
  for (const Node& item : list->items) {
    CheckRequirement(item);
    if (std::find(case_.requirements.begin(), case_.requirements.end(), item.text) !=
        case_.requirements.end()) {
      Error(item.where, ErrorNumber::kRequirement, item.text + " is listed twice");
    }
    case_.requirements.push_back(item.text);
  }
}

void Builder::BuildConfig(const Node& config) {
  const auto duration = [&](const char* key, std::optional<Milliseconds>& field) {
    if (const Node* value = config.Find(key)) {
      field = ParseDuration(*value, report_);
    }
  };
  duration("reconcile_window", case_.config.reconcile_window);
  duration("key_window", case_.config.key_window);
  duration("dead_letter", case_.config.dead_letter);
  duration("max_latency", case_.config.max_latency);
  duration("max_ttl", case_.config.max_ttl);
  if (const Node* value = config.Find("max_deliveries")) {
    constexpr std::uint64_t kMostDeliveries = 1'000;
    const auto count = ParseCount(*value, report_, kMostDeliveries);
    case_.config.max_deliveries = static_cast<std::uint32_t>(count.value_or(0));
  }
  if (const Node* value = config.Find("id_bytes")) {
    constexpr std::uint64_t kMostBytes = 245;  // Leaves room for a name and @ within 255.
    case_.config.id_bytes =
        static_cast<std::size_t>(ParseCount(*value, report_, kMostBytes).value_or(0));
  }
  if (const Node* channels = config.Find("channels")) {
    case_.config.channels = TextsOf(channels);
  }
  if (const Node* second = config.Find("second_router")) {
    BuildSecondRouter(*second);
  }
  if (const Node* jitter = config.Find("jitter")) {
    case_.config.jitter.clear();
    for (const Node& factor : jitter->items) {
      case_.config.jitter.push_back(ParseFactor(factor, report_).value_or(1.0));
    }
  }
  if (const Node* limits = config.Find("limits")) {
    BuildLimits(*limits);
  }
  if (const Node* circuit = config.Find("circuit")) {
    BuildCircuit(*circuit);
  }
}

void Builder::BuildSecondRouter(const Node& channels) {
  case_.config.second_router = TextsOf(&channels);
  names_.Declare(kSecondRouter, Names::Kind::kModule, Where{}, report_);
  const auto& needs = case_.needs;
  if (!case_.is_system) {
    Error(channels.where, ErrorNumber::kRole, "only a system has two routers");
  } else if (std::find(needs.begin(), needs.end(), "fallback") == needs.end()) {
    Error(channels.where, ErrorNumber::kSense,
          "no message goes by two routers without the feature: write needs: [fallback]");
  }
}

void Builder::BuildCircuit(const Node& circuit) {
  Circuit& to = case_.config.circuit;
  const auto count = [&](const char* key, std::optional<std::uint64_t>& field) {
    constexpr std::uint64_t kMost = 1'000;
    if (const Node* value = circuit.Find(key)) {
      field = ParseCount(*value, report_, kMost);
    }
  };
  const auto duration = [&](const char* key, std::optional<Milliseconds>& field) {
    if (const Node* value = circuit.Find(key)) {
      field = ParseDuration(*value, report_);
    }
  };
  count("outcomes", to.outcomes);
  count("failures", to.failures);
  duration("window", to.window);
  duration("open", to.open);
  duration("slow", to.slow);
  for (const std::string& code : TextsOf(circuit.Find("failure_codes"))) {
    to.failure_codes.push_back(CodeOf(code));
  }
}

void Builder::BuildLimits(const Node& limits) {
  const auto size = [&](const char* key, std::optional<std::uint64_t>& field) {
    if (const Node* value = limits.Find(key)) {
      field = ParseSize(*value, report_);
    }
  };
  const auto count = [&](const char* key, std::optional<std::uint64_t>& field) {
    constexpr std::uint64_t kMost = 1'000'000;
    if (const Node* value = limits.Find(key)) {
      field = ParseCount(*value, report_, kMost);
    }
  };
  size("payload", case_.config.payload);
  size("header", case_.config.header);
  count("queue_per_target", case_.config.queue_per_target);
  count("in_flight", case_.config.in_flight);
  count("dedup", case_.config.dedup);
  count("batch", case_.config.batch);
  count("records", case_.config.records);
  count("marks", case_.config.marks);
  count("dead_letters", case_.config.dead_letters);
  count("source_shares", case_.config.source_shares);
}

void Builder::BuildPeers(const Node& peers) {
  for (const Entry& entry : peers.entries) {
    Peer peer;
    peer.name = entry.key.text;
    peer.where = entry.key.where;
    const Node& value = entry.value;
    peer.connected = (value.IsScalar() ? value.text : value.TextOf("state")) != "absent";
    peer.accepts_ack_batch = value.TextOf("accepts_ack_batch") == "true";
    if (IsIut(peer.name)) {
      Error(peer.where, ErrorNumber::kModule,
            "the " + peer.name + " is the implementation under test, not a peer");
      continue;
    }
    if (peer.name == "router" && (!peer.connected || value.Find("key") != nullptr)) {
      Error(peer.where, ErrorNumber::kModule,
            "the suite's own router is always there; only accepts_ack_batch can be said of it");
      continue;
    }
    if (peer.name.starts_with('@') && case_.role != words::ROLE_ROUTER) {
      Error(peer.where, ErrorNumber::kModule,
            "only a router under test meets a module by the name of " + peer.name);
      continue;
    }
    if (peer.name != "sender" && peer.name != "target" && peer.name != "router") {
      names_.Declare(peer.name, Names::Kind::kModule, peer.where, report_);
    }
    if (const Node* key = value.Find("key")) {
      peer.key = KeyOf(key->text);
      CheckKey(*key, peer);
    }
    case_.peers[peer.name] = peer;
  }
}

void Builder::CheckKey(const Node& key, const Peer& peer) {
  if (std::find(case_.needs.begin(), case_.needs.end(), "curve") == case_.needs.end()) {
    Error(key.where, ErrorNumber::kRequirement, "keys of peers need the feature: needs: [curve]");
  }
  if (!peer.connected) {
    Error(key.where, ErrorNumber::kModule, peer.name + " is absent and shows no key");
  }
  if (case_.role != words::ROLE_ROUTER && peer.key != Peer::Key::kRight) {
    Error(key.where, ErrorNumber::kModule,
          "only a router under test refuses keys; here the suite's own router stands between");
  }
}

void Builder::CheckPeersUsed() {
  for (const auto& [name, peer] : case_.peers) {
    if (name != "sender" && name != "target" && name != "router" && peer.where.line != 0 &&
        !used_modules_.contains(name)) {
      Error(peer.where, ErrorNumber::kModule, "the peer " + name + " is declared and never used");
    }
  }
}

}  // namespace cmb::conformance::scenario
