#include "conformance/scenario/vocabulary.h"

#include <algorithm>
#include <cctype>

#include "conformance/scenario/scalars.h"
#include "proto/wire/profiles.h"

namespace cmb::conformance::scenario {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

template <class Enum>
std::vector<std::string> LowerWords() {
  std::vector<std::string> all;
  for (const std::string& word : wire::AllWords<Enum>()) {
    all.push_back(Lower(word));
  }
  return all;
}

bool Contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string UnknownWord(std::string_view word, std::string_view what,
                        const std::vector<std::string>& known) {
  return "'" + std::string(word) + "' is no " + std::string(what) + Suggestion(word, known);
}

bool IsCodeNumber(std::string_view text) {
  constexpr std::uint64_t kLargest = 2'147'483'647;  // Of an enum.
  return WholeNumber(text).value_or(kLargest + 1) <= kLargest;
}

words::ErrorCode CodeOf(std::string_view text) {
  if (IsCodeNumber(text)) {
    return static_cast<words::ErrorCode>(*WholeNumber(text));
  }
  return wire::ParseWord<words::ErrorCode>(text).value_or(words::ERROR_CODE_UNSPECIFIED);
}

std::vector<words::Status> StatusesOf(words::AckType type) {
  switch (type) {
    case words::ACK_TYPE_ROUTER_ACK:
    case words::ACK_TYPE_RECEIPT:
      return {words::STATUS_SUCCESS, words::STATUS_REJECTED};
    case words::ACK_TYPE_DELIVERY_ACK:
      return {words::STATUS_SUCCESS, words::STATUS_FAILURE};
    case words::ACK_TYPE_EXECUTION_ACK:
      return {words::STATUS_SUCCESS, words::STATUS_FAILURE, words::STATUS_REJECTED,
              words::STATUS_IN_PROGRESS};
    case words::ACK_TYPE_PROGRESS_ACK:
      return {words::STATUS_IN_PROGRESS};
    case words::ACK_TYPE_TIMEOUT:
      return {words::STATUS_FAILURE};
    case words::ACK_TYPE_CANCEL:
      return {words::STATUS_UNSPECIFIED};
    case words::ACK_TYPE_UNSPECIFIED:
    case words::AckType_INT_MIN_SENTINEL_DO_NOT_USE_:
    case words::AckType_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return {};
}

std::string RoleName(words::Role role) {
  return role == words::ROLE_SENDER ? "sender" : role == words::ROLE_ROUTER ? "router" : "target";
}

std::vector<std::string> StatesOf(words::Role role) {
  if (role == words::ROLE_SENDER) {
    return {"IDLE",
            "SEND_PENDING",
            "ROUTED",
            "DELIVERED",
            "EXECUTING",
            "COMPLETED_SUCCESS",
            "COMPLETED_FAILURE",
            "TIMEOUT_ABORT"};
  }
  if (role == words::ROLE_ROUTER) {
    return {"FORWARDING", "DELIVERED", "SETTLED", "REJECTED", "DEAD_LETTERED", "CANCELLED"};
  }
  if (role == words::ROLE_TARGET) {
    return {"RECEIVED", "EXECUTING", "SUCCEEDED", "FAILED", "REJECTED", "CANCELLED"};
  }
  return wire::AllWords<words::State>();
}

std::vector<std::string> GivenStatesOf(words::Role role) {
  std::vector<std::string> states = StatesOf(role);
  // Where nothing was sent yet, or nothing has come, there is nothing to begin with.
  std::erase(states, "IDLE");
  std::erase(states, "RECEIVED");
  if (role == words::ROLE_ROUTER || role == words::ROLE_TARGET) {
    states.emplace_back("UNSENT");
  }
  return states;
}

std::vector<std::string> TimersOf(words::Role role) {
  std::vector<std::string> timers = {"ttl", "record_expiry", "heartbeat"};
  if (role == words::ROLE_SENDER) {
    timers.insert(timers.end(),
                  {"router_ack", "delivery_ack", "execution", "backoff", "cancel", "reconcile"});
  } else if (role == words::ROLE_ROUTER) {
    timers.insert(timers.end(), {"redelivery", "delivery_phase"});
  } else {
    timers.emplace_back("handler");
  }
  return timers;
}

std::optional<words::TimerKind> ParseTimerKind(const Where& where, std::string_view word,
                                               Report& report) {
  const auto kind = wire::ParseWord<words::TimerKind>(Upper(word));
  if (kind && Lower(wire::Word(*kind)) == word) {
    return kind;
  }
  report.Error(where, ErrorNumber::kWord,
               UnknownWord(word, "timer", LowerWords<words::TimerKind>()));
  return std::nullopt;
}

bool CheckFeature(const Where& where, std::string_view word, Report& report) {
  std::vector<std::string> known = LowerWords<words::Feature>();
  for (const std::string& profile : wire::AllWords<words::Profile>()) {
    known.push_back(profile);
  }
  if (!Contains(known, word)) {
    report.Error(where, ErrorNumber::kRequirement, UnknownWord(word, "feature", known));
    return false;
  }
  return true;
}

bool ProfileContains(words::Profile profile, std::string_view word) {
  const auto other = wire::ParseWord<words::Profile>(word);
  return other && wire::Holds(profile, *other);
}

bool CrossesSenderLink(const Term& term) {
  return term.kind != Term::Kind::kAck || term.ack_type != words::ACK_TYPE_RECEIPT;
}

bool CrossesTargetLink(const Term& term) {
  return term.kind != Term::Kind::kAck || (term.ack_type != words::ACK_TYPE_ROUTER_ACK &&
                                           term.ack_type != words::ACK_TYPE_DELIVERY_ACK &&
                                           term.ack_type != words::ACK_TYPE_TIMEOUT);
}

}  // namespace cmb::conformance::scenario
