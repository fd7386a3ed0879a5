// Faults (scenario language, section 6).
#include <algorithm>

#include "conformance/scenario/builder.h"
#include "conformance/scenario/matchers.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/shape.h"
#include "conformance/scenario/terms.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

Fault::Kind KindOf(std::string_view verb) {
  return verb == "delay"       ? Fault::Kind::kDelay
         : verb == "duplicate" ? Fault::Kind::kDuplicate
         : verb == "reorder"   ? Fault::Kind::kReorder
         : verb == "corrupt"   ? Fault::Kind::kCorrupt
         : verb == "slow"      ? Fault::Kind::kSlow
                               : Fault::Kind::kDrop;
}

// Whether a case of this role has a link that carries the kind.
bool Carries(words::Role role, const Term& term) {
  return (role != words::ROLE_SENDER || CrossesSenderLink(term)) &&
         (role != words::ROLE_TARGET || CrossesTargetLink(term));
}

}  // namespace

void Builder::BuildFaults(const Node& faults) {
  case_.well_behaved = true;
  for (const Node& node : faults.items) {
    CheckReferences(node);
    if (auto fault = BuildFault(node)) {
      case_.faults.push_back(std::move(*fault));
    }
  }
}

std::optional<Fault> Builder::BuildFault(const Node& node) {
  const Verb* verb = VerbOf(node, FaultVerbs());
  if (verb == nullptr) {
    return std::nullopt;
  }
  Fault fault;
  fault.kind = KindOf(verb->name);
  fault.where = node.where;
  fault.source_text = FlowText(node);
  const Node& frames = *node.Find(verb->name);
  const std::vector<Node> single{frames};
  for (const Node& item : frames.IsSequence() ? frames.items : single) {
    if (const auto term = ParseTerm(item, TermUse::kFault, report_)) {
      fault.frames.push_back(*term);
    }
  }
  if (const Node* by = node.Find("by")) {
    fault.by = ParseDurationRange(*by, report_).value_or(DurationRange{});
  }
  if (const Node* copies = node.Find("copies")) {
    constexpr std::uint64_t kMostCopies = 100;
    fault.copies =
        static_cast<std::uint32_t>(ParseCount(*copies, report_, kMostCopies).value_or(0));
    if (fault.copies < 2) {
      Error(copies->where, ErrorNumber::kScalar, "copies counts all of them: at least 2");
    }
  }
  if (const Node* how = node.Find("how")) {
    fault.how = ParseHarm(*how, report_);
  }
  BuildSelectors(node, fault);
  BuildPace(node, fault);
  CheckLink(node, fault);
  return fault;
}

// Of a slow reader.
void Builder::BuildPace(const Node& node, Fault& fault) {
  if (const Node* each = node.Find("each")) {
    fault.each = ParseDuration(*each, report_).value_or(Milliseconds(1));
    if (*fault.each == Milliseconds(0)) {
      Error(each->where, ErrorNumber::kScalar,
            "a reader that is slow takes time: each: 1ms at least");
    }
  } else if (fault.kind == Fault::Kind::kSlow && !fault.during) {
    Error(node.where, ErrorNumber::kSense,
          "a reader that never reads again is a drop: write each: T, or during: A..B");
  }
}

void Builder::BuildSelectors(const Node& node, Fault& fault) {
  if (const Node* of = node.Find("of")) {
    // The steps that declare it come later.
    fault.of = ParseAliases(*of, report_).value_or(std::vector<std::string>{});
    for (const std::string& alias : fault.of) {
      if (!names_.Find(alias) && !later_names_.contains(alias)) {
        Error(of->where, ErrorNumber::kName, "the message " + alias + " is declared nowhere");
      }
    }
  }
  for (const auto& [key, field] :
       {std::pair("attempt", &fault.attempt), std::pair("nth", &fault.nth)}) {
    const Node* value = node.Find(key);
    if (value == nullptr) {
      continue;
    }
    *field = ParseCountRange(*value, report_);
    if (*field && (*field)->low == 0) {
      Error(value->where, ErrorNumber::kScalar, std::string(key) + " counts from 1");
    }
  }
  fault.link = Module(node, "link", "");
  fault.toward = Module(node, "toward", "");
  fault.router = Module(node, "router", "");
  if (!fault.router.empty() && fault.router != "router" && fault.router != kSecondRouter) {
    Error(node.Find("router")->where, ErrorNumber::kModule, fault.router + " is no router");
  }
  if (const Node* during = node.Find("during")) {
    fault.during = ParseDurationRange(*during, report_);
  }
}

void Builder::CheckLink(const Node& node, const Fault& fault) {
  const Node* link = node.Find("link");
  if (link != nullptr && fault.link == "router") {
    Error(link->where, ErrorNumber::kRole, "a link is named by the module at its other end");
  }
  if (case_.is_system) {
    return;  // It has every link, and a fault without one is on all.
  }
  const bool sender_only = case_.role == words::ROLE_SENDER && fault.link == "target";
  const bool target_only = case_.role == words::ROLE_TARGET && fault.link == "sender";
  if (sender_only || target_only) {
    Error(link->where, ErrorNumber::kRole,
          "a case of this role has no link " + fault.link + "; the suite plays both its ends");
  }
  for (const Term& term : fault.frames) {
    if (!Carries(case_.role, term)) {
      Error(node.where, ErrorNumber::kRole,
            "a case of this role never carries " + term.text + " on its link");
    }
    const bool both = CrossesSenderLink(term) && CrossesTargetLink(term);
    if (case_.role == words::ROLE_ROUTER && both && term.kind != Term::Kind::kAny &&
        link == nullptr) {
      Error(node.where, ErrorNumber::kRole,
            "link is missing: " + term.text + " crosses both links (sender, target)");
    }
  }
}

}  // namespace cmb::conformance::scenario
