// expect, never, in_order, one_of (scenario language, section 4).
#include <algorithm>
#include <set>
#include <utility>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/field_paths.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/terms.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

// Whether a term without `of` is about the one message there is.
bool TakesTheOnlyMessage(const Term& term) {
  return term.kind == Term::Kind::kMessage || term.kind == Term::Kind::kAck ||
         term.kind == Term::Kind::kTransition || term.kind == Term::Kind::kAlert ||
         term.kind == Term::Kind::kExecution;
}

}  // namespace

std::optional<Step::Action> Builder::BuildObservation(const std::string& verb, const Node& node,
                                                      Place place) {
  if (verb == "expect") {
    return BuildExpect(node, place);
  }
  if (verb == "never") {
    return BuildNever(node, place);
  }
  if (verb == "in_order") {
    return BuildInOrder(node);
  }
  if (verb == "one_of") {
    return BuildOneOf(node);
  }
  return verb == "check" ? BuildCheck(node) : std::nullopt;
}

std::optional<Expectation> Builder::BuildExpectation(const Node& node, const Node& term_node,
                                                     bool is_never) {
  Expectation what;
  what.where = node.where;
  what.source_text = FlowText(node);
  const auto term = ParseTerm(term_node, is_never ? TermUse::kNever : TermUse::kExpect, report_);
  if (!term) {
    return std::nullopt;
  }
  what.term = *term;
  if (term->kind == Term::Kind::kTransition) {
    const bool known = CheckState(term_node.where, term->old_state) &&
                       CheckState(term_node.where, term->new_state);
    if (known && !is_never) {
      CheckMove(term_node.where, *term);
    }
  }
  if (const Node* of = node.Find("of")) {
    what.of = Declared(*of);
  } else if (!is_never && TakesTheOnlyMessage(*term)) {
    what.of = OfOrOnly(node);
  }
  what.to = Module(node, "to", "");
  what.on = Socket(node);
  if (!is_never) {
    CheckWay(node, what);
  }
  if (const Node* link = node.Find("link")) {
    Error(link->where, ErrorNumber::kRole,
          "link tells the links of role system apart; here there is one");
  }
  BuildExpectationFields(node, is_never, what);
  BuildSameness(node, what);
  KeepFrame(node, what);
  return what;
}

void Builder::BuildExpectationFields(const Node& node, bool is_never, Expectation& what) {
  const auto match = [&](const char* key, Type type, std::optional<Matcher>& field) {
    if (const Node* value = node.Find(key)) {
      field = ParseMatcher(*value, type, report_);
      if (!HasNamedField(what.term.kind, key)) {
        Error(value->where, ErrorNumber::kSense,
              "'" + what.term.text + "' has no " + key + ", whoever makes it");
      }
    }
  };
  match("attempt", Type::kMatchCount, what.attempt);
  if (what.attempt && !is_never) {
    CheckAttempt(*node.Find("attempt"), what);
  }
  match("ttl", Type::kMatchDuration, what.ttl);
  match("percent", Type::kMatchCount, what.percent);
  match("hold", Type::kMatchDuration, what.hold);
  match("text", Type::kMatchText, what.text);
  if (const Node* payload = node.Find("payload")) {
    what.payload = ParsePayloadMatch(*payload, report_);
  }
  if (const Node* batched = node.Find("batched")) {
    what.batched = ParseBool(*batched, report_);
  }
  if (const Node* fields = node.Find("fields")) {
    what.fields = ParseFields(*fields, what.term.kind, report_);
  }
}

void Builder::BuildSameness(const Node& node, Expectation& what) {
  const auto known = [&](const Node& name) {
    const auto kind = names_.Find(name.text);
    if (kind == Names::Kind::kFrame || kind == Names::Kind::kMessage) {
      return;
    }
    const bool later = !kind && later_names_.contains(name.text);
    Error(name.where, ErrorNumber::kName,
          later ? name.text + " is used before its as"
                : UnknownWord(name.text, "kept frame or message", names_.All()));
  };
  const Node* except = node.Find("except");
  if (const Node* same = node.Find("same_as")) {
    known(*same);
    what.same_as = SameAs{same->text, {}};
    for (const Node& path : except == nullptr ? std::vector<Node>() : except->items) {
      FindField(path.where, path.text, what.term.kind, report_);
      what.same_as->except.push_back(path.text);
    }
  } else if (except != nullptr) {
    Error(except->where, ErrorNumber::kShape, "except stands only beside same_as");
  }
  if (const Node* bytes = node.Find("same_bytes_as")) {
    known(*bytes);
    what.same_bytes_as = bytes->text;
  }
}

void Builder::KeepFrame(const Node& node, Expectation& what) {
  const Node* as = node.Find("as");
  if (as == nullptr) {
    return;
  }
  what.as = as->text;
  if (what.of.size() > 1) {
    Error(as->where, ErrorNumber::kName,
          "as keeps one frame, and this step expects " + std::to_string(what.of.size()));
  }
  if (!IsFrame(what.term)) {
    Error(as->where, ErrorNumber::kName, "as keeps frames, and '" + what.term.text + "' is none");
  }
  frame_kinds_[as->text] = what.term.kind;
  names_.Declare(as->text, Names::Kind::kFrame, as->where, report_);
}

std::optional<Step::Action> Builder::BuildExpect(const Node& node, Place place) {
  const Node& term = *node.Find("expect");
  const Node* in = node.Find("in");
  const Node* during = node.Find("for");
  if (place == Place::kBranch && (in != nullptr || during != nullptr)) {
    Error((in != nullptr ? in : during)->where, ErrorNumber::kSense,
          "a branch cannot move the clock: it could not be taken back");
  }
  if (term.IsScalar() && term.text == "nothing") {
    CheckKeysFit(node, {"expect", "for", "req", "when", "note", "level"}, "expect: nothing");
    ExpectNothing nothing;
    if (during != nullptr) {
      nothing.during = ParseDuration(*during, report_);
    }
    return nothing;
  }
  if (during != nullptr) {
    Error(during->where, ErrorNumber::kShape,
          "for stands beside expect: nothing and never; a time to wait for something is in");
  }
  auto what = BuildExpectation(node, term, false);
  if (!what) {
    return std::nullopt;
  }
  Expect expect{std::move(*what), std::nullopt};
  if (in != nullptr) {
    expect.in = ParseDurationRange(*in, report_);
  }
  return expect;
}

std::optional<Step::Action> Builder::BuildNever(const Node& node, Place place) {
  const Node* during = node.Find("for");
  if (place == Place::kBranch && during != nullptr) {
    Error(during->where, ErrorNumber::kSense,
          "a branch cannot move the clock: it could not be taken back");
  }
  auto what = BuildExpectation(node, *node.Find("never"), true);
  if (!what) {
    return std::nullopt;
  }
  Never never{std::move(*what), std::nullopt};
  if (during != nullptr) {
    never.during = ParseDuration(*during, report_);
    if (never.during == Milliseconds(0)) {
      Error(during->where, ErrorNumber::kSense,
            "in no time nothing can happen: write a longer for, or leave it out");
    }
  }
  return never;
}

std::optional<Step::Action> Builder::BuildInOrder(const Node& node) {
  InOrder order;
  for (const Node& member : node.Find("in_order")->items) {
    const Node* term = member.Find("expect");
    if (term == nullptr || (term->IsScalar() && term->text == "nothing")) {
      Error(member.where, ErrorNumber::kSense, "in_order is a list of expect with a term");
      continue;
    }
    for (const char* key : {"in", "for"}) {
      if (const Node* move = member.Find(key)) {
        Error(move->where, ErrorNumber::kSense,
              "a member of in_order cannot move the clock; write advance before it");
      }
    }
    for (const char* key : {"req", "level", "when"}) {
      if (const Node* beside = member.Find(key)) {
        Error(beside->where, ErrorNumber::kShape,
              std::string(key) + " stands beside in_order, not beside its members");
      }
    }
    if (auto what = BuildExpectation(member, *term, false)) {
      order.members.push_back(std::move(*what));
    }
  }
  CheckOneSocket(node, order);
  return order;
}

// The order of two sockets cannot be observed.
void Builder::CheckOneSocket(const Node& node, const InOrder& order) {
  std::set<std::string> paths;
  for (const Expectation& member : order.members) {
    if (!IsFrame(member.term) && member.term.kind != Term::Kind::kTransition) {
      Error(member.where, ErrorNumber::kSense,
            "in_order orders frames of one socket, or transitions; '" + member.term.text +
                "' is neither");
      return;
    }
    for (const std::string& alias : member.of) {
      const auto message = case_.messages.find(alias);
      const Message one = message == case_.messages.end() ? Message{} : message->second;
      paths.insert(PathOf(case_.role, member, one));
    }
  }
  if (paths.size() > 1) {
    std::string list;
    for (const std::string& path : paths) {
      list += (list.empty() ? "" : ", ") + path;
    }
    Error(node.where, ErrorNumber::kSense,
          "in_order across sockets or receivers (" + list + "): their order cannot be observed");
  }
}

std::optional<Step::Action> Builder::BuildOneOf(const Node& node) {
  const Node& choice = *node.Find("one_of");
  OneOf one_of;
  one_of.choice = choice.text;
  const auto registered = knowledge_.choices.find(choice.text);
  if (registered == knowledge_.choices.end()) {
    std::vector<std::string> known;
    for (const auto& [id, labels] : knowledge_.choices) {
      known.push_back(id);
    }
    Error(choice.where, ErrorNumber::kRequirement, UnknownWord(choice.text, "choice", known));
  }
  for (const Entry& entry : node.Find("branches")->entries) {
    const bool any_label = registered == knowledge_.choices.end() || registered->second.empty();
    const auto& labels = any_label ? std::vector<std::string>{entry.key.text} : registered->second;
    if (std::find(labels.begin(), labels.end(), entry.key.text) == labels.end()) {
      Error(entry.key.where, ErrorNumber::kRequirement,
            UnknownWord(entry.key.text, "branch of " + choice.text, labels));
    }
    Branch branch;
    branch.label = entry.key.text;
    branch.where = entry.key.where;
    branch.observations = BuildSteps(entry.value, Place::kBranch);
    one_of.branches.push_back(std::move(branch));
  }
  return one_of;
}

}  // namespace cmb::conformance::scenario
