#include "conformance/scenario/terms.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

void Wrong(const Where& where, const std::string& sentence, Report& report) {
  report.Error(where, ErrorNumber::kWord, sentence);
}

// ---------------------------------------------------------------- transitions

std::size_t ArrowLength(std::string_view text, std::size_t at) {
  constexpr std::string_view kAscii = "->";
  constexpr std::string_view kUnicode = "\u2192";
  const std::string_view rest = text.substr(at);
  return rest.starts_with(kAscii)     ? kAscii.size()
         : rest.starts_with(kUnicode) ? kUnicode.size()
                                      : 0;
}

std::size_t FindArrow(std::string_view text) {
  return std::min(text.find("->"), text.find("\u2192"));
}

std::optional<Term> ParseTransition(const Node& node, std::size_t arrow, Report& report) {
  const std::string_view text = node.text;
  std::string_view after = Trim(text.substr(arrow + ArrowLength(text, arrow)));
  std::string_view reason;
  const std::size_t open = after.find('(');
  if (open != std::string_view::npos) {
    if (after.back() != ')') {
      Wrong(node.where, "a transition is written OLD -> NEW (REASON)", report);
      return std::nullopt;
    }
    reason = Trim(after.substr(open + 1, after.size() - open - 2));
    after = Trim(after.substr(0, open));
  }
  Term term;
  term.kind = Term::Kind::kTransition;
  const auto old_state =
      ParseWordAt<words::State>(node.where, Trim(text.substr(0, arrow)), "state", report);
  const auto new_state = ParseWordAt<words::State>(node.where, after, "state", report);
  if (open != std::string_view::npos) {
    term.reason = ParseWordAt<words::Reason>(node.where, reason, "reason", report);
  }
  if (!old_state || !new_state || (open != std::string_view::npos && !term.reason)) {
    return std::nullopt;
  }
  term.old_state = *old_state;
  term.new_state = *new_state;
  return term;
}

// ---------------------------------------------------------------- control records

std::optional<Term> ParseAnomaly(const Node& node, Report& report) {
  const std::string_view name = Trim(std::string_view(node.text).substr(sizeof("anomaly") - 1));
  const auto kind = ParseWordAt<words::AnomalyKind>(node.where, name, "anomaly", report);
  if (!kind) {
    return std::nullopt;
  }
  Term term;
  term.kind = Term::Kind::kAnomaly;
  term.anomaly = *kind;
  return term;
}

std::optional<Term> AlertTerm(std::string_view text) {
  Term term;
  term.kind = Term::Kind::kAlert;
  if (text == "alert") {
    term.alert = words::ALERT_STATE_RAISED;
  } else if (text == "alert resolved") {
    term.alert = words::ALERT_STATE_RESOLVED;
  } else if (text == "alert updated") {
    term.alert = words::ALERT_STATE_UPDATED;
  } else {
    return std::nullopt;
  }
  return term;
}

std::optional<Term> PlainTerm(std::string_view text) {
  constexpr std::pair<std::string_view, Term::Kind> kPlain[] = {
      {"MESSAGE", Term::Kind::kMessage},     {"PING", Term::Kind::kPing},
      {"PONG", Term::Kind::kPong},           {"REPLY", Term::Kind::kReply},
      {"execution", Term::Kind::kExecution}, {"any", Term::Kind::kAny}};
  for (const auto& [word, kind] : kPlain) {
    if (word == text) {
      Term term;
      term.kind = kind;
      return term;
    }
  }
  return std::nullopt;
}

std::vector<std::string> KnownTerms() {
  std::vector<std::string> known = {"MESSAGE", "PING",    "PONG", "REPLY",          "alert",
                                    "nothing", "anomaly", "any",  "alert resolved", "execution"};
  for (const std::string& word : wire::AllWords<words::AckType>()) {
    known.push_back(word);
  }
  return known;
}

// ---------------------------------------------------------------- ACKs

std::string StatusList(words::AckType type) {
  std::string out;
  for (const words::Status status : StatusesOf(type)) {
    out += (out.empty() ? "" : ", ") + wire::Word(status);
  }
  return out;
}

// What a type without a written status means.
std::optional<words::Status> BareStatus(words::AckType type, TermUse use) {
  if (use == TermUse::kNever || use == TermUse::kFault) {
    return std::nullopt;
  }
  return StatusesOf(type).front();
}

bool MayBeBare(words::AckType type, TermUse use) {
  return use == TermUse::kNever || use == TermUse::kFault || type == words::ACK_TYPE_RECEIPT ||
         StatusesOf(type).size() == 1;
}

bool ParseStatus(const Node& node, std::string_view word, bool written, TermUse use, Term& term,
                 Report& report) {
  const std::string type = wire::Word(term.ack_type);
  if (!written) {
    if (!MayBeBare(term.ack_type, use)) {
      Wrong(node.where,
            type + " needs a status: one of " + StatusList(term.ack_type) +
                (use == TermUse::kExpect ? ", any" : ""),
            report);
      return false;
    }
    term.status = BareStatus(term.ack_type, use);
    return true;
  }
  if (word == "any" && use != TermUse::kAct) {
    return true;
  }
  const auto status = ParseWordAt<words::Status>(node.where, word, "status", report);
  if (!status) {
    return false;
  }
  const auto legal = StatusesOf(term.ack_type);
  if (std::find(legal.begin(), legal.end(), *status) == legal.end()) {
    const bool none = term.ack_type == words::ACK_TYPE_CANCEL;
    Wrong(node.where,
          type + " has no status " + std::string(word) +
              (none ? "; it has none at all" : "; it has " + StatusList(term.ack_type)),
          report);
    return false;
  }
  term.status = status;
  return true;
}

// An ACK of these kinds without a code would be no frame of the protocol.
void FillCode(Term& term) {
  if (term.code || !term.status) {
    return;
  }
  if (term.ack_type == words::ACK_TYPE_TIMEOUT) {
    term.code = words::ERROR_CODE_ACK_TIMEOUT;
  } else if (*term.status == words::STATUS_FAILURE || *term.status == words::STATUS_REJECTED) {
    term.code = words::ERROR_CODE_INTERNAL_ERROR;
  }
}

// What is wrong with a term that begins with `head`.
std::string NoTerm(const std::string& text, std::string_view head) {
  const auto known = KnownTerms();
  if (std::find(known.begin(), known.end(), head) == known.end()) {
    return UnknownWord(head, "term", known);
  }
  const std::string why = head == "alert"     ? "alert stands alone, or before resolved or updated"
                          : head == "anomaly" ? "behind anomaly stands its kind"
                          : head == "nothing"
                              ? "expect: nothing says that nothing came"
                              : std::string(head) + " stands alone; of: m1 says what it is about";
  return "'" + text + "' is no term: " + why;
}

std::optional<Term> ParseAck(const Node& node, TermUse use, Report& report) {
  const std::string_view text = Trim(node.text);
  const std::size_t space = text.find(' ');
  const std::string_view head = text.substr(0, space);
  const std::size_t slash = head.find('/');
  const auto type = wire::ParseWord<words::AckType>(head.substr(0, slash));
  if (!type || wire::Word(*type) != head.substr(0, slash)) {
    Wrong(node.where, NoTerm(node.text, head.substr(0, slash)), report);
    return std::nullopt;
  }
  Term term;
  term.kind = Term::Kind::kAck;
  term.ack_type = *type;
  const bool written = slash != std::string_view::npos;
  const std::string_view status = written ? head.substr(slash + 1) : std::string_view();
  if (!ParseStatus(node, status, written, use, term, report)) {
    return std::nullopt;
  }
  if (space != std::string_view::npos) {
    const std::string_view code = Trim(text.substr(space));
    term.code = ParseWordAt<words::ErrorCode>(node.where, code, "error code", report);
    if (!term.code) {
      return std::nullopt;
    }
  }
  if (use == TermUse::kAct) {
    FillCode(term);
  }
  return term;
}

// ---------------------------------------------------------------- where it may stand

bool Fits(const Node& node, const Term& term, TermUse use, Report& report) {
  const bool is_ping = term.kind == Term::Kind::kPing || term.kind == Term::Kind::kPong;
  const bool is_frame = term.kind == Term::Kind::kMessage || term.kind == Term::Kind::kAck ||
                        term.kind == Term::Kind::kReply || is_ping;
  std::string sentence;
  if (use == TermUse::kAct && term.kind != Term::Kind::kAck) {
    sentence = "'" + node.text + "' is no ACK; ack sends only ACKs";
  } else if (use == TermUse::kExpect && term.kind == Term::Kind::kAny) {
    sentence = "'any' stands only in never and in faults";
  } else if (use == TermUse::kFault && is_ping) {
    sentence = "a fault never touches " + node.text + ", so that barriers stay proofs";
  } else if (use == TermUse::kFault && !is_frame && term.kind != Term::Kind::kAny) {
    sentence = "'" + node.text + "' is no frame; a fault takes frames";
  } else {
    return true;
  }
  Wrong(node.where, sentence, report);
  return false;
}

std::optional<Term> ParseAnyTerm(const Node& node, TermUse use, Report& report) {
  const std::size_t arrow = FindArrow(node.text);
  if (arrow != std::string::npos) {
    return ParseTransition(node, arrow, report);
  }
  if (node.text.starts_with("anomaly ")) {
    return ParseAnomaly(node, report);
  }
  if (const auto alert = AlertTerm(node.text)) {
    return alert;
  }
  if (const auto plain = PlainTerm(node.text)) {
    return plain;
  }
  if (node.text == "ACK" && (use == TermUse::kExpect || use == TermUse::kNever)) {
    Term unknown;  // Whichever: `fields` may say more.
    unknown.kind = Term::Kind::kAck;
    return unknown;
  }
  return ParseAck(node, use, report);
}

}  // namespace

std::optional<Term> ParseTerm(const Node& node, TermUse use, Report& report) {
  if (!RequireScalar(node, "a term such as ROUTER_ACK/SUCCESS", report)) {
    return std::nullopt;
  }
  auto term = ParseAnyTerm(node, use, report);
  if (!term || !Fits(node, *term, use, report)) {
    return std::nullopt;
  }
  term->text = node.text;
  return term;
}

}  // namespace cmb::conformance::scenario
