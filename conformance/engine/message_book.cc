#include "conformance/engine/message_book.h"

#include <algorithm>

#include "conformance/engine/field_path.h"
#include "conformance/scenario/references.h"

namespace cmb::conformance::engine {
namespace {

constexpr char kRouterModule[] = "router";
constexpr char kRouterRoutingId[] = "@router";

}  // namespace

std::string RoutingId(const std::string& module) {
  return module == kRouterModule ? kRouterRoutingId : module;
}

std::string ModuleOf(const std::string& routing_id) {
  return routing_id == kRouterRoutingId ? kRouterModule : routing_id;
}

Known& MessageBook::Entry(const std::string& alias) {
  Known& known = known_[alias];
  known.alias = alias;
  return known;
}

const Known* MessageBook::Find(const std::string& alias) const {
  const auto found = known_.find(alias);
  return found == known_.end() ? nullptr : &found->second;
}

Known* MessageBook::Find(const std::string& alias) {
  const auto found = known_.find(alias);
  return found == known_.end() ? nullptr : &found->second;
}

void MessageBook::Name(Known& known, const std::string& message_id, const std::string& source) {
  if (known.message_id == message_id && known.source == source) {
    return;
  }
  const auto [first, last] = alias_of_id_.equal_range(known.message_id);
  const auto old =
      std::find_if(first, last, [&](const auto& entry) { return entry.second == known.alias; });
  if (old != last) {
    alias_of_id_.erase(old);
  }
  known.message_id = message_id;
  known.source = source;
  alias_of_id_.emplace(message_id, known.alias);
}

const Known* MessageBook::Owner(const std::string& message_id, const std::string& source) const {
  const auto [first, last] = alias_of_id_.equal_range(message_id);
  const Known* owner = nullptr;
  for (auto entry = first; entry != last; ++entry) {
    const Known& known = known_.at(entry->second);
    if (known.source == source) {
      return &known;
    }
    // An item that does not say its source, or says a wrong one, still belongs
    // to the only message of that id.
    owner = owner == nullptr ? &known : owner;
  }
  return owner;
}

Known* MessageBook::Owner(const std::string& message_id, const std::string& source) {
  return const_cast<Known*>(static_cast<const MessageBook&>(*this).Owner(message_id, source));
}

void MessageBook::AwaitRedrive(const std::string& query_id, const scenario::Message& redriven,
                               const Known& old) {
  Known& known = Entry(redriven.alias);
  known.fields = &redriven;
  known.source = old.source;
  known.target = old.target;
  known.key = old.key.empty() ? old.message_id : old.key;
  known.payload = old.payload;
  redriven_by_[query_id] = redriven.alias;
}

void MessageBook::LearnRedriven(const Item& reply) {
  const auto redriven = redriven_by_.find(reply.frame->header.correlation_id());
  const std::string& id = reply.frame->header.reply().redriven_id();
  if (redriven == redriven_by_.end() || id.empty()) {
    return;
  }
  Known& known = known_.at(redriven->second);
  Name(known, id, std::string(known.source));
  known.last_attempt_sent = 1;  // By the router, in the name of the source.
}

void MessageBook::Learn(const Item& item) {
  if (item.kind == ItemKind::kReply) {
    LearnRedriven(item);
    return;
  }
  if (item.kind != ItemKind::kMessage) {
    return;
  }
  Known* known = Owner(item.message_id, item.source);
  if (known == nullptr) {
    return;
  }
  const ack::v1::CognitiveMessage& header = item.frame->header;
  known->last_attempt_received = std::max(known->last_attempt_received, header.attempt());
  if (!known->sent) {  // A sender IUT: its first copy is the message as it was sent.
    known->sent = header;
    known->sent_bytes = item.frame->bytes;
    known->first_sent_ms = item.at_ms;
  }
  known->last_attempt_sent = std::max(known->last_attempt_sent, header.attempt());
}

void MessageBook::Keep(const std::string& name, const Item& item) { kept_[name] = item; }

const Item* MessageBook::Kept(const std::string& name) const {
  const auto found = kept_.find(name);
  return found == kept_.end() ? nullptr : &found->second;
}

std::vector<std::string> MessageBook::Aliases() const {
  std::vector<std::string> aliases;
  for (const auto& [alias, known] : known_) {
    aliases.push_back(alias);
  }
  return aliases;
}

std::optional<std::string> MessageBook::Lookup(const std::string& name,
                                               const std::string& path) const {
  if (const Item* kept = Kept(name)) {
    const FieldValue value = ReadSubject(*kept, path);
    return value.values.empty() ? std::nullopt : std::optional(value.values.front());
  }
  const Known* known = Find(name);
  if (known == nullptr) {
    return std::nullopt;
  }
  if (path == "message_id") {
    return known->message_id;
  }
  if (path == "idempotency_key") {
    return known->key.empty() ? known->message_id : known->key;
  }
  if (known->sent) {
    const FieldValue value = ReadField(*known->sent, path);
    return value.values.empty() ? std::nullopt : std::optional(value.values.front());
  }
  return std::nullopt;
}

std::string MessageBook::Expand(const std::string& text) const {
  if (text.find('$') == std::string::npos) {
    return text;
  }
  const auto expanded =
      scenario::ExpandReferences(text, [this](const std::string& name, const std::string& path) {
        return std::optional(Lookup(name, path).value_or("(no value)"));
      });
  return expanded.value_or(text);
}

}  // namespace cmb::conformance::engine
