// Messages: their policy, fields and work, and where `given` says they begin.
#include <algorithm>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/language.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/references.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

// Where `given: REJECTED` at a router sends its message: a module that never connects.
constexpr const char* kNobody = "nobody";

}  // namespace

void Builder::ApplyPolicy(const Node& node, Policy& policy) {
  constexpr std::uint64_t kMostRetries = 100;
  const auto duration = [this](const Node& from, const char* key, Milliseconds& field) {
    if (const Node* value = from.Find(key)) {
      field = ParseDuration(*value, report_).value_or(field);
    }
  };
  duration(node, "router_ack", policy.router_ack);
  duration(node, "delivery_ack", policy.delivery_ack);
  duration(node, "execution", policy.execution);
  duration(node, "ttl", policy.ttl);
  if (const Node* value = node.Find("max_retries")) {
    const auto count = ParseCount(*value, report_, kMostRetries);
    policy.max_retries = static_cast<std::uint32_t>(count.value_or(0));
  }
  if (const Node* backoff = node.Find("backoff")) {
    duration(*backoff, "first", policy.backoff_first);
    duration(*backoff, "max", policy.backoff_max);
    if (const Node* factor = backoff->Find("factor")) {
      policy.backoff_factor = ParsePolicyFactor(*factor, report_).value_or(policy.backoff_factor);
    }
  }
  if (const Node* stage = node.Find("required_ack")) {
    policy.required_ack =
        wire::ParseWord<words::AckType>(stage->text).value_or(policy.required_ack);
  }
  if (const Node* codes = node.Find("retryable")) {
    policy.retryable.clear();
    for (const Node& code : codes->items) {
      policy.retryable.push_back(CodeOf(code.text));
    }
  }
  if (const Node* cancels = node.Find("cancel_on_timeout")) {
    policy.cancel_on_timeout = cancels->text == "true";
  }
  if (const Node* channels = node.Find("channels")) {
    policy.channels.clear();
    for (const Node& channel : channels->items) {
      policy.channels.push_back(channel.text);
    }
  }
}

// What nobody says has the default of the spec, whatever the document's policy is. The life is no
// part of it.
void Builder::LeavePolicyOut(const Node& node, Message& message) {
  const Milliseconds ttl = message.policy.ttl;
  message.policy = Policy();
  message.policy.ttl = ttl;
  message.policy_said.emplace();
  for (const Key& key : SectionNamed("policy").keys) {
    if (key.name != "ttl" && node.Find(key.name) != nullptr) {
      message.policy_said->emplace_back(key.name);
    }
  }
}

// Who stands in a header counts as used, and is there or not, as the peers say.
std::vector<SetField> Builder::Changes(const Node& set) {
  std::vector<SetField> changes = ParseSet(set, report_);
  for (const SetField& change : changes) {
    if (change.path == "source" || change.path == "targets") {
      case_.named.insert(change.values.begin(), change.values.end());
      used_modules_.insert(change.values.begin(), change.values.end());
    }
  }
  return changes;
}

void Builder::ApplyMessageFields(const Node& node, Message& message) {
  message.from = Module(node, "from", message.from);
  message.to = Module(node, "to", message.to);
  if (node.Find("policy") != nullptr) {
    LeavePolicyOut(node, message);
  }
  ApplyPolicy(node, message.policy);
  if (const Node* payload = node.Find("payload")) {
    message.payload = ParsePayload(*payload, report_);
  }
  if (const Node* key = node.Find("key")) {
    message.key = ParseKey(*key, report_);
  }
  if (const Node* stream = node.Find("stream")) {
    message.stream = stream->text;
  }
  if (const Node* sequence = node.Find("sequence")) {
    message.sequence = ParseCount(*sequence, report_).value_or(0);
    numbered_.insert(message.alias);
  }
  if (const Node* window = node.Find("reconcile_window")) {
    message.reconcile_window = ParseDuration(*window, report_);
  }
  if (const Node* set = node.Find("set")) {
    message.set = Changes(*set);
  }
  if (const Node* corrupt = node.Find("corrupt")) {
    message.corrupt = ParseHarm(*corrupt, report_);
  }
  if (node.Find("on") != nullptr) {
    message.on = Socket(node);
  }
  const Node* work = node.Find("work");
  if (work == nullptr) {
    return;
  }
  message.work = BuildWork(*work);
  if (case_.role != words::ROLE_TARGET && !case_.well_behaved) {
    Error(work->where, ErrorNumber::kRole,
          "nobody reads this work: the target is played by the steps (write faults: none to have "
          "one that behaves)");
  }
}

void Builder::NumberStream(Message& message) {
  if (!message.stream.empty() && message.sequence == 0 && !numbered_.contains(message.alias)) {
    message.sequence = ++streams_[message.from + " " + message.stream];
  }
}

// `fields` is a `send` step or a mapping of `given`. A message that was given as
// UNSENT keeps what was given and takes what is written here over it.
void Builder::DeclareMessage(const std::string& alias, const Node& fields, const Where& where) {
  const bool waits = unsent_.erase(alias) != 0;
  if (!waits && !names_.Declare(alias, Names::Kind::kMessage, where, report_)) {
    return;
  }
  Message& message = case_.messages[alias];
  if (!waits) {
    message.alias = alias;
    message.policy = policy_;
    message.where = where;
  }
  ApplyMessageFields(fields, message);
  CheckSender(fields, message);
}

void Builder::BuildGiven(const Node& given) {
  for (const Entry& entry : given.entries) {
    CheckReferences(entry.value);
    const auto aliases = ParseAliases(entry.key, report_);
    if (!aliases) {
      continue;
    }
    for (const std::string& alias : *aliases) {
      BuildGivenMessage(alias, entry);
    }
  }
}

void Builder::BuildGivenMessage(const std::string& alias, const Entry& entry) {
  static const Node kNoFields;
  const bool has_fields = entry.value.IsMapping();
  const Node& fields = has_fields ? entry.value : kNoFields;
  const Node* state_node = has_fields ? entry.value.Find("state") : &entry.value;
  const std::string word = state_node == nullptr ? "" : state_node->text;
  const auto known = GivenStatesOf(case_.role);
  if (std::find(known.begin(), known.end(), word) == known.end()) {
    Error(state_node == nullptr ? entry.key.where : state_node->where, ErrorNumber::kRole,
          UnknownWord(word, "state a case of this role can begin in", known));
    return;
  }
  DeclareMessage(alias, fields, entry.key.where);
  Given given;
  given.alias = alias;
  given.where = entry.key.where;
  given.source_text = alias + ": " + FlowText(entry.value);
  if (word == "UNSENT") {
    unsent_.insert(alias);
  } else {
    given.state = wire::ParseWord<words::State>(word);
    FitToState(fields, *given.state, case_.messages[alias]);
    NumberStream(case_.messages[alias]);
  }
  case_.given.push_back(given);
}

// What the shortest path to a state asks of the message itself.
void Builder::FitToState(const Node& fields, words::State state, Message& message) {
  const bool own_work = fields.Find("work") != nullptr;
  if (case_.role == words::ROLE_SENDER && state == words::STATE_TIMEOUT_ABORT) {
    message.policy.max_retries = 0;
  }
  if (case_.role == words::ROLE_ROUTER && state == words::STATE_REJECTED &&
      fields.Find("to") == nullptr) {
    message.to = kNobody;
    Peer nobody;
    nobody.name = kNobody;
    nobody.connected = false;
    case_.peers[kNobody] = nobody;
  }
  if (case_.role != words::ROLE_TARGET || own_work) {
    return;
  }
  if (state == words::STATE_EXECUTING || state == words::STATE_CANCELLED) {
    message.work.starts = Milliseconds(0);
    message.work.ends = Work::End::kNever;
  } else if (state == words::STATE_FAILED) {
    message.work.ends = Work::End::kFailure;
    message.work.code = words::ERROR_CODE_INTERNAL_ERROR;
  } else if (state == words::STATE_REJECTED) {
    message.work.ends = Work::End::kRejected;
    message.work.code = words::ERROR_CODE_PERMISSION_DENIED;
  }
}

}  // namespace cmb::conformance::scenario
