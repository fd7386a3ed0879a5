#include "conformance/engine/item_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/engine/facts.h"
#include "conformance/engine/frame_compare.h"
#include "conformance/engine/term_match.h"
#include "conformance/scenario/default_blame.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Expectation;
using scenario::FieldMatch;
using scenario::Matcher;
using scenario::PayloadMatch;

// One field of an expectation: its name, the path it is read from, its matcher.
struct Named {
  const char* name;
  std::string path;
  const std::optional<Matcher>& matcher;
};

std::vector<Named> NamedFields(const Expectation& what, const Item& item) {
  const bool ack = item.IsFrame() && item.frame && item.frame->header.has_ack();
  const bool alert = item.event && item.event->has_alert();
  const std::string in_ack = ack ? "ack." : "";
  return {{"attempt", in_ack + "attempt", what.attempt},
          {"ttl", "ttl_ms", what.ttl},
          {"percent", in_ack + "percent", what.percent},
          {"hold", in_ack + "hold_ms", what.hold},
          {"text", alert ? "text" : in_ack + "note", what.text}};
}

std::string DifferenceLine(const std::string& name, const std::string& want,
                           const std::string& got) {
  return fmt::format("{}: want {}, got {}", name, want, got);
}

}  // namespace

ItemJudge::ItemJudge(const scenario::Case& scenario, const MessageBook& book)
    : scenario_(scenario), book_(book) {}

Expand ItemJudge::expand() const {
  return [this](const std::string& text) { return book_.Expand(text); };
}

bool ItemJudge::IsOf(const std::string& alias, const Item& item) const {
  const Known* owner = book_.Owner(item.message_id, item.source);
  if (owner == nullptr) {
    return false;
  }
  if (owner->alias == alias) {
    return true;
  }
  // Two messages with one id, and an item that does not say whose it is.
  const Known* wanted = book_.Find(alias);
  return wanted != nullptr && wanted->message_id == item.message_id &&
         (item.source.empty() || item.source == wanted->source);
}

bool ItemJudge::ReachedReceiver(const std::string& module, const Item& item) const {
  if (module.empty() || !item.IsFrame()) {
    return true;
  }
  if (scenario_.role == ack::v1::ROLE_ROUTER) {
    return item.peer == RoutingId(module);
  }
  // All that an endpoint sends goes to the router; the header says for whom.
  if (module == "router" || !item.frame) {
    return module == "router";
  }
  const auto& targets = item.frame->header.targets();
  return std::find(targets.begin(), targets.end(), RoutingId(module)) != targets.end();
}

std::string ItemJudge::DefaultReceiver(const std::string& alias, const Item& item) const {
  const Known* known = book_.Find(alias);
  if (scenario_.role != ack::v1::ROLE_ROUTER || known == nullptr || !item.IsFrame()) {
    return "";
  }
  const bool to_target = item.kind == ItemKind::kMessage || item.kind == ItemKind::kCancel;
  if (to_target) {
    return ModuleOf(known->target);
  }
  // The connection it came by, whatever its header claims.
  return known->fields != nullptr ? known->fields->from : ModuleOf(known->source);
}

bool ItemJudge::Selects(const Expectation& what, const std::string& alias, const Item& item) const {
  return SameKind(what.term, item) && (alias.empty() || IsOf(alias, item)) &&
         ReachedReceiver(what.to.empty() ? DefaultReceiver(alias, item) : what.to, item);
}

FieldValue ItemJudge::Field(const Item& item, const std::string& path) const {
  return ReadSubject(item, path);
}

void ItemJudge::ComparePayload(const PayloadMatch& match, const Item& item,
                               std::vector<std::string>& lines) const {
  const std::string& payload = item.frame->payload;
  switch (match.kind) {
    case PayloadMatch::Kind::kMatcher:
      if (!Matches(match.matcher, payload, expand())) {
        lines.push_back(DifferenceLine("payload", Describe(match.matcher, expand()), payload));
      }
      return;
    case PayloadMatch::Kind::kSize:
      if (payload.size() != match.size) {
        lines.push_back(DifferenceLine("payload size", std::to_string(match.size),
                                       std::to_string(payload.size())));
      }
      return;
    case PayloadMatch::Kind::kSame: {
      const Known* owner = book_.Owner(item.message_id, item.source);
      if (owner == nullptr || owner->payload != payload) {
        lines.push_back(fmt::format(
            "payload: want the {} bytes that were sent, got {} bytes{}",
            owner == nullptr ? 0 : owner->payload.size(), payload.size(),
            owner != nullptr && owner->payload.size() == payload.size() ? ", others" : ""));
      }
      return;
    }
  }
}

void ItemJudge::CompareWhole(const Expectation& what, const Item& item,
                             std::vector<std::string>& lines) const {
  if (what.payload) {
    ComparePayload(*what.payload, item, lines);
  }
  if (what.same_as) {
    const std::string difference =
        CompareFrames(what.same_as->name, item, what.same_as->except, book_);
    if (!difference.empty()) {
      lines.push_back(fmt::format("not the same as {}: {}", what.same_as->name, difference));
    }
  }
  if (!what.same_bytes_as.empty()) {
    const std::string difference = CompareBytes(what.same_bytes_as, item, book_);
    if (!difference.empty()) {
      lines.push_back(fmt::format("not the bytes of {}: {}", what.same_bytes_as, difference));
    }
  }
}

std::vector<std::string> ItemJudge::Differences(const Expectation& what, const Item& item) const {
  std::vector<std::string> lines;
  if (!Agrees(what.term, item)) {
    lines.push_back("it is another " + std::string(item.IsFrame() ? "answer" : "event"));
  }
  if (!what.on.empty() && item.socket != what.on) {
    lines.push_back(DifferenceLine("on", what.on, item.socket));
  }
  for (const Named& named : NamedFields(what, item)) {
    const FieldValue value = named.matcher ? Field(item, named.path) : FieldValue{};
    if (named.matcher && !Matches(*named.matcher, value, expand())) {
      lines.push_back(DifferenceLine(named.name, Describe(*named.matcher, expand()), value.Text()));
    }
  }
  for (const FieldMatch& match : what.fields) {
    const FieldValue value = Field(item, match.path);
    if (!Matches(match.matcher, value, expand())) {
      lines.push_back(DifferenceLine(match.path, Describe(match.matcher, expand()), value.Text()));
    }
  }
  if (what.batched && item.batched != *what.batched) {
    lines.push_back(DifferenceLine("batched", *what.batched ? "true" : "false",
                                   item.batched ? "true" : "false"));
  }
  if (item.frame) {
    CompareWhole(what, item, lines);
  }
  return lines;
}

bool ItemJudge::AgreesWithAllWritten(const Expectation& what, const Item& item) const {
  const bool of =
      what.of.empty() || std::any_of(what.of.begin(), what.of.end(),
                                     [&](const std::string& alias) { return IsOf(alias, item); });
  return of && SameKind(what.term, item) && ReachedReceiver(what.to, item) &&
         Differences(what, item).empty();
}

std::string ItemJudge::Want(const Expectation& what, const std::string& alias) const {
  std::string text = what.term.text;
  if (!alias.empty()) {
    text += " of " + alias;
  }
  if (!what.to.empty()) {
    text += ", to " + what.to;
  }
  if (!what.on.empty()) {
    text += ", on " + what.on;
  }
  for (const Named& named : NamedFields(what, Item{})) {
    if (named.matcher) {
      text += fmt::format(", {} {}", named.name, Describe(*named.matcher, expand()));
    }
  }
  for (const FieldMatch& match : what.fields) {
    text += fmt::format(", {}: {}", match.path, Describe(match.matcher, expand()));
  }
  if (what.payload) {
    text += what.payload->kind == PayloadMatch::Kind::kSame ? ", payload as it was sent"
                                                            : ", payload as written";
  }
  if (what.same_as) {
    text += ", same as " + what.same_as->name;
    text += what.same_as->except.empty()
                ? ""
                : fmt::format(" except [{}]", fmt::join(what.same_as->except, ", "));
  }
  if (!what.same_bytes_as.empty()) {
    text += ", same bytes as " + what.same_bytes_as;
  }
  return text;
}

std::string ItemJudge::Row(const scenario::Expectation& what, bool again) const {
  return scenario::RowOf(scenario_.role, what, again, scenario_.requirements);
}

std::string ItemJudge::RowOfTime(const scenario::Expectation& what) const {
  return scenario::RowOfTime(scenario_.role, what);
}

std::string ItemJudge::RowOfMove(ack::v1::State from, ack::v1::State to,
                                 ack::v1::Reason reason) const {
  const bool first = from == ack::v1::STATE_UNSPECIFIED;
  const bool onward =
      first || from == ack::v1::STATE_FORWARDING || !IsInFlight(to, scenario_.role) || to > from;
  return onward && (first || IsInFlight(from, scenario_.role))
             ? scenario::RowOfMove(scenario_.role, from, to, reason)
             : "";
}

}  // namespace cmb::conformance::engine
